"""The cases of requests."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone

from assistance.access import audiences
from assistance.requests import circulation, corrections, transitions
from assistance.requests.forms import STEPS
from assistance.requests.models import Asked, AssistanceRequest, RequestCorrection
from assistance.requests.tests.requests import (
    a_year_old,
    again,
    asked,
    chosen,
    in_progress,
    make,
    met,
    proposed,
    refusal,
    returned,
    with_offer,
    withdrawn,
)
from assistance.tests.cases import CONSIDERED, Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, OWNERS, Cast
from assistance.tests.world import World
from assistance.workflow.engine import record

STATE = frozenset({"carana", "observer"})
PARTIES = OWNERS | {"unoct"}
READERS = OWNERS | COMPACT
# Which of its texts are between the State, UNOCT and CTED, and which only a chosen provider sees besides.
BETWEEN = ("note_number", "authenticated_how", "returned_reason", "refusal_reason")
CONTACT = ("contact_name", "contact_post", "contact_agency", "contact_phone", "contact_email")


def _at(stage: str) -> Callable[[Cast], AssistanceRequest]:
    return lambda cast: make(cast, stage)


def _fill(
    world: World,
    row: AssistanceRequest,
    readers: frozenset[str],
    between: frozenset[str],
    contact: frozenset[str] | None = None,
) -> None:
    """Write tokens into all texts of a request: its own for its readers, those of the procedure for its parties.

    `contact` are those who see the national contact, by default the same parties.
    """
    world.keep("assistance_request", row, readers)
    world.fill(row, readers)
    world.in_all_languages(row, readers, "title", "description")
    hidden = {name: world.token(between) for name in BETWEEN}
    hidden |= {name: world.token(contact or between) for name in ("contact_name", "contact_post", "contact_agency")}
    AssistanceRequest.objects.filter(pk=row.pk).update(**hidden, contact_phone="", contact_email="")


def _leaks(world: World) -> None:
    """Add a draft, a submitted request and a circulated one, with questions and documents, and those that came back or ended."""
    cast = world.cast
    draft, submitted, circulated = make(cast), make(cast, "submitted"), asked(cast)
    _fill(world, draft, STATE, STATE)
    _fill(world, submitted, PARTIES, PARTIES)
    _fill(world, circulated, READERS, PARTIES)
    world.attach("carana", draft, STATE)
    need = circulated.needs.get()
    world.keep("need", need, READERS)
    circulated.questions.update(text=world.token(READERS), answer=world.token(READERS), answered_at=timezone.now())
    for row, readers in ((draft, STATE), (submitted, PARTIES), (circulated, READERS)):
        Asked.objects.create(assistance_request=row, name=world.token(readers), outcome="pending")
    _fill(world, returned(cast), PARTIES, PARTIES)
    _fill(world, withdrawn(cast), PARTIES, PARTIES)
    _fill(world, met(cast), READERS, PARTIES, PARTIES | {"unodc"})


def _drafted(world: World) -> Iterator[Made]:
    yield "assistance_request", make(world.cast, title="Hidden canary request")


def _submitted(world: World) -> Iterator[Made]:
    row = make(world.cast, "submitted", title="Hidden canary request")
    transitions.authenticate(actor=world.cast.unoct, assistance_request=row.pk, how="Hidden canary call")
    yield "assistance_request", again(row)


# ── Corrections ──
def _corrected(cast: Cast, row: AssistanceRequest | None = None, field: str = "conditions") -> RequestCorrection:
    row = row or make(cast, "cleared")
    return corrections.propose(
        actor=cast.cted,
        assistance_request=row.pk,
        field=field,
        proposed="A room is provided.",
        why="Said by telephone.",
    )


def _accepted(cast: Cast) -> RequestCorrection:
    return corrections.accept(actor=cast.carana, request_correction=_corrected(cast).pk)


def _refused(cast: Cast) -> RequestCorrection:
    return corrections.refuse(actor=cast.carana, request_correction=_corrected(cast).pk, reason="It is not.")


def _corrected_and_circulated(cast: Cast) -> RequestCorrection:
    row = _corrected(cast)
    circulation.circulate(actor=cast.unoct, assistance_request=row.assistance_request_id)
    return again(row)


def _hidden_correction(world: World) -> Iterator[Made]:
    """A correction of the circulated request, whose readers see it, as if it had been proposed before the circulation."""
    row = world.row("assistance_request", 2)
    correction = RequestCorrection(
        assistance_request=row, field="baseline", was="", proposed="0 of 4 airports.", why="Hidden canary reason.",
        proposed_by=world.cast.cted.user, proposed_as=world.cast.cted.appointments[0],
    )  # fmt: skip
    audiences.assign_audience(correction)
    correction.save(force_insert=True)
    record("request_correction_proposed", correction, actor=world.cast.cted, appointment=correction.proposed_as)
    yield "request_correction", correction


def _body(cast: Cast) -> dict[str, Any]:
    return {
        "title": "Passenger data", "description": "No data are received.", "theme": "border",
        "assistance_types": ["training"], "beneficiary": "Passenger Information Unit", "deliverable": "A unit.",
        "quantity": 12, "unit": "people", "wanted_by": "2099-12-31", "contact_name": "Amal Idris",
        "contact_phone": "+1 202 555 0100", "asked_elsewhere": [{"name": "Another body", "outcome": "pending"}],
        "delivery_languages": ["en", "zh"], "audience_allowed": ["compact", "sumora"],
    }  # fmt: skip


def _form_fields() -> dict[str, Any]:
    """Return the fields of all steps of the form, without the file, which has a transition of its own."""
    found = {name: field for _label, form in STEPS.values() for name, field in form.base_fields.items()}
    return {name: field for name, field in found.items() if name != "note_verbale"}


CASES = (
    Cases(
        model=AssistanceRequest,
        rows=(
            Row("draft", STATE, _at("draft")),
            Row("proposed to a colleague", STATE, proposed),
            Row("submitted", PARTIES, _at("submitted")),
            Row("refusal proposed", PARTIES, refusal),
            Row("returned", PARTIES, returned),
            Row("authenticated", PARTIES, _at("authenticated")),
            Row("acknowledged", PARTIES, _at("acknowledged")),
            Row("cleared", PARTIES, _at("cleared")),
            Row("circulated", READERS, _at("circulated")),
            Row("with a question", READERS, asked),
            Row("with an offer", READERS, with_offer),
            Row("provider chosen", READERS, chosen),
            Row("in progress", READERS, in_progress),
            Row("met", READERS, met),
            Row("a year old", READERS, a_year_old),
            Row("withdrawn", PARTIES, withdrawn),
        ),
        recorders=("carana", "sumora"),
        editors=("carana",),
        form=lambda cast: {"language": "en", "title": "Passenger data"},
        form_fields=_form_fields,
        edit_page="edit-what",
        beside=frozenset({"asked_elsewhere"}),
        attachers=("carana",),
        leaks=_leaks,
        hidden=(Addition(STATE, _drafted), Addition(PARTIES, _submitted)),
        statements=6,  # who else was asked, and the days by which UNOCT acts
        runs={
            "attach-note": ("carana", "draft"),
            "submit": ("carana", "draft"),
            "confirm": ("carana", "draft"),
            "take-back": ("carana", "proposed to a colleague"),
            "authenticate": ("unoct", "submitted"),
            "refuse": ("unoct", "submitted"),
            "confirm-refusal": ("unoct", "submitted"),
            "drop-refusal": ("unoct", "refusal proposed"),
            "acknowledge": ("unoct", "authenticated"),
            "no-objection": ("carana", "acknowledged"),
            "object": ("carana", "acknowledged"),
            "send-back": ("unoct", "submitted"),
            "circulate": ("unoct", "cleared"),
            "ask": ("iom", "circulated"),
            "answer": ("carana", "with a question"),
            "choose": ("carana", "with an offer"),
            "confirm-choice": ("carana", "with an offer"),
            "drop-choice": ("carana", "with an offer"),
            "refer": ("unoct", "submitted"),
            "record-letter": ("unoct", "acknowledged"),
            "report-after-year": ("carana", "a year old"),
            "withdraw": ("carana", "circulated"),
        },
        proved=("submit", "confirm", "withdraw"),
        bodies={"withdraw": {"reason": "Solved by ourselves."}},
        body=_body,
        refused=(
            ({"title": ""}, {"title"}),
            ({"theme": "zzz"}, {"theme"}),
            ({"assistance_types": ["magic"]}, {"assistance_types.0"}),
            ({"quantity": 0}, {"quantity"}),
            ({"quantity": 10**9}, {"quantity"}),
            ({"unit": "furlongs"}, {"unit"}),
            ({"contact_email": "nobody"}, {"contact_email"}),
            ({"audience_allowed": ["nobody-known"]}, {"audience_allowed"}),
            ({"asked_nobody_else": True}, {"asked_nobody_else"}),
            ({"no_earlier_help": True, "earlier_help": "A course."}, {"no_earlier_help"}),
            ({"asked_elsewhere": [{"outcome": "pending"}]}, {"asked_elsewhere.0"}),
            ({"gender": "considered"}, {"gender_note"}),
        ),
        related={
            **CONSIDERED,
            "asked_elsewhere": {"asked_nobody_else"},
            "asked_nobody_else": {"asked_elsewhere"},
            "earlier_help": {"no_earlier_help"},
            "no_earlier_help": {"earlier_help"},
        },
    ),
    Cases(
        model=RequestCorrection,
        rows=(
            Row("proposed", PARTIES, _corrected),
            Row("accepted", PARTIES, _accepted),
            Row("refused", PARTIES, _refused),
            Row("proposed, and the request circulated since", PARTIES, _corrected_and_circulated),
        ),
        hidden=(Addition(PARTIES, _hidden_correction),),
        runs={"accept": ("carana", "proposed"), "refuse": ("carana", "proposed")},
        statements=5,  # what the requests say now
    ),
)
