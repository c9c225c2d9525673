"""Creating a nomination: its terms are checked, the user is found or added, and UNOCT is notified.

The nominator never learns whether the portal knows the address: a name is always required, stored as it was given, and
compared by UNOCT with the name of the existing user.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normal_address
from accounts.models import User
from entities.actors import Actor
from entities.appointments import notifications
from entities.appointments.rules import LETTER_MISSING, TOO_FAR, TRANSITIONS, is_near, needs_letter, roles_at
from entities.appointments.termination import close
from entities.local_days import today_of
from entities.models import Appointment, Organisation, Phase
from files import storage
from files.models import StoredFile
from files.storage import Cleaned
from web.exceptions import Conflict, Invalid, Text
from web.texts import normal_line
from web.uploads import errors_at

LONGEST_NAME = Appointment._meta.get_field("named_as").max_length or 0


def nomination(
    *,
    actor: Actor,
    organisation: Organisation,
    role: str,
    email: str,
    name: str,
    language: str,
    since: date | None,
    until: date | None,
    letter: Cleaned | None,
    predecessor: Appointment | None = None,
) -> Appointment:
    """Return a new appointment that awaits approval, and notify the coordinators; the caller has checked permission.

    Raises Invalid (fields role, email, name, since, until, letter) or Conflict when the user already holds that role
    there.
    """
    since = since or today_of(organisation)
    check_terms(organisation, role, since, until)
    email, name = _address(email), _name(name)
    person = User.objects.filter(email=email).first() or _new(email, name, language)
    close_terms(person, organisation, role, (Phase.OVER,), "Term over; nominated again.", by=actor.user)
    row = add(
        user=person, organisation=organisation, role=role, since=since, until=until,
        nominated_by=actor.user, named_as=name, predecessor=predecessor, letter=_kept(letter, organisation),
    )  # fmt: skip
    notifications.nominated(row)
    return row


def cleaned(actor: Actor, letter: File | None) -> Cleaned | None:
    """Return the cleaned letter of nomination, before any row is locked.

    Raises Invalid (letter): missing, or refused.
    """
    if letter is None:
        if needs_letter(actor):
            raise Invalid({"letter": [LETTER_MISSING]})
        return None
    with errors_at("letter"):
        return storage.clean(letter)


def _kept(letter: Cleaned | None, organisation: Organisation) -> StoredFile | None:
    with errors_at("letter"):
        return storage.keep(letter, owner=organisation.pk) if letter else None


def check_terms(
    organisation: Organisation, role: str, since: date, until: date | None, past_allowed: bool = False
) -> None:
    """Raise Invalid unless the organisation has the role, and the dates are plausible and in order."""
    errors: dict[str, list[Text]] = {}
    if role not in roles_at(organisation):
        errors["role"] = [_("This role does not exist at this organization. Select another role.")]
    if not past_allowed and not is_near(since):
        errors["since"] = [TOO_FAR]
    if until and until < since:
        errors["until"] = [_("The last day cannot be before the first day.")]
    elif until and until < today_of(organisation) and not past_allowed:
        errors["until"] = [_("The date has passed. Enter today or a later date.")]
    elif until and not is_near(until):
        errors["until"] = [TOO_FAR]
    if errors:
        raise Invalid(errors)


def close_terms(
    person: User, organisation: Organisation, role: str, phases: tuple[Phase, ...], reason: str, by: User | None
) -> None:
    """Close appointments that have expired, so that the same user can hold the role again."""
    for phase in phases:
        rows = Appointment.objects.filter(user=person, organisation=organisation, role=role).in_phase(phase)
        for row in rows.select_for_update(of=("self",)):
            close(row, by, reason)


def add(**values: Any) -> Appointment:
    """Return the new row. Raises Conflict when the user already holds that role there, or is nominated for it."""
    try:
        with transaction.atomic():
            return Appointment.objects.create(**values)
    except IntegrityError as error:
        held = Appointment.objects.filter(
            user=values["user"], organisation=values["organisation"], role=values["role"], ended_at__isnull=True
        ).first()
        text = _("The person already holds this role there, or has been nominated for it.")
        raise Conflict(text, TRANSITIONS[held.phase] if held else ()) from error


def _address(email: str) -> str:
    try:
        return normal_address(email)
    except ValidationError as error:
        raise Invalid({"email": error.messages}) from error


def _name(name: str) -> str:
    name = " ".join(normal_line(name.replace("\x00", "")).split())[:LONGEST_NAME]
    if not name:
        raise Invalid({"name": [_("Enter the name of the person as UNOCT will see it.")]})
    return name


def _new(email: str, name: str, language: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name, language=language)
    except IntegrityError:
        return User.objects.get(email=email)
