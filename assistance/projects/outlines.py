"""What a State, UNOCT and CTED always see of projects that are restricted to others: who, on what, when and whom to ask.

Source: "A restricted project is never hidden from its own beneficiary State altogether."
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce, TruncQuarter
from django.utils.translation import get_language

from assistance.access import policy, row_security
from assistance.projects.models import Project
from assistance.projects.states import ProjectStatus
from entities.actors import CTED, UNOCT, Actor
from entities.collation import sort_key
from entities.models import ACTING_ROLES, Appointment, Organisation, Role, Theme
from web import dates
from web.sorting import rank


@dataclass(frozen=True, kw_only=True)
class Outline:
    """The only facts about one restricted project that leave this module; it cannot be found by them.

    `first` and `last` are the first days of its first and last quarter.
    """

    lead: Organisation | None
    themes: tuple[Theme, ...]
    first: date | None
    last: date | None
    focal_points: tuple[str, ...]

    @property
    def quarters(self) -> str:
        """The quarters in words, also where one or both are not recorded."""
        return dates.quarters(self.first, self.last)


def reads_outlines(actor: Actor, state: Organisation) -> bool:
    """Return whether this actor reads outlines of projects in a State: people of the State, UNOCT and CTED do.

    Somebody who views as another needs this right themselves too.
    """
    told = any(one.pk == state.pk or one.slug in (UNOCT, CTED) for one in actor.organisations)
    return told and (actor.viewer is None or reads_outlines(actor.viewer, state))


def outlines(actor: Actor, state: Organisation) -> list[Outline]:
    """Return the outlines of the restricted projects in a State that this actor does not see; none for other actors.

    By name of the lead in the reader's language, then by quarter. Cancelled and imported projects are left out. At most
    three statements.
    """
    if not reads_outlines(actor, state):
        return []
    # Row-level security hides exactly the rows that are outlined here. The right has been checked, the statement loads
    # no text, no day and no reference, and the rows themselves do not leave this function.
    with row_security.bypass():
        rows = list(_hidden(actor, state))
    acting = _acting_for({row.lead_id for row in rows if row.lead_id})
    return [
        Outline(
            lead=row.lead,
            themes=tuple(row.themes.all()),
            first=row.first,
            last=row.last if row.first is None or row.last is None or row.last >= row.first else None,
            focal_points=tuple(dict.fromkeys(acting.get(row.lead_id, ()))),
        )
        for row in rows
    ]


def _hidden(actor: Actor, state: Organisation) -> QuerySet[Any]:
    """Return the restricted projects in a State that this actor does not see, with their quarters."""
    seen = policy.visible(actor, Project).filter(pk=OuterRef("pk"))
    kept_here = Project.objects.filter(states=state, is_restricted=True, origin="")
    return (
        kept_here.exclude(status=ProjectStatus.CANCELLED)
        .exclude(Exists(seen))
        .annotate(
            first=_quarter_of("actual_start", "planned_start"),
            last=_quarter_of("actual_end", "planned_end"),
            lead_key=sort_key("lead__name", get_language() or "en", "lead__pinyin"),
        )
        .order_by("lead_key", "lead_id", F("first").asc(nulls_last=True), F("last").asc(nulls_last=True), "pk")
        .select_related("lead")
        .prefetch_related(Prefetch("themes", Theme.objects.by_pillar()))
        .only("lead")
    )


def _quarter_of(actual: str, planned: str) -> TruncQuarter:
    return TruncQuarter(Coalesce(actual, planned), output_field=DateField())


def _acting_for(organisations: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return organization id → names of the people who act for it now, as in the directory, focal points first."""
    names: dict[UUID, list[str]] = {}
    if organisations:
        listed = Appointment.objects.listed().filter(organisation__in=organisations, role__in=ACTING_ROLES)
        ordered = listed.order_by(rank("role", Role), "since", "pk")
        for organisation, name in ordered.values_list("organisation", "user__name"):
            names.setdefault(organisation, []).append(name)
    return names
