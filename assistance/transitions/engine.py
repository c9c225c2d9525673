"""The five beats of every step: lock the row; ask policy; check table and guards; write row and event; announce."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import grants, grounds, notifications, policy, readings, states, wall
from assistance.models import Event, Match, Need, Release, Restricted, Section, Visit
from assistance.release_states import PROPOSAL_STANDS
from audit import log
from audit.kinds import Kind
from entities.actors import Actor, post_in_words
from entities.errors import Conflict, Invalid, StaleSave
from entities.models import Appointment

STATUS_CHOICES = {
    Need: states.NeedStatus,
    Match: states.MatchStatus,
}


@dataclass
class Taking:
    """A step being taken: the locked row, who takes it as what, and what will be recorded of it."""

    row: Any
    actor: Actor
    appointment: Appointment
    verb: str
    before: str
    reason: str = ""
    also: dict[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def set(self, **values: Any) -> None:
        """Change fields of the row; only these are saved."""
        for name, value in values.items():
            setattr(self.row, name, value)
        self.changed += values


Guard = Callable[[Any], None]


def guard_has_lines(release: Release) -> None:
    """Raise Conflict while a plan names nothing."""
    if not release.lines.exists():
        raise Conflict(_("Put at least one section or need into the plan first."))


def guard_proposal_stands(release: Release) -> None:
    """Raise Conflict when nobody has confirmed a proposal in time."""
    if release.proposed_at is None or release.proposed_at + PROPOSAL_STANDS <= timezone.now():
        raise Conflict(_("This proposal is older than 14 days. Return it, so that it is read and proposed again."))


def guard_is_released(row: Any) -> None:
    """Raise Conflict when nothing has been released.

    Whoever may withdraw reads every word of their State, so the words that a list has read at once are all there are.
    """
    if grounds.last_release(row.consents.all()) is None:
        raise Conflict(_("This has not been released, so there is nothing to withdraw."))


def guard_has_something_to_release(visit: Visit) -> None:
    """Raise Conflict while the visit has neither a section nor a need put to the State."""
    if not visit.sections.all() and all(need.put_to_state_at is None for need in visit.needs.all()):
        raise Conflict(_("Record a report section or put a need to the State first: there is nothing to release yet."))


def guard_not_planned(visit: Visit) -> None:
    """Raise Conflict before the visit has begun."""
    if visit.stage == states.VisitStage.PLANNED:
        raise Conflict(_("The visit has not begun yet."))


def guard_consent_is_asked(visit: Visit) -> None:
    """Raise Conflict when nobody has asked for consent."""
    if visit.consent_asked_at is None:
        raise Conflict(_("CTED has not asked for consent yet."))


def guard_consent_is_not_asked(visit: Visit) -> None:
    """Raise Conflict while the State has not answered an earlier asking."""
    if visit.consent_asked_at is not None:
        raise Conflict(_("Consent has been asked already, and the State has not answered yet."))


def guard_window_is_open(offer: Any) -> None:
    """Raise Conflict when the offer's window has passed."""
    if offer.is_expired:
        raise Conflict(_("The offer's window has passed. Set a later end first."))


def guard_release_stands(match: Match) -> None:
    """Raise Conflict when the release of the need has ended: its provider would not see the answer."""
    if not is_released(match.need):
        raise Conflict(_("The release of this need has ended."))


def guard_need_is_not_closed(match: Match) -> None:
    """Raise Conflict when the need has left the work."""
    if match.need.closed_at is not None:
        raise Conflict(_("This need has been closed."))


def guard_share_is_open(match: Match) -> None:
    """Raise Conflict when others have been accepted for so much that this share no longer fits."""
    still_open = open_share(match.need)
    if match.share > still_open:
        raise Conflict(
            _("Only %(open)d %% of this need is still open, and this match covers %(share)d %%.")
            % {"open": still_open, "share": match.share}
        )


GUARDS: dict[str, Guard] = {
    name.removeprefix("guard_"): function for name, function in list(globals().items()) if name.startswith("guard_")
}


def ledger(need: Need) -> dict[str, int]:
    """Return the coverage of a need in per cent: claimed by providers, confirmed by both sides, verified, still open."""
    matches = [match for match in need.matches.all() if match.status in states.CONFIRMED_MATCH]
    rows = [(match.status, match.share, match.verified_share) for match in matches]
    confirmed = sum(share if verified is None else verified for _status, share, verified in rows)
    return {
        "claimed": sum(share for status, share, _v in rows if status == states.MatchStatus.DELIVERED),
        "confirmed": confirmed,
        "verified": sum(verified or 0 for _status, _share, verified in rows),
        "open": max(0, 100 - confirmed),
    }


def open_share(need: Need) -> int:
    """Return how much of the need, in per cent, nobody has been accepted for."""
    return ledger(need)["open"]


def legal(actor: Actor, row: Restricted) -> list[states.Transition]:
    """Return the steps this actor may take on this row now: buttons and ``actions`` in the API are these."""
    table = policy.TABLES[type(row)].values()
    return [t for t in table if _is_source(t, row) and policy.may(actor, t, row) and _allows(t, row)]


def reads_of(actor: Actor, model: type[Restricted]) -> tuple[str, ...]:
    """Return the relations `legal` reads for this actor: a list fetches them once for all its rows."""
    if model is Need:
        return ("matches", "consents") if actor.states() else ("matches",) if actor.is_cted else ()
    if model is Section:
        return ("consents",) if actor.states() else ()
    if model is Visit:
        return ("sections", "needs") if actor.is_cted else ()
    return ("need__matches",) if model is Match and actor.acting_for else ()


def _is_source(transition: states.Transition, row: Any) -> bool:
    return not transition.sources or row.status in transition.sources


def _allows(transition: states.Transition, row: Any) -> bool:
    try:
        for name in transition.guards:
            GUARDS[name](row)
    except Conflict:
        return False
    return True


def check_state(actor: Actor, transition: states.Transition, row: Any) -> None:
    """Raise Conflict, naming the present state and the legal next steps, unless the table allows the step here."""
    if transition.sources and row.status not in transition.sources:
        steps = [step.label for step in legal(actor, row)]
        message = _("“%(step)s” is not possible: the present state is “%(state)s”.") % {
            "step": transition.label,
            "state": row.get_status_display(),
        }
        if steps:
            message += " " + _("Possible now: %(steps)s.") % {"steps": ", ".join(map(str, steps))}
        raise Conflict(message, steps=steps)
    for name in transition.guards:
        GUARDS[name](row)


def check_version(row: Any, version: int | None, yours: dict[str, Any] | None = None) -> None:
    """Raise StaleSave when the row has changed since the caller read it. None means the caller does not ask."""
    if version is not None and version != row.version:
        yours = yours or {}
        raise StaleSave(theirs={name: getattr(row, name, "") for name in yours}, yours=yours)


def locked(actor: Actor, model: type, pk: object) -> Any:
    """Return the visible row, locked; a match's need is always locked before it, so two steps never wait in a ring."""
    if model is Match:
        need_id = policy.get(actor, Match, pk).need_id
        need = policy.get(actor, Need, need_id, lock=True)
        match = policy.get(actor, Match, pk, lock=True)
        match.need = need
        return match
    return policy.get(actor, model, pk, lock=True)


@contextmanager
def step(actor: Actor, model: type, pk: object, name: str, *, version: int | None = None) -> Iterator[Taking]:
    """Take one step of the tables inside one transaction; the body of the `with` only says what changes.

    Raises NotVisible, Forbidden, Conflict (wrong state, or a guard), StaleSave.
    """
    with transaction.atomic():
        row = locked(actor, model, pk)
        with wall.lifted():
            transition = policy.TABLES[model][name]
            appointment = policy.require(actor, transition.who, row)
            check_version(row, version)
            check_state(actor, transition, row)
            taking = Taking(row, actor, appointment, transition.event, getattr(row, "status", ""))
            yield taking
            finish(taking)


def finish(taking: Taking) -> Event:
    """Save what the step changed, move the need's status on, point the rows at their audience, record and announce."""
    row = taking.row
    if isinstance(row, Match):
        save(row, taking.changed)
        refresh_need(row.need, quiet=not {taking.before, row.status} & set(states.CONFIRMED_MATCH))
    elif isinstance(row, Need):
        refresh_need(row, taking.changed)
    else:
        save(row, taking.changed)
    return record(
        taking.verb, row, actor=taking.actor, appointment=taking.appointment,
        before=taking.before, reason=taking.reason, **taking.also,
    )  # fmt: skip


def save(row: Any, changed: list[str], *, quiet: bool = False) -> None:
    """Place the row and save only what changed, with its next version.

    A quiet save leaves no mark in version or date, because readers may not be told what led to it; so do steps of a
    visit, which are about consent.
    """
    fields = list(changed)
    if hasattr(row, "version") and not quiet and not isinstance(row, Visit):
        row.version += 1
        fields += ["version", "modified_at"]
    grants.settle(row, fields)


def refresh_need(need: Need, changed: list[str] | None = None, *, quiet: bool = False) -> None:
    """Compute the need's status from its facts, place it and save it.

    `quiet`: an open match is no business of other providers, so only a change of status shows.
    """
    before = need.status
    last = need.verifications.order_by("-at").first()
    need.status = states.need_status(
        states.NeedFacts(
            closed=need.closed_at is not None,
            put=need.put_to_state_at is not None,
            agreed=need.agreed_on is not None,
            released=is_released(need),
            matches=tuple(
                (status, verified is not None)
                for status, verified in need.matches.values_list("status", "verified_share")
            ),
            confirmed_share=ledger(need)["confirmed"],
            outcome=last.outcome if last else "",
        )
    )
    save(need, [*(changed or []), "status"], quiet=quiet and need.status == before)


def is_released(row: Need | Section) -> bool:
    """Whether a consent covers the row today."""
    consent = grounds.consent_in_force(row)
    return consent is not None and (consent.until is None or consent.until >= timezone.now().date())


SUBJECTS = {model: model._meta.model_name for model in policy.TABLES}


def record(
    verb: str,
    row: Restricted,
    *,
    actor: Actor | None,
    appointment: Appointment | None = None,
    before: str = "",
    reason: str = "",
    tell: bool = True,
    **also: Restricted,
) -> Event:
    """Append an event about the row and, unless others stand for it, owe its readers their messages: all in one go."""
    subject: dict[str, Any] = {SUBJECTS[type(row)] or "": row, **also}
    if isinstance(row, Match):
        subject["need"] = row.need
    if isinstance(row, Section):
        subject["visit"] = row.visit
    event = Event.objects.create(
        verb=verb,
        at=timezone.now(),
        actor=actor.user if actor else None,
        acting_as=appointment,
        before=before,
        after=getattr(row, "status", ""),
        reason=reason,
        **subject,
    )
    if verb == "consent_asked" or "consent" in also:
        _audit_decision(event, [row, *also.values()])
    if tell:
        notifications.announce(event, row)
    return event


def _audit_decision(event: Event, rows: list[Any]) -> None:
    """Log what was decided over a release, beside the event and in the same transaction."""
    subjects = readings.subjects_of(rows)
    log.record(
        Kind.CONSENT,
        subjects=[subject.key for subject in subjects],
        references=[subject.reference for subject in subjects],
        states={subject.state for subject in subjects if subject.state},
        detail=event.verb,
        who=event.actor,
        as_whom=post_in_words(event.acting_as) if event.acting_as else "",
    )


def require_text(**texts: str) -> None:
    """Raise Invalid for every text that is empty."""
    missing = {name: [_("Please say why.")] for name, text in texts.items() if not (text or "").strip()}
    if missing:
        raise Invalid(missing)
