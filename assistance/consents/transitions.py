"""Transitions of consent: a State releases rows to an audience until a date, and withdraws releases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assistance import registry
from assistance.access import audiences, policy, row_security
from assistance.access.audience_words import audience_groups
from assistance.access.models import Audience
from assistance.access.rules import is_released
from assistance.consents.models import Consent, ReleasePlan, TwoPersonRule
from assistance.consents.states import Decision
from assistance.needs.models import Need
from assistance.needs.states import NEED
from assistance.needs.status import refresh_need
from assistance.visits.models import Section, Visit
from assistance.visits.states import SECTION
from assistance.workflow.engine import check_state, check_version, record, require_text, save, transition  # fmt: skip
from entities.actors import Actor, includes
from entities.models import Appointment, Organisation
from files import storage
from files.models import StoredFile
from web.exceptions import Conflict, Forbidden, Invalid

Rows = list[Need | Section]


class SecondNeeded(Conflict):
    """Raised when the State requires a second person: the release has to be proposed to a colleague."""

    message = _lazy("Your State asks for a second person: a colleague has to confirm this release.")


@dataclass(frozen=True)
class Chosen:
    """Rows of one State, locked, and the appointment by which the actor may run the transition on them."""

    rows: Rows
    appointment: Appointment
    state: Organisation


@dataclass(frozen=True)
class Grant:
    """One row to be released to an audience until the end of a day (UTC)."""

    row: Need | Section
    audience: Audience
    until: date | None


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
        _keep(consent, context.row.needs.none(), context.row.sections.none())
        context.set(consent_asked_at=None)
        context.reason = reason
        context.also["consent"] = consent
    return context.row


def check_until(until: date | None) -> None:
    """Raise Invalid for a date that has passed."""
    if until is not None and until < timezone.now().date():
        raise Invalid({"until": [_("This day has passed. Choose today or a later day.")]})


def release(
    *,
    actor: Actor,
    needs: Iterable[object] = (),
    sections: Iterable[object] = (),
    audience: str | Sequence[str] = "compact",
    until: date | None = None,
    note_verbale: UploadedFile | None = None,
    reason: str = "",
    versions: Mapping[str, int] | None = None,
) -> Consent:
    """Release the chosen needs and sections to an audience until the end of a day (UTC).

    Returns the consent; raises NotVisible for a row the actor does not see, Forbidden when it is another State's,
    Conflict for a need not agreed yet, StaleSave when a row is no longer at the version (by id) that was read,
    Invalid for an unknown audience, a past date, an empty choice or a file that is not taken.
    """
    groups = audience_groups(audience)
    check_until(until)
    note = cleaned(note_verbale)
    with transaction.atomic():
        chosen = choose(actor, needs, sections, "share")
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
) -> list[Consent]:
    """Release locked and checked rows: one consent for each audience and end date. Runs in the caller's transaction.

    Returns the consents. Raises SecondNeeded where the State requires two persons and this is not the confirmation of a
    colleague's proposal.
    """
    granted = list(granted)
    if not seconded and asks_for_two(chosen.state.pk) and any(widens(grant) for grant in granted):
        raise SecondNeeded
    file = note if isinstance(note, StoredFile) else kept(note, chosen.state)
    together: dict[tuple[object, date | None], list[Grant]] = {}
    for grant in granted:
        together.setdefault((grant.audience.pk, grant.until), []).append(grant)
    given = []
    for own in together.values():
        consent = _consent(actor, chosen.appointment, chosen.state, Decision.GRANTED, reason=reason)
        consent.released_to, consent.until = own[0].audience, own[0].until
        consent.note_verbale, consent.plan = file, plan
        with row_security.bypass():
            _finish(actor, consent, [grant.row for grant in own], chosen.appointment)
        given.append(consent)
    return given


def asks_for_two(state_id: UUID) -> bool:
    """Return whether this State requires a second person before access is widened."""
    return TwoPersonRule.objects.filter(state=state_id, is_on=True).exists()


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
    needs: Iterable[object] = (),
    sections: Iterable[object] = (),
    reason: str = "",
    versions: Mapping[str, int] | None = None,
) -> Consent:
    """Withdraw a release: from the next request on only the State and CTED see the rows. Returns the new consent.

    Raises NotVisible, Forbidden, Conflict (not released), StaleSave (not the version read), Invalid (nothing chosen).
    """
    with transaction.atomic():
        chosen = choose(actor, needs, sections, "withdraw")
        check_versions(chosen.rows, versions)
        appointment = chosen.appointment
        consent = _consent(actor, appointment, chosen.state, Decision.WITHDRAWN, reason=reason)
        with row_security.bypass():
            _finish(actor, consent, chosen.rows, appointment)
    return consent


def check_versions(rows: Rows, versions: Mapping[str, int] | None) -> None:
    """Raise StaleSave when a row is no longer at the version (by id) that was read."""
    for row in rows:
        check_version(row, (versions or {}).get(str(row.pk)))


def choose(actor: Actor, needs: Iterable[object], sections: Iterable[object], name: str) -> Chosen:
    """Lock the chosen rows in a fixed order, and check for each that the actor may run the transition now."""
    rows: Rows = [policy.get(actor, Need, pk, lock=True) for pk in sorted(set(map(str, needs)))]
    rows += [policy.get(actor, Section, pk, lock=True) for pk in sorted(set(map(str, sections)))]
    if not rows:
        raise Invalid({"": [_("Choose at least one section or need.")]})
    appointment = None
    for row in rows:
        step_row = registry.of(row).transitions[name]
        appointment = policy.require(actor, step_row.who, row)
        check_state(actor, step_row, row)
    if len({row.state_id for row in rows}) > 1 or appointment is None:
        raise Forbidden(_("One consent speaks for one State."))
    return Chosen(rows, appointment, rows[0].state)


def _consent(actor: Actor, appointment: Appointment, state: Organisation, decision: str, *, reason: str) -> Consent:
    return Consent(
        state=state, decision=decision, reason=reason,
        given_at=timezone.now(), given_by=actor.user, given_as=appointment,
    )  # fmt: skip


def cleaned(note: UploadedFile | None) -> storage.Cleaned | None:
    """Return the sanitised note verbale. Called before any row is locked, because sanitising is slow."""
    try:
        return storage.clean(note) if note is not None else None
    except ValidationError as error:
        raise Invalid({"note_verbale": error.messages}) from None


def kept(note: storage.Cleaned | None, state: Organisation) -> StoredFile | None:
    """Return the stored note verbale. Raises Invalid, for example when the quota is used up."""
    try:
        return storage.keep(note, owner=state.pk) if note is not None else None
    except ValidationError as error:
        raise Invalid({"note_verbale": error.messages}) from None


def _keep(consent: Consent, needs: Iterable[Need], sections: Iterable[Section]) -> None:
    audiences.assign_audience(consent)
    consent.save()
    consent.needs.set(needs)
    consent.sections.set(sections)


def _finish(actor: Actor, consent: Consent, rows: Rows, appointment: Appointment) -> None:
    """Save the consent, reassign its rows' audiences, record one event per need and one per visit for its sections."""
    needs = [row for row in rows if isinstance(row, Need)]
    sections = [row for row in rows if isinstance(row, Section)]
    visits = {row.visit_id: row.visit for row in rows if row.visit_id}
    consent.visit = next(iter(visits.values())) if len(visits) == 1 else None
    _keep(consent, needs, sections)
    step_name = "share" if consent.decision == Decision.GRANTED else "withdraw"
    for need in needs:
        before = need.status
        refresh_need(need)
        record(
            NEED[step_name].event, need, actor=actor, appointment=appointment,
            before=before, reason=consent.reason, consent=consent,
        )  # fmt: skip
    told: set[object] = set()
    for section in sorted(sections, key=lambda row: row.number):
        save(section, [])
        record(
            SECTION[step_name].event, section, actor=actor, appointment=appointment,
            reason=consent.reason, tell=section.visit_id not in told, consent=consent,
        )  # fmt: skip
        told.add(section.visit_id)
    for visit in visits.values():
        if visit is not None and visit.consent_asked_at is not None:
            visit.consent_asked_at = None
            save(visit, ["consent_asked_at"])
