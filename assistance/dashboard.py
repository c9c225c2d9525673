"""The figures of the dashboard: the needs a reader sees, by status and by pillar."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from assistance.needs.coverage import spread
from assistance.needs.queries import count_needs
from entities.actors import Actor
from entities.models import Pillar


def figures(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Return the needs this actor sees: `funnel`, their number by status with a link to the list, and `pillars`."""
    counts = count_needs(actor)
    funnel = [{**row, "url": f"{reverse('needs')}?status={row['status']}"} for row in counts.by_status]
    return {"funnel": funnel, "pillars": by_pillar(counts.by_pillar)}


def by_pillar(numbers: Mapping[Any, int]) -> list[dict[str, Any]]:
    """Return the four pillars with the number of needs of each, and its share in whole per cent; they add up to 100."""
    pillars = list(Pillar.objects.all())
    counts = [numbers.get(pillar.pk, 0) for pillar in pillars]
    parts = spread(100, counts) if any(counts) else counts
    return [
        {"label": str(pillar), "count": count, "share": share}
        for pillar, count, share in zip(pillars, counts, parts, strict=True)
    ]
