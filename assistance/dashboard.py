"""The figures of the dashboard: the needs a reader sees, by status and by pillar."""

from typing import Any

from django.db.models import Count
from django.urls import reverse

from assistance.access import policy
from assistance.needs.models import Need
from assistance.needs.queries import needs_by_status
from entities.actors import Actor
from entities.models import Pillar


def funnel(actor: Actor) -> list[dict[str, Any]]:
    """Return the number of needs this actor sees by status, each with a link to the list of them."""
    return [{**row, "url": f"{reverse('needs')}?status={row['status']}"} for row in needs_by_status(actor)]


def pillar_balance(actor: Actor) -> list[dict[str, Any]]:
    """Return the distribution over the four pillars of the needs this actor sees, in number and per cent."""
    found = dict(
        policy.visible(actor, Need).order_by().values("pillar").annotate(n=Count("pk")).values_list("pillar", "n")
    )
    whole = sum(found.values()) or 1
    return [
        {"label": str(pillar), "count": found.get(pillar.pk, 0), "share": round(100 * found.get(pillar.pk, 0) / whole)}
        for pillar in Pillar.objects.all()
    ]
