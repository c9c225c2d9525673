"""Consent: what a State releases, to whom, until when; and how it takes it back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import grants, grounds, policy, wall
from assistance.models import Consent, Need, Section, Visit
from assistance.states import NEED, SECTION, Decision
from assistance.transitions.engine import check_state, check_version, record, refresh_need, require_text, save, step
from entities.actors import UNOCT, Actor
from entities.errors import Forbidden, Invalid
from entities.groups import COMPACT, DONORS, STATES
from entities.models import Appointment, Organisation, WorkingGroup
from files import intake
from files.models import StoredFile

STANDING_WORDS = {"compact": COMPACT, "states": STATES, "donors": DONORS}


def ask(*, actor: Actor, visit: object, version: int | None = None) -> Visit:
    """Ask the State to release a visit's report and needs. Returns the visit."""
    with step(actor, Visit, visit, "ask-consent", version=version) as taking:
        taking.set(consent_asked_at=timezone.now())
    return taking.row


def decline(*, actor: Actor, visit: object, reason: str, version: int | None = None) -> Visit:
    """Decline to release anything of a visit. Returns the visit; raises Invalid without a reason."""
    require_text(reason=reason)
    with step(actor, Visit, visit, "decline-consent", version=version) as taking:
        consent = _consent(actor, taking.appointment, taking.row.state, Decision.DECLINED, reason=reason)
        consent.visit = taking.row
        _keep(consent, taking.row.needs.none(), taking.row.sections.none())
        taking.set(consent_asked_at=None)
        taking.reason = reason
        taking.also["consent"] = consent
    return taking.row


def audience_groups(words: str | Sequence[str]) -> frozenset[int]:
    """Return the groups meant by "compact", "states", "donors", or slugs of organisations and working groups.

    Raises Invalid, naming what is unknown, when a word means nothing here or nobody is named.
    """
    names = [words] if isinstance(words, str) else [str(word) for word in words]
    groups = {STANDING_WORDS[name] for name in names if name in STANDING_WORDS}
    if "compact" in names:
        groups.add(grounds.office(UNOCT))
    slugs = {name for name in names if name not in STANDING_WORDS}
    known = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "group_id"))
    known |= dict(WorkingGroup.objects.filter(slug__in=slugs).values_list("slug", "group_id"))
    if unknown := sorted(slugs - set(known)):
        raise Invalid({"audience": [_("Not known here: %(names)s.") % {"names": ", ".join(unknown)}]})
    if not names:
        raise Invalid({"audience": [_("Name at least one organisation or working group.")]})
    return frozenset(groups | set(known.values()))


def check_until(until: date | None) -> None:
    """Raise Invalid for a last day that has passed."""
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
    note = _cleaned(note_verbale)
    with transaction.atomic():
        rows, appointment, state = _choose(actor, needs, sections, "share")
        for row in rows:
            check_version(row, (versions or {}).get(str(row.pk)))
        consent = _consent(actor, appointment, state, Decision.GRANTED, reason=reason)
        consent.released_to, consent.until = grants.audience_of(groups), until
        consent.note_verbale = _kept(note, state)
        with wall.lifted():
            _finish(actor, consent, rows, appointment)
    return consent


def withdraw(
    *, actor: Actor, needs: Iterable[object] = (), sections: Iterable[object] = (), reason: str = ""
) -> Consent:
    """Take a release back: from the next request on only the State and CTED see the rows. Returns the new consent row.

    Raises NotVisible, Forbidden, Conflict (not released), Invalid (nothing chosen).
    """
    with transaction.atomic():
        rows, appointment, state = _choose(actor, needs, sections, "withdraw")
        consent = _consent(actor, appointment, state, Decision.WITHDRAWN, reason=reason)
        with wall.lifted():
            _finish(actor, consent, rows, appointment)
    return consent


Rows = list[Need | Section]


def _choose(
    actor: Actor, needs: Iterable[object], sections: Iterable[object], name: str
) -> tuple[Rows, Appointment, Organisation]:
    """Lock the chosen rows in one order, and check for each that the step is this actor's and legal."""
    rows: Rows = [policy.get(actor, Need, pk, lock=True) for pk in sorted(set(map(str, needs)))]
    rows += [policy.get(actor, Section, pk, lock=True) for pk in sorted(set(map(str, sections)))]
    if not rows:
        raise Invalid({"": [_("Choose at least one section or need.")]})
    appointment = None
    for row in rows:
        step_row = (NEED if isinstance(row, Need) else SECTION)[name]
        appointment = policy.require(actor, step_row.who, row)
        check_state(actor, step_row, row)
    if len({row.state_id for row in rows}) > 1 or appointment is None:
        raise Forbidden(_("One consent speaks for one State."))
    first = rows[0]
    return rows, appointment, first.state if isinstance(first, Need) else first.visit.state


def _consent(actor: Actor, appointment: Appointment, state: Organisation, decision: str, *, reason: str) -> Consent:
    return Consent(
        state=state, decision=decision, reason=reason,
        given_at=timezone.now(), given_by=actor.user, given_as=appointment,
    )  # fmt: skip


def _cleaned(note: UploadedFile | None) -> intake.Cleaned | None:
    """Return the note verbale as it may be kept; before any row is locked, as this takes its time."""
    try:
        return intake.clean(note) if note is not None else None
    except ValidationError as error:
        raise Invalid({"note_verbale": error.messages}) from None


def _kept(note: intake.Cleaned | None, state: Organisation) -> StoredFile | None:
    try:
        return intake.keep(note, owner=state.pk) if note is not None else None
    except ValidationError as error:
        raise Invalid({"note_verbale": error.messages}) from None


def _keep(consent: Consent, needs: Iterable[Need], sections: Iterable[Section]) -> None:
    grants.place(consent)
    consent.save()
    consent.needs.set(needs)
    consent.sections.set(sections)


def _finish(actor: Actor, consent: Consent, rows: Rows, appointment: Appointment) -> None:
    """Keep the consent, point its rows at their new audience, record one event a need and one a visit's sections."""
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
