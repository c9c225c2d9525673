"""Access rules of consultations and their rounds, who may act on them, and guards of their transitions."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.rules import AccessReason, ReasonKind, cted, office, release_facts, released, state
from assistance.consultations.models import Consultation, Parameter, Round, RoundFinding
from assistance.consultations.states import NEED_PROPOSED
from assistance.workflow.models import Event
from entities.actors import UNOCT, Actor
from entities.local_days import today_of
from entities.models import TEAM, Kind, Organisation, Programme, ProgrammeRole
from web.exceptions import Conflict
from web.lists import enumerated

PART = "programme_part"  # the own kind of access reason


# ── Who sees them? ───────────────────────────────────────────────────────────
def access_reasons(row: Consultation) -> Iterator[AccessReason]:
    """Yield the access reasons of a consultation: CTED, the State, UNOCT, and all organizations with a part in the programme."""
    yield from _owners(row)
    for organisation in taking_part(row.programme, ProgrammeRole.values):
        yield AccessReason(organisation.group_id, PART)


def round_access_reasons(row: Round) -> Iterator[AccessReason]:
    """Yield the access reasons of a round: CTED, the State, UNOCT, the team of the programme, and whom a consent names.

    Organizations that are only consulted read a round on the State's word alone. Source: specification B5.
    """
    yield from _owners(row)
    for organisation in taking_part(row.programme):
        yield AccessReason(organisation.group_id, PART)
    yield from released(row)


def taking_part(programme: Programme, roles: Collection[str] = TEAM) -> Iterator[Organisation]:
    """Yield the organizations with one of these roles in a programme, of the team by default.

    Partners outside the United Nations are guests: they read what a consent of the State names. Source: specification B5.
    """
    for part in programme.parts.select_related("organisation"):
        if part.role in roles and part.organisation.kind != Kind.PARTNER:
            yield part.organisation


def _owners(row: Any) -> Iterator[AccessReason]:
    yield cted()
    yield state(row.state)
    yield AccessReason(office(UNOCT), ReasonKind.UNOCT)


def in_words(row: Any, reasons: Sequence[AccessReason]) -> str:
    """Return the own kind of reason in words."""
    return _("Takes part in the programme")


REASON_TEXTS = {PART: in_words}


def may_create(actor: Actor) -> bool:
    """Return whether this actor records consultations: CTED leads them."""
    return actor.is_cted


def states_of(rows: Sequence[Any]) -> dict[UUID, UUID]:
    """Return the State that learns who read each row, by the row's key."""
    return {row.pk: row.state_id for row in rows}


def team_of(programme: Programme) -> set[UUID]:
    """Return the keys of the organizations that form the team of a programme."""
    return {organisation.pk for organisation in taking_part(programme)}


def history(actor: Actor, row: Round, events: QuerySet[Event]) -> QuerySet[Event]:
    """Return what this actor sees of the history: only CTED and the State know that a need was drafted from a finding."""
    return events if policy.sees_consents(actor, row.state_id) else events.exclude(name=NEED_PROPOSED)


# ── When are transitions possible? ───────────────────────────────────────────
def has_findings(row: Round) -> None:
    """Raise Conflict for a round without a finding."""
    known: bool | None = row.__dict__.get("has_finding")
    if not (row.findings.exists() if known is None else known):
        raise Conflict(_("Record at least one finding first."))


def has_parameters(row: Round) -> None:
    """Raise Conflict for a round without a priority, or with one that lacks its baseline or its target; names these."""
    if row.__dict__.get("has_parameters") and not row.__dict__["lacks_target"]:
        return
    found = list(row.parameters.all())
    if not found:
        raise Conflict(_("Record at least one priority with its baseline and target first."))
    missing = [one.name for one in found if not (one.baseline and one.target and one.target_by)]
    if missing:
        names = enumerated(_("“%(title)s”") % {"title": name} for name in missing)
        raise Conflict(
            _("Enter baseline, target and the day of the target of each priority. Missing: %(names)s.")
            % {"names": names}
        )


def takes_comments(row: Round) -> None:
    """Raise Conflict once the time for comments has passed, where the State is."""
    if row.comments_until is None or row.comments_until < today_of(row.state):
        raise Conflict(_("The time for comments is over."))


def has_gap_without_need(row: Round) -> None:
    """Raise Conflict when no finding is a gap of which no need has been made."""
    known: bool | None = row.__dict__.get("has_gap")
    if not (row.findings.exclude(gap="").filter(need=None).exists() if known is None else known):
        raise Conflict(_("There is no finding marked as a gap that has no need yet."))


def round_facts() -> dict[str, Any]:
    """Return the annotations of lists of rounds that guards ask."""
    findings = RoundFinding.objects.filter(round=OuterRef("pk"))
    parameters = Parameter.objects.filter(round=OuterRef("pk"))
    return {
        "has_finding": Exists(findings),
        "has_parameters": Exists(parameters),
        "lacks_target": Exists(parameters.filter(Q(baseline="") | Q(target="") | Q(target_by=None))),
        "has_gap": Exists(findings.exclude(gap="").filter(need=None)),
        **release_facts(Round),
    }
