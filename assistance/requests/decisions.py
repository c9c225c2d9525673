"""What pages of requests show beside their text: the procedure, what is decided, and on a need the request behind it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from assistance.access import audience_names, policy
from assistance.letters import drafting
from assistance.needs.models import Need
from assistance.needs.states import NeedSource
from assistance.pages.forms import ActorForm
from assistance.requests import queries, rules
from assistance.requests.editing import as_entered
from assistance.requests.letters import LETTERS, NAMES
from assistance.requests.models import AssistanceRequest
from assistance.requests.questions import thread
from assistance.requests.specificity import REQUIRED, asked_of, check, check_of, label_of, missing_of
from assistance.requests.states import EDITABLE, RequestStatus
from entities.actors import Actor

ACKNOWLEDGEMENT = next(kind for kind in LETTERS if kind.name == "acknowledgement")


def procedure(actor: Actor, row: AssistanceRequest) -> dict[str, Any]:
    """Return what State, UNOCT and CTED see beside a request: the check, what is missing, and who may read it."""
    return {
        "check": check_of(row),
        "missing": [REQUIRED[name][0] for name in missing_of(row)],
        "allowed_readers": audience_names.names_of(rules.allowed_groups(row)) if row.audience_allowed else [],
        "returned_parts": [label_of(part) for part in row.returned_parts],
        "is_editable": row.status in EDITABLE,
        "same_theme": queries.same_theme(actor, row),
    }


@dataclass(frozen=True)
class LetterToWrite:
    """The letter that goes with an acknowledgement: its label, the address of its preview, and what is missing for it."""

    label: str | Promise
    url: str
    missing: tuple[str, ...]


def letter_of_acknowledgement(actor: Actor, row: AssistanceRequest) -> LetterToWrite | None:
    """Return the letter beside the decision to acknowledge a request, for whoever writes it; else None.

    The last day for objections is not missing: the acknowledgement sets it.
    """
    if row.status != RequestStatus.AUTHENTICATED or ACKNOWLEDGEMENT not in drafting.letters_for(actor, row):
        return None
    draft = drafting.draw_up(actor, row, ACKNOWLEDGEMENT, row.language)
    missing = tuple(name for name in draft.missing if name != str(NAMES["objection_until"]))
    url = reverse(row.url_name(f"letter-{ACKNOWLEDGEMENT.name}"), args=[row.pk])
    return LetterToWrite(ACKNOWLEDGEMENT.label, url, missing)


def check_as_entered(actor: Actor, row: AssistanceRequest, form: ActorForm | None = None) -> dict[str, Any]:
    """Return the check of a draft with what is valid in a form that has not been saved; without one, as it is stored.

    With it come the other open requests of the State on the theme that is entered.
    """
    values: dict[str, Any] = {}
    if form is not None and form.is_bound:
        form.is_valid()  # cleans it once, so that errors which were added later stay
        values = dict(form.cleaned_data)
    entered, others = as_entered(row, values), values.get("asked_elsewhere")
    stored = row._state.adding is False and row.asked_elsewhere.exists()
    elsewhere = stored if others is None else bool(others)
    note = [] if values.get("note_verbale") is None else ["note_verbale"]
    return {
        "check": check(asked_of(entered, elsewhere=elsewhere)),
        "missing": [REQUIRED[name][0] for name in missing_of(entered) if name not in note],
        "is_editable": True,
        "same_theme": queries.same_theme(actor, entered),
    }


def about_request(actor: Actor, row: AssistanceRequest) -> dict[str, Any]:
    """Return the check, the readers allowed, the questions and the offers of a request, as far as the actor sees them."""
    shown: dict[str, Any] = {"thread": thread(actor, row)}
    if rules.is_party(actor, row):
        shown |= {
            "is_party": True,
            "sees_contact": True,
            "asked_elsewhere": row.asked_elsewhere.select_related("organisation"),
            "compared": queries.comparison(actor, row),
            "letter": letter_of_acknowledgement(actor, row),
            **procedure(actor, row),
        }
    return shown


def requests_of_need(actor: Actor, row: Any) -> dict[str, Any]:
    """Return the request from which a need was made, on the page of the need, if the actor sees it."""
    if not isinstance(row, Need) or row.source != NeedSource.REQUEST:
        return {}
    return {"request_of_need": policy.visible(actor, AssistanceRequest).filter(needs=row).first()}
