"""The figures of the dashboard: how the needs a reader sees stand, and how they are spread over the pillars."""

from typing import Any

from django.db.models import Count
from django.urls import reverse

from assistance.access import policy
from assistance.needs.models import Need
from assistance.needs.queries import needs_by_status
from entities.actors import Actor
from entities.models import Pillar


def funnel(actor: Actor) -> list[dict[str, Any]]:
    """Return the needs this actor sees by status, each with the list it counts."""
    return [{**row, "url": f"{reverse('needs')}?status={row['status']}"} for row in needs_by_status(actor)]


def pillar_balance(actor: Actor) -> list[dict[str, Any]]:
    """Return how the needs this actor sees are spread over the four pillars, in number and per cent."""
    found = dict(
        policy.visible(actor, Need).order_by().values("pillar").annotate(n=Count("pk")).values_list("pillar", "n")
    )
    whole = sum(found.values()) or 1
    return [
        {"label": str(pillar), "count": found.get(pillar.pk, 0), "share": round(100 * found.get(pillar.pk, 0) / whole)}
        for pillar in Pillar.objects.all()
    ]
