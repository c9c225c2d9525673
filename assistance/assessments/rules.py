"""Access rules of assessments and their lines, who may act on them, and guards of their transitions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.rules import AccessReason, ReasonKind, release_facts, released, state
from assistance.assessments.messages import NEED_PROPOSED
from assistance.assessments.models import Assessment, AssessmentLine, Finding
from assistance.assessments.states import AssessmentStatus
from assistance.workflow.models import Event
from entities.actors import CTED, Actor
from entities.groups import COMPACT
from entities.local_days import today_of
from entities.models import Organisation
from web.exceptions import Conflict, Forbidden

ENTITY, PUBLIC = "assessing_entity", "public_report"  # the own kinds of access reasons


# ── Who sees them? ───────────────────────────────────────────────────────────
def access_reasons(row: Assessment) -> Iterator[AccessReason]:
    """Yield the access reasons of an assessment: entity and State; the Compact if public, else those a consent names.

    A consent is not counted beside a public report: its last day would end the access of the Compact.
    """
    yield AccessReason(row.entity.group_id, ENTITY)
    yield state(row.state)
    if row.status == AssessmentStatus.CANCELLED:
        return
    if row.is_public:
        yield AccessReason(COMPACT, PUBLIC, owner=False)
    else:
        yield from released(row)


def line_access_reasons(line: AssessmentLine) -> Iterator[AccessReason]:
    """Yield the access reasons of a line: entity, State and the Compact, and whoever the assessment is released to.

    Of a cancelled assessment only the entity and the State have a line. Source: domain rules, section 6.
    """
    yield AccessReason(line.entity.group_id, ENTITY)
    yield state(line.state)
    if line.is_cancelled:
        return
    yield AccessReason(COMPACT, ReasonKind.COMPACT)
    yield from released(_of_line(line))


def _of_line(line: AssessmentLine) -> Assessment:
    """Return the assessment of a line, without its texts where it has not been loaded: the reader may not see it."""
    return line.assessment if AssessmentLine.assessment.is_cached(line) else Assessment(pk=line.assessment_id)


REASON_TEXTS: dict[str, Callable[[Any, Sequence[AccessReason]], str]] = {
    ENTITY: lambda row, reasons: _("Carries out the assessment"),
    PUBLIC: lambda row, reasons: _("The entity has published the report"),
}


def states_of(rows: Sequence[Assessment]) -> dict[UUID, UUID]:
    """Return the State that learns who read each assessment, by the assessment's key."""
    return {row.pk: row.state_id for row in rows}


# ── Who may act on them? ─────────────────────────────────────────────────────
def may_assess(organisation: Organisation) -> bool:
    """Return whether this organization records assessments: entities of the Compact do, but CTED records visits."""
    return organisation.in_compact and organisation.slug != CTED


def entities_of(actor: Actor) -> list[Organisation]:
    """Return the organizations in whose name this actor records assessments."""
    return [one.organisation for one in actor.acting_for.values() if may_assess(one.organisation)]


def may_create(actor: Actor) -> bool:
    """Return whether this actor records assessments."""
    return bool(entities_of(actor))


def entity(actor: Actor, row: Assessment) -> Iterable[UUID | None]:
    """Return who writes an assessment: the entity that carries it out."""
    return [row.entity_id]


def entity_or_state(actor: Actor, row: Assessment) -> Iterable[UUID | None]:
    """Return who comments on an assessment: the State and the entity."""
    return [row.entity_id, row.state_id]


def is_party(actor: Actor, row: Assessment) -> bool:
    """Return whether this actor reads the comments on an assessment, and so does whoever views as them.

    The people of the entity and of the State do. All others who read the assessment do not.
    """
    own = not actor.groups.isdisjoint(policy.owners_of(row))
    return own and (actor.viewer is None or is_party(actor.viewer, row))


def history(actor: Actor, row: Assessment, events: QuerySet[Event]) -> QuerySet[Event]:
    """Return what this actor sees of the history: only CTED and the State know that a need was drafted from a finding."""
    return events if policy.sees_consents(actor, row.state_id) else events.exclude(name=NEED_PROPOSED)


def require_party(actor: Actor, row: Assessment) -> None:
    """Raise Forbidden for whoever sees the assessment without being one of its parties."""
    if not is_party(actor, row):
        raise Forbidden(who=policy.who_can("entity_or_state", row), url=row.get_absolute_url())


# ── When are transitions possible? ───────────────────────────────────────────
def has_begun(row: Assessment) -> None:
    """Raise Conflict before the first day, where the entity is."""
    if row.starts_on > today_of(row.entity):
        raise Conflict(_("The first day is in the future. If the assessment began earlier, change its dates first."))


def has_ended(row: Assessment) -> None:
    """Raise Conflict before the last day, where the entity is."""
    if row.ends_on > today_of(row.entity):
        raise Conflict(_("The last day is in the future. If the assessment ended earlier, change its dates first."))


def is_not_public(row: Assessment) -> None:
    """Raise Conflict for an assessment that the entity has published."""
    if row.is_public:
        raise Conflict(_("The entity has published this assessment. All entities of the Compact can read it already."))


def has_open_gap(row: Assessment) -> None:
    """Raise Conflict when no finding is a gap of which no need has been made."""
    known: bool | None = getattr(row, "has_gap", None)
    if not (row.findings.filter(is_gap=True, need=None).exists() if known is None else known):
        raise Conflict(_("There is no finding marked as a gap that has no need yet."))


def facts() -> dict[str, Any]:
    """Return the annotations of lists that guards ask."""
    gaps = Finding.objects.filter(assessment=OuterRef("pk"), is_gap=True, need=None)
    return {"has_gap": Exists(gaps), **release_facts(Assessment)}
