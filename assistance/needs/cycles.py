"""Cycles of a need: the report a year after it was met, and reopening it when a later visit finds it again."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.needs.coverage import Ledger, coverage_by, ledgers, line_of, with_figures
from assistance.needs.models import Cycle, Match, Need
from assistance.needs.rules import later_visits, may_rest_on_desk
from assistance.needs.states import OPEN_MATCH, Sustained
from assistance.visits.models import Visit
from assistance.workflow.engine import require_text, save, transition
from entities.actors import Actor
from web.exceptions import Invalid


def report_after_year(*, actor: Actor, need: object, answer: str, note: str = "", version: int | None = None) -> Need:
    """Record what the State says a year after the need was met. CTED is asked to act unless all still works.

    Returns the need; raises Invalid for an unknown answer, or without an explanation where not all works.
    """
    if answer not in Sustained.values:
        raise Invalid({"answer": [_("Select one of the answers given.")]})
    if answer != Sustained.WORKING:
        require_text(note=note)
    with transition(actor, Need, need, "report-after-year", version=version) as context:
        context.set(year_answer=answer, year_answered_at=timezone.now())
        context.event = "need_sustained" if answer == Sustained.WORKING else "need_not_sustained"
        context.reason = note or str(Sustained(answer).label)
    return context.row


def take_note(*, actor: Actor, need: object, reason: str, version: int | None = None) -> Need:
    """Record that CTED has read the report after a year and does not reopen the need. Raises Invalid without a reason."""
    require_text(reason=reason)
    with transition(actor, Need, need, "take-note", version=version) as context:
        context.set(year_noted_at=timezone.now())
        context.reason = reason
    return context.row


def reopen(*, actor: Actor, need: object, reason: str, visit: object = None, version: int | None = None) -> Need:
    """Begin a new cycle of a need that a later visit has found again: all of it is open.

    Matches and verifications of the cycle that ends stay as they are; proposals that wait for an answer go on in the new
    one. A rating from the desk finds a need again without a visit. Returns the need; raises Invalid without a reason, or
    for a visit that is not a later one of this State.
    """
    require_text(reason=reason)
    with transition(actor, Need, need, "reopen", version=version) as context:
        row = context.row
        found = later_visits(actor, row).filter(pk=getattr(visit, "pk", visit)).first() if visit is not None else None
        if found is None and not (visit is None and may_rest_on_desk(actor, row)):
            raise Invalid({"visit": [_("Select a visit to this State after the need was verified or closed.")]})
        Cycle.objects.create(
            need=row, number=row.cycle, status=row.status, year_answer=row.year_answer, visit=found, reason=reason,
            by=actor.user, organisation=context.appointment.organisation,
        )  # fmt: skip
        context.set(
            cycle=row.cycle + 1, closed_at=None, close_reason="", met_at=None, year_answer="", year_answered_at=None,
            year_noted_at=None,
        )  # fmt: skip
        for match in Match.objects.filter(need=row, status__in=OPEN_MATCH):
            match.cycle, match.need = row.cycle, row
            save(match, ["cycle"], quiet=True)
        context.reason = reason
    return context.row


def ledgers_of(actor: Actor, need: Need) -> list[Ledger]:
    """Return the ledger of each cycle of a need with the matches that this actor sees, the running cycle first.

    The same number of statements, however many cycles.
    """
    verifications = need.verifications.select_related("organisation")
    return ledgers(need, _matches(actor, need), verifications, need.cycles.select_related("organisation"))


def ledger_of(actor: Actor, match: Match) -> Ledger:
    """Return the ledger of the cycle to which a match belongs, with the matches that this actor sees. Two statements."""
    rows = [one for one in _matches(actor, match.need) if one.cycle == match.cycle]
    outcomes = match.need.verifications.filter(cycle=match.cycle).select_related("organisation")
    return Ledger(match.cycle, None, tuple(map(line_of, rows)), coverage_by(rows), tuple(outcomes))


def _matches(actor: Actor, need: Need) -> list[Match]:
    rows = policy.visible(actor, Match).filter(need=need).select_related("provider", "offer").order_by("created_at")
    with row_security.bypass():
        return list(with_figures(rows))


def visits_of(actor: Actor, cycles: list[Ledger]) -> dict[Any, Visit]:
    """Return the visits that found the need again, by key, as far as this actor sees them."""
    keys = [one.ended.visit_id for one in cycles if one.ended and one.ended.visit_id]
    return policy.visible(actor, Visit).select_related("state").in_bulk(keys) if keys else {}
