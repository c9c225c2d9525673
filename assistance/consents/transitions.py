"""Transitions of consent: a State releases rows to an audience until a date, and withdraws releases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from assistance import registry
from assistance.access import audiences, policy, row_security
from assistance.access.audience_words import audience_groups
from assistance.access.models import Audience, Restricted
from assistance.access.rules import is_released
from assistance.consents.kinds import Keys, keys_by_model, visit_id_of
from assistance.consents.models import Consent, ReleasePlan, TwoPersonRule, relation_of
from assistance.consents.states import Decision
from assistance.registry_defaults import no_rows
from assistance.visits.deadlines import CONSENT_ANSWER
from assistance.visits.models import Visit
from assistance.workflow.dues import answer
from assistance.workflow.engine import (
    TransitionContext,
    check_state,
    check_version,
    finish_all,
    require_text,
    save,
    transition,
)
from assistance.workflow.models import Batch
from assistance.workflow.notifications import settle
from entities.actors import Actor, includes
from entities.local_days import today_of
from entities.models import Appointment, Organisation
from files import storage
from files.models import StoredFile
from web.exceptions import Conflict, Forbidden, Invalid
from web.uploads import errors_at


class SecondNeeded(Conflict):
    """Raised when the State requires a second person: the release has to be proposed to a colleague."""

    message = _lazy("Your State asks for a second person: a colleague has to confirm this release.")


@dataclass(frozen=True)
class Chosen:
    """Rows of one State, locked, and the appointment by which the actor may run the transition on them."""

    rows: list[Any]
    appointment: Appointment
    state: Organisation


@dataclass(frozen=True)
class Grant:
    """One row to be released to an audience until the end of a day in the State."""

    row: Any
    audience: Audience
    until: date | None


@dataclass(frozen=True)
class Decided:
    """Who decided on a release, by which appointment and when, where somebody else puts it into force."""

    user: User
    appointment: Appointment
    at: datetime


def ask(*, actor: Actor, visit: object, version: int | None = None) -> Visit:
    """Ask the State to release a visit's report and needs. Returns the visit."""
    with transition(actor, Visit, visit, "ask-consent", version=version) as context:
        context.set(consent_asked_at=timezone.now())
    return context.row


def decline(*, actor: Actor, visit: object, reason: str, version: int | None = None) -> Visit:
    """Decline to release anything of a visit. Returns the visit; raises Invalid without a reason."""
    require_text(reason=reason)
    with transition(actor, Visit, visit, "decline-consent", version=version) as context:
        consent = _consent(actor, context.appointment, context.row.state, Decision.DECLINED, reason=reason)
        consent.visit = context.row
        _keep(consent, [])
        context.set(consent_asked_at=None)
        context.reason = reason
        context.also["consent"] = consent
    return context.row


def check_until(until: date | None, state: Organisation) -> None:
    """Raise Invalid for a date that has passed in the State."""
    if until is not None and until < today_of(state):
        raise Invalid({"until": [_("The date has passed. Enter today or a later date.")]})


def release(
    *,
    actor: Actor,
    rows: Iterable[Restricted],
    audience: str | Sequence[str] = "compact",
    until: date | None = None,
    note_verbale: UploadedFile | None = None,
    reason: str = "",
    versions: Mapping[str, int] | None = None,
) -> Consent:
    """Release these rows, read anew, to an audience until the end of a day in their State.

    Returns the consent; raises NotVisible for a row the actor does not see, Forbidden when it is another State's,
    Conflict for a row that cannot be released yet, StaleSave when a row is no longer at the version (by id) that was read,
    Invalid for an unknown audience, a past date, an empty choice or a file that is not taken.
    """
    groups = audience_groups(audience)
    note = cleaned(note_verbale)
    with transaction.atomic():
        chosen = choose(actor, keys_by_model(rows), "share")
        check_until(until, chosen.state)
        check_versions(chosen.rows, versions)
        to = audiences.audience_of(groups)
        (consent,) = give(actor, chosen, [Grant(row, to, until) for row in chosen.rows], reason=reason, note=note)
    return consent


def give(
    actor: Actor,
    chosen: Chosen,
    granted: Iterable[Grant],
    *,
    reason: str = "",
    note: storage.Cleaned | StoredFile | None = None,
    plan: ReleasePlan | None = None,
    seconded: bool = False,
    decided: Decided | None = None,
    told_otherwise: bool = False,
) -> list[Consent]:
    """Release locked and checked rows: one consent for each audience and end date. Runs in the caller's transaction.

    `decided` says who decided for the State, where that was not the actor; `told_otherwise`, that another message tells
    the readers. Returns the consents. Raises SecondNeeded
    where the State requires two persons and this is not the confirmation of a colleague's proposal.
    """
    granted = list(granted)
    if not seconded and asks_for_two(chosen.state.pk):
        _fetch_consents(chosen.rows)
        if any(map(widens, _each_kind(granted))):
            raise SecondNeeded
    file = note if isinstance(note, StoredFile) else kept(note, chosen.state)
    together: dict[tuple[object, date | None], list[Grant]] = {}
    for grant in granted:
        together.setdefault((grant.audience.pk, grant.until), []).append(grant)
    given = []
    batch = Batch.objects.create(announced_at=timezone.now() if told_otherwise else None)
    for own in together.values():
        consent = _consent(actor, chosen.appointment, chosen.state, Decision.GRANTED, reason=reason)
        consent.released_to, consent.until = own[0].audience, own[0].until
        consent.note_verbale, consent.plan = file, plan
        if decided is not None:
            consent.given_by, consent.given_as, consent.given_at = decided.user, decided.appointment, decided.at
        with row_security.bypass():
            _finish(actor, consent, [grant.row for grant in own], chosen.appointment, batch)
        given.append(consent)
    return given


def asks_for_two(state_id: UUID) -> bool:
    """Return whether this State requires a second person before access is widened."""
    return TwoPersonRule.objects.filter(state=state_id, is_on=True).exists()


def _each_kind(granted: Iterable[Grant]) -> Iterable[Grant]:
    """Return one of those that give the same access to rows that are released alike."""
    return {
        (
            row.audience_id,
            row.owners_id,
            row.released_until,
            row.ends_at,
            is_released(row),
            own.audience.pk,
            own.until,
        ): own
        for own in granted
        for row in [own.row]
    }.values()


def widens(grant: Grant) -> bool:
    """Return whether this gives anybody new access to the row, or access for longer."""
    row, now = grant.row, policy.groups_now(grant.row)
    if not is_released(row):
        return True
    if row.released_until is not None and (grant.until is None or grant.until > row.released_until):
        return True
    new = audiences.groups_of(grant.audience) - now
    known = Organisation.objects.filter(group_id__in=new)
    return len(known) < len(new) or not all(includes(now, organisation) for organisation in known)


def withdraw(
    *,
    actor: Actor,
    rows: Iterable[Restricted],
    reason: str = "",
    versions: Mapping[str, int] | None = None,
) -> Consent:
    """Withdraw a release: from the next request on only the State and CTED see the rows. Returns the new consent.

    Raises NotVisible, Forbidden, Conflict (not released), StaleSave (not the version read), Invalid (nothing chosen).
    """
    with transaction.atomic():
        chosen = choose(actor, keys_by_model(rows), "withdraw")
        check_versions(chosen.rows, versions)
        appointment = chosen.appointment
        consent = _consent(actor, appointment, chosen.state, Decision.WITHDRAWN, reason=reason)
        with row_security.bypass():
            _finish(actor, consent, chosen.rows, appointment, Batch.objects.create())
    return consent


def check_versions(rows: Iterable[Any], versions: Mapping[str, int] | None) -> None:
    """Raise StaleSave when a row is no longer at the version (by id) that was read."""
    for row in rows:
        check_version(row, (versions or {}).get(str(row.pk)))


def choose(actor: Actor, keys: Keys, name: str) -> Chosen:
    """Lock the chosen rows in the order given, and check for each that the actor may run the transition.

    Returns the rows. Raises NotVisible, Forbidden, Conflict, Invalid when none is chosen.
    """
    rows = [row for model, own in keys.items() for row in _locked(actor, model, own, name)]
    if not rows:
        raise Invalid({"": [_("Select at least one section or need.")]})
    appointment = None
    for row in rows:
        step_row = registry.of(row).transitions[name]
        appointment = policy.require(actor, step_row.who, row)
        check_state(actor, step_row, row)
    if len({row.state_id for row in rows}) > 1 or appointment is None:
        raise Forbidden(_("A consent covers one State only. Select records of one State."))
    return Chosen(rows, appointment, rows[0].state)


def _locked(actor: Actor, model: type[Restricted], keys: Sequence[str], name: str) -> list[Any]:
    """Return rows of one kind, locked, with the consents that guards of the transition read."""
    rows = policy.get_all(actor, model, keys, lock=True)
    if registry.of(model).transitions[name].guards:
        _fetch_consents(rows)
    return rows


def _fetch_consents(rows: Iterable[Restricted]) -> None:
    """Fetch the relations that say what is released, by set."""
    for model, own in registry.by_model(rows).items():
        prefetch_related_objects(own, *registry.of(model).reasons_read())


def _consent(actor: Actor, appointment: Appointment, state: Organisation, decision: str, *, reason: str) -> Consent:
    return Consent(
        state=state, decision=decision, reason=reason,
        given_at=timezone.now(), given_by=actor.user, given_as=appointment,
    )  # fmt: skip


def cleaned(note: UploadedFile | None) -> storage.Cleaned | None:
    """Return the sanitised note verbale. Called before any row is locked, because sanitising is slow."""
    with errors_at("note_verbale"):
        return storage.clean(note) if note is not None else None


def kept(note: storage.Cleaned | None, state: Organisation) -> StoredFile | None:
    """Return the stored note verbale. Raises Invalid, for example when the quota is used up."""
    with errors_at("note_verbale"):
        return storage.keep(note, owner=state.pk) if note is not None else None


def _keep(consent: Consent, rows: Iterable[Restricted]) -> None:
    audiences.assign_audience(consent)
    consent.save()
    for model, keys in keys_by_model(rows).items():
        getattr(consent, relation_of(model)).set(keys)


def _finish(actor: Actor, consent: Consent, rows: list[Any], appointment: Appointment, batch: Batch) -> None:
    """Save the consent, then its rows with their new audiences and one event each, told with the others of the batch.

    The request for consent to a visit is answered by it, if the State is asked for one of the rows.
    """
    visits = Visit.objects.in_bulk({visit_id_of(row) for row in rows} - {None})
    consent.visit = next(iter(visits.values())) if len(visits) == 1 else None
    _keep(consent, rows)
    name = "share" if consent.decision == Decision.GRANTED else "withdraw"
    by_kind: dict[type[Restricted], list[TransitionContext]] = {}
    for row in sorted(rows, key=_in_order):
        event = registry.of(row).transitions[name].event
        context = TransitionContext(
            row, actor, appointment, event, getattr(row, "status", ""), reason=consent.reason, also={"consent": consent}
        )
        by_kind.setdefault(type(row), []).append(context)
    for contexts in by_kind.values():
        finish_all(contexts, batch)
    answering = {visit_id_of(row) for row in rows if registry.of(row).release.asked is not no_rows}
    asked = [visit for key, visit in visits.items() if key in answering and visit.consent_asked_at is not None]
    for visit in asked:
        visit.consent_asked_at = None
        save(visit, ["consent_asked_at"])
        settle([visit], ("consent_asked",))
    answer(asked, CONSENT_ANSWER)


def _in_order(row: Any) -> tuple[Any, ...]:
    kind = registry.of(row)
    return (kind.collection, *(getattr(row, name) for name in kind.release.order))
