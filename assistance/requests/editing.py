"""How drafts of requests are recorded and edited."""

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from assistance import considerations
from assistance.access.audience_words import audience_groups
from assistance.consents.transitions import asks_for_two
from assistance.requests.models import Asked, AssistanceRequest
from assistance.requests.states import CORRECTABLE, EDITABLE, RequestStatus
from assistance.workflow.editing import EditSpec, Values
from entities.local_days import today_of
from entities.models import Organisation
from web.exceptions import Conflict, Invalid
from web.translated_text import columns_in_languages


class AskedRow(NamedTuple):
    """Somebody else who was asked: an organization of the portal or a name, when, and what came of it."""

    organisation: Organisation | None
    name: str
    asked_on: date | None
    outcome: str


def check(row: AssistanceRequest, values: Values) -> None:
    """Raise Invalid for values that contradict each other, and for an audience that is unknown."""
    errors = considerations.errors_of(row)
    if not row.state.is_state:
        errors["state"] = [_("Select a State.")]
    if row.theme is not None:
        row.pillar = row.theme.pillar or row.pillar
    if row.no_earlier_help and row.earlier_help:
        errors["no_earlier_help"] = [
            _("You have described earlier assistance. Remove the text, or do not select this.")
        ]
    if row.asked_nobody_else and _asks(row, values):
        errors["asked_nobody_else"] = [_("You have named others who were asked. Remove them, or do not select this.")]
    for number, asked in enumerate(values.get("asked_elsewhere", ())):
        if not asked.organisation and not asked.name:
            errors[f"asked_elsewhere.{number}"] = [_("Select an organization, or enter its name.")]
    if row.audience_allowed:
        try:
            audience_groups(row.audience_allowed)
        except Invalid as error:
            errors["audience_allowed"] = [str(text) for texts in error.errors.values() for text in texts]
    errors |= _passed(row, values)
    row.assistance_types = list(dict.fromkeys(row.assistance_types))
    if errors:
        raise Invalid(errors)


def _passed(row: AssistanceRequest, values: Values) -> dict[str, list[str]]:
    """Return the errors of days that are entered now and have passed in the State, or have not come."""
    today = today_of(row.state)
    days = {name: values.get(name) for name in ("wanted_by", "until", "closes_for_offers")}
    message = _("The date has passed. Enter today or a later date.")
    errors = {name: [message] for name, day in days.items() if day is not None and day < today}
    dated = values.get("note_dated")
    if dated is not None and dated > today:
        errors["note_dated"] = [_("The date is in the future.")]
    return errors


def _asks(row: AssistanceRequest, values: Values) -> bool:
    """Return whether the request names others who were asked, with these values."""
    if "asked_elsewhere" in values:
        return bool(values["asked_elsewhere"])
    return not row._state.adding and row.asked_elsewhere.exists()


def as_entered(row: AssistanceRequest, values: Values) -> AssistanceRequest:
    """Return a copy of a request with these values, which is not saved and not to be saved."""
    entered = copy(row)
    columns = {column.name for column in AssistanceRequest._meta.concrete_fields}
    for name, value in values.items():
        if name in entered.translated:
            for column in columns_in_languages(name):
                setattr(entered, column, value)
        elif name in columns:
            setattr(entered, name, value)
    if entered.theme is not None:
        entered.pillar = entered.theme.pillar or entered.pillar
    return entered


def check_editable(row: AssistanceRequest) -> None:
    """Raise Conflict for a request that has been submitted, and not been returned."""
    if row.status in EDITABLE and row.proposed_by_id is not None:
        raise Conflict(_("A colleague is asked to confirm this request. Confirm it, or return it to draft."))
    if row.status not in EDITABLE:
        raise Conflict(_("A submitted request cannot be changed. UNOCT can return it to you."))


def check_correctable(row: AssistanceRequest, two_persons: bool | None = None) -> None:
    """Raise Conflict for a request whose text no accepted correction can change now.

    `two_persons` says whether its State asks for two persons; None: look it up.
    """
    if row.status not in CORRECTABLE:
        raise Conflict(
            _("Only a request that is submitted and not yet circulated is corrected. Refuse the correction.")
        )
    if row.status == RequestStatus.RETURNED:
        check_editable(row)
    elif asks_for_two(row.state_id) if two_persons is None else two_persons:
        raise Conflict(
            _(
                "Your State asks for two persons: what two have submitted is not changed by one. Ask UNOCT to return the "
                "request to you."
            )
        )


def write_asked(row: AssistanceRequest, values: Values) -> None:
    """Replace the rows of others who were asked, if `values` contains them."""
    if "asked_elsewhere" in values:
        row.asked_elsewhere.all().delete()
        Asked.objects.bulk_create(Asked(assistance_request=row, **one._asdict()) for one in values["asked_elsewhere"])


def moves_asked(row: AssistanceRequest, values: Values) -> bool:
    """Return whether `values` contains other rows than the request has."""
    if "asked_elsewhere" not in values:
        return False
    return sorted(asked_rows(row), key=str) != sorted(values["asked_elsewhere"], key=str)


def asked_rows(row: AssistanceRequest) -> Iterable[AskedRow]:
    """Return the rows of others who were asked as they are edited."""
    rows = row.asked_elsewhere.select_related("organisation")
    return [AskedRow(one.organisation, one.name, one.asked_on, one.outcome) for one in rows]


REQUEST = EditSpec(
    recorded="request_recorded",
    edited="request_edited",
    check=check,
    may_change=check_editable,
    relate=write_asked,
    relates=moves_asked,
)
# How an accepted correction is written, also while UNOCT processes the request.
CORRECTED = replace(REQUEST, edited="request_corrected", may_change=check_correctable)
