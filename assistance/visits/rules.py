"""Access rules of visits and the sections of their reports, and guards of their transitions."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.rules import AccessReason, ReasonKind, cted, office, released, state
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitStage
from entities.actors import UNOCT, Actor
from entities.groups import COMPACT
from entities.local_days import today_of
from web.exceptions import Conflict

# Events that only CTED and the State see in the history of a visit.
PRIVATE_EVENTS = (
    "consent_asked", "draft_sent", "observations_received", "no_observations", "adoption_proposed", "report_adopted",
    "final_sent", "reply_overdue", "reply_received", "visit_letter_sent",
)  # fmt: skip


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
    """Return the events of a visit; those about its consent and its report only for CTED and the State."""
    return events if policy.sees_consents(actor, visit.state_id) else events.exclude(name__in=PRIVATE_EVENTS)


def notifiable(actor: Actor, visits: QuerySet[Any]) -> QuerySet[Any]:
    """Return the visits whose notifications this actor may get: all of them disclose the state of a State's consent."""
    if actor.is_cted:
        return visits
    own = [organisation.pk for organisation in actor.organisations]
    return visits.filter(Q(state__in=own) | Q(pk__in=visits.model.objects.filter(delegation__in=own).values("pk")))


def delegation(visit: Visit) -> set[object]:
    """Return the entities that take part in a visit, as parties of a message."""
    return set(visit.delegation.values_list("pk", flat=True))


def state_once_adopted(part: Any) -> set[object]:
    """Return the State of a part of a report, as a party of a message, once the report is adopted; before that nobody."""
    return {part.state_id} if part.visit.adopted_on is not None else set()


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
    sections = Exists(Section.objects.filter(own))
    return {"has_parts": sections | Exists(needs.filter(own & PUT)), "has_sections": sections}


def not_planned(visit: Visit) -> None:
    """Raise Conflict before the visit has begun."""
    if visit.stage in (VisitStage.PLANNED, VisitStage.HOST_CONSENT):
        raise Conflict(_("The visit has not started yet."))


def consent_is_asked(visit: Visit) -> None:
    """Raise Conflict when nobody has asked for consent."""
    if visit.consent_asked_at is None:
        raise Conflict(_("CTED has not requested consent yet."))


def consent_is_not_asked(visit: Visit) -> None:
    """Raise Conflict while an earlier request for consent is unanswered."""
    if visit.consent_asked_at is not None:
        raise Conflict(_("Consent has already been requested. The State has not responded yet."))


# ── How far has the visit come? ──────────────────────────────────────────────
def is_not_cancelled(visit: Visit) -> None:
    """Raise Conflict for a cancelled visit."""
    if visit.cancelled_on is not None:
        raise Conflict(_("The visit was cancelled."))


def has_not_begun(visit: Visit) -> None:
    """Raise Conflict once the visit has begun."""
    if visit.starts_on <= timezone.now().date():
        raise Conflict(_("The visit has started. The agreement of the State is recorded before."))


def is_not_agreed(visit: Visit) -> None:
    """Raise Conflict when the State has agreed to the visit."""
    if visit.host_consent_on is not None:
        raise Conflict(_("The agreement of the State has been recorded."))


def is_conducted(visit: Visit) -> None:
    """Raise Conflict before the last day of the visit is over."""
    if visit.ends_on >= timezone.now().date():
        raise Conflict(_("The visit has not ended yet."))


def has_sections(visit: Visit) -> None:
    """Raise Conflict for a visit without a report section."""
    known: bool | None = visit.__dict__.get("has_sections")
    if not (visit.sections.exists() if known is None else known):
        raise Conflict(_("Add a section to the report first."))


def draft_is_not_sent(visit: Visit) -> None:
    """Raise Conflict when the State has been asked for observations."""
    if visit.draft_sent_on is not None:
        raise Conflict(_("The draft report has been sent."))


def observations_are_open(visit: Visit) -> None:
    """Raise Conflict unless the State may still send observations: until the day set, and at least once."""
    is_not_cancelled(visit)
    if visit.draft_sent_on is None:
        raise Conflict(_("The draft report has not been sent yet."))
    is_not_adopted(visit)
    is_over = visit.observations_until is not None and visit.observations_until < today_of(visit.state)
    if visit.observations_ended_on is not None or (visit.observed_on is not None and is_over):
        raise Conflict(_("The time for observations has ended."))


def observations_are_settled(visit: Visit) -> None:
    """Raise Conflict while the observations of the State are awaited."""
    if visit.draft_sent_on is None:
        raise Conflict(_("Send the draft report to the State first."))
    if visit.observed_on is None and visit.observations_ended_on is None:
        raise Conflict(_("The State can still send its observations."))


def is_not_adopted(visit: Visit) -> None:
    """Raise Conflict when the Committee has adopted the report."""
    if visit.adopted_on is not None:
        raise Conflict(_("The report has been adopted."))


def is_adopted(visit: Visit) -> None:
    """Raise Conflict before the Committee has adopted the report."""
    if visit.adopted_on is None:
        raise Conflict(_("The report has not been adopted yet."))


def final_is_not_sent(visit: Visit) -> None:
    """Raise Conflict when the State has got the final report."""
    if visit.final_sent_on is not None:
        raise Conflict(_("The final report has been sent."))


def final_is_sent(visit: Visit) -> None:
    """Raise Conflict before the State has got the final report."""
    if visit.final_sent_on is None:
        raise Conflict(_("The final report has not been sent yet."))
