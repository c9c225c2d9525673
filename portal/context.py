"""The template context of every page: menu, number of notifications, demonstration banner."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.inbox import bell
from assistance import registry
from assistance.access import policy
from entities.actors import Actor
from entities.impersonation import Viewing


@dataclass(frozen=True)
class Place:
    """One entry of the main menu."""

    url: str
    label: str | Promise
    current: bool


def menu(actor: Actor) -> list[tuple[str, str | Promise]]:
    """Return the menu entries of records and organizations for this actor: the name of the page and its label."""
    own = (one for one in registry.aggregates() if one.menu is not None and one.menu_for(actor))
    listed = sorted(own, key=lambda one: one.menu or 0)
    return [
        ("dashboard", pgettext_lazy("page", "Dashboard")),
        *((one.collection, one.label) for one in listed),
        ("states-map", _("Assistance by State")),
        ("organisations", _("Who is who")),
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html needs; values that need a query are computed only when they are rendered."""
    context: dict[str, Any] = {
        "demo": settings.DEMO_ALLOWED,
        "contact_email": settings.CONTACT_EMAIL,
    }
    user = getattr(request, "user", None)  # not set where a request is refused before authentication
    if user is None or not user.is_authenticated:
        return context
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return context | {
        "actor": actor,
        "viewing": SimpleLazyObject(lambda: viewing_of(request)),
        "places": SimpleLazyObject(lambda: places(request, actor)),
        "unread": SimpleLazyObject(lambda: unread(request)),
    }


def viewing_of(request: HttpRequest) -> Viewing | None:
    """Return whom the reader views the portal as, None without impersonation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return request.viewing if actor.appointments else None  # type: ignore[attr-defined]


def unread(request: HttpRequest) -> int:
    """Return the number shown at the bell: open actions and unread information."""
    counts = bell(request.user, request.own)  # type: ignore[arg-type, attr-defined]
    return counts.action + counts.information


def places(request: HttpRequest, actor: Actor) -> list[Place]:
    """Return the menu entries this actor may open."""
    if not actor.appointments:
        return []
    rows = menu(actor)
    if actor.is_unoct or actor.acting_for:
        rows.append(("designations", pgettext_lazy("page", "Appointments")))
    if policy.reads_log(actor):
        rows.append(("access-log", _("Access log")))
    found = []
    for name, label in rows:
        url = reverse(name)
        here = request.path == url or (url != "/" and request.path.startswith(url))
        found.append(Place(url, label, here))
    return found
