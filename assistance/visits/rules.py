"""Access rules of visits and the sections of their reports, and guards of their transitions."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.rules import AccessReason, ReasonKind, cted, office, released, state
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitStage
from entities.actors import UNOCT, Actor
from entities.groups import COMPACT
from web.exceptions import Conflict


def may_create(actor: Actor) -> bool:
    """Return whether this actor records visits and sections: only CTED does."""
    return actor.is_cted


# ── Who sees them? ───────────────────────────────────────────────────────────
def visit_access_reasons(visit: Visit) -> Iterator[AccessReason]:
    """Yield the access reasons of a visit, its kind and its dates. Source: domain rules, section 6."""
    yield cted()
    yield state(visit.state)
    yield AccessReason(office(UNOCT), ReasonKind.UNOCT)
    yield AccessReason(COMPACT, ReasonKind.COMPACT)


def section_access_reasons(section: Section) -> Iterator[AccessReason]:
    """Yield the access reasons of a section: CTED, the State, and those its consent names."""
    yield cted()
    yield state(section.visit.state)
    yield from released(section)


def history(actor: Actor, visit: Visit, events: QuerySet[Any]) -> QuerySet[Any]:
    """Return the events of a visit, without the request for consent for actors who may not know it."""
    return events if policy.sees_consents(actor, visit.state_id) else events.exclude(name="consent_asked")


def notifiable(actor: Actor, visits: QuerySet[Any]) -> QuerySet[Any]:
    """Return the visits whose notifications this actor may get: all of them disclose the state of a State's consent."""
    if actor.is_cted:
        return visits
    return visits.filter(state__in=[organisation.pk for organisation in actor.organisations])


# ── Which State learns who read them? ────────────────────────────────────────
def states_of_visits(visits: Sequence[Visit]) -> dict[UUID, UUID]:
    """Return the State of each visit, by the visit's key."""
    return {visit.pk: visit.state_id for visit in visits}


def states_of_sections(sections: Sequence[Section]) -> dict[UUID, UUID]:
    """Return the State of each section, by the section's key. One query where the visits are not loaded, else none."""
    known = {row.visit_id: row.visit.state_id for row in sections if Section.visit.is_cached(row)}
    if missing := {row.visit_id for row in sections} - set(known):
        known |= dict(Visit.objects.filter(pk__in=missing).values_list("pk", "state"))
    return {row.pk: known[row.visit_id] for row in sections}


# ── When are transitions possible? ───────────────────────────────────────────
def has_something_to_release(visit: Visit) -> None:
    """Raise Conflict while the visit has neither a section nor a need put to the State."""
    known: bool | None = getattr(visit, "has_parts", None)
    if not (visit.sections.exists() or visit.needs.filter(PUT).exists() if known is None else known):
        raise Conflict(_("No items to release yet. Add a report section, or send a need to the Member State first."))


PUT = Q(put_to_state_at__isnull=False)  # needs that the State has been asked to agree to


def visit_facts() -> dict[str, Any]:
    """Return the annotation of lists that `has_something_to_release` asks."""
    own = Q(visit=OuterRef("pk"))
    needs = Visit._meta.get_field("needs").related_model._default_manager
    return {"has_parts": Exists(Section.objects.filter(own)) | Exists(needs.filter(own & PUT))}


def not_planned(visit: Visit) -> None:
    """Raise Conflict before the visit has begun."""
    if visit.stage == VisitStage.PLANNED:
        raise Conflict(_("The visit has not started yet."))


def consent_is_asked(visit: Visit) -> None:
    """Raise Conflict when nobody has asked for consent."""
    if visit.consent_asked_at is None:
        raise Conflict(_("CTED has not requested consent yet."))


def consent_is_not_asked(visit: Visit) -> None:
    """Raise Conflict while an earlier request for consent is unanswered."""
    if visit.consent_asked_at is not None:
        raise Conflict(_("Consent has already been requested. The State has not responded yet."))
