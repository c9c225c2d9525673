"""The figures of the dashboard: the needs a reader sees, by status and by pillar."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse

from assistance.access import policy
from assistance.needs.coverage import spread
from assistance.needs.models import Need
from assistance.needs.queries import needs_by_status
from entities.actors import Actor
from entities.models import Pillar


def funnel(actor: Actor) -> list[dict[str, Any]]:
    """Return the number of needs this actor sees by status, each with a link to the list of them."""
    return [{**row, "url": f"{reverse('needs')}?status={row['status']}"} for row in needs_by_status(actor)]


def pillar_balance(actor: Actor) -> list[dict[str, Any]]:
    """Return the distribution over the four pillars of the needs this actor sees, in number and per cent."""
    return by_pillar(dict(policy.visible(actor, Need).order_by().values_list("pillar").annotate(Count("pk"))))


def by_pillar(numbers: Mapping[Any, int]) -> list[dict[str, Any]]:
    """Return the four pillars with the number of needs of each, and its share in whole per cent; they add up to 100."""
    pillars = list(Pillar.objects.all())
    counts = [numbers.get(pillar.pk, 0) for pillar in pillars]
    parts = spread(100, counts) if any(counts) else counts
    return [
        {"label": str(pillar), "count": count, "share": share}
        for pillar, count, share in zip(pillars, counts, parts, strict=True)
    ]
