"""Demonstration requests: one in each status, with questions, offers, a choice and a refusal to be confirmed."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from assistance.delivery import transitions as delivery
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.demo.letters import letter
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.offers.models import Offer
from assistance.requests import choosing, circulation, corrections, questions, transitions
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import Unit, YearAnswer
from assistance.workflow import editing
from entities.actors import Actor
from entities.models import Instrument, Theme
from web.languages import to_wire

FILE = Path(__file__).parent / "data" / "demo.json"


@dataclass(frozen=True)
class RequestData:
    """A request of a State; each step was taken the given number of days ago, None for never. `wanted` is in days."""

    key: str
    state: str
    text: str
    theme: str
    types: tuple[str, ...]
    result: str
    institution: str
    drafted: int
    submitted: int | None = None
    authenticated: int | None = None
    refused: int | None = None
    returned: int | None = None
    acknowledged: int | None = None
    cleared: int | None = None
    circulated: int | None = None
    withdrawn: int | None = None
    quantity: int | None = 24
    wanted: int | None = 200
    audience: tuple[str, ...] = ("compact",)


@dataclass(frozen=True)
class OfferedHelp:
    """A provider's proposal for a request: proposed, perhaps chosen, started, delivered, and verified so many days ago."""

    request: str
    provider: str
    share: int
    proposed: int
    chosen: int | None = None
    started: int | None = None
    delivered: int | None = None
    verified: int | None = None
    offer: str = ""
    places: int | None = None
    expert_days: int | None = None


REQUESTS = (
    RequestData(
        "draft", "carana", "evidence", "digital-evidence", ("training",), "manual", "prosecutor",
        drafted=4, quantity=None, wanted=None,
    ),
    RequestData("submitted", "carana", "payments", "cft", ("ict",), "system", "fiu", drafted=9, submitted=3),
    RequestData("refused", "katasi", "ports", "maritime", ("equipment",), "unit", "port", drafted=8, submitted=6, refused=2),
    RequestData(
        "returned", "sumora", "evidence", "digital-evidence", ("training",), "manual", "prosecutor",
        drafted=30, submitted=24, returned=20, quantity=None, wanted=None,
    ),
    RequestData(
        "acknowledged", "sumora", "payments", "cft", ("ict", "training"), "system", "fiu",
        drafted=15, submitted=9, authenticated=5, acknowledged=2,
    ),
    RequestData(
        "circulated", "katasi", "passengers", "border", ("training", "ict"), "unit", "interior",
        drafted=60, submitted=55, authenticated=50, acknowledged=49, cleared=47, circulated=45,
    ),
    RequestData(
        "offers", "carana", "passengers", "border", ("training",), "unit", "interior",
        drafted=75, submitted=70, authenticated=66, acknowledged=65, circulated=57,
    ),
    RequestData(
        "chosen", "sumora", "prisons", "prisons", ("training",), "manual", "prison-service",
        drafted=120, submitted=110, authenticated=106, acknowledged=105, cleared=104, circulated=102,
    ),
    RequestData(
        "withdrawn", "katasi", "ports", "maritime", ("equipment",), "unit", "port",
        drafted=150, submitted=140, authenticated=136, acknowledged=135, cleared=134, circulated=133, withdrawn=90,
    ),
    RequestData(  # closed as met, and answered after a year
        "met", "katasi", "passengers", "border", ("training",), "unit", "interior",
        drafted=395, submitted=385, authenticated=381, acknowledged=380, cleared=378, circulated=377, wanted=-120,
    ),
    RequestData(  # lapsed: nobody has offered help half a year after the last day for offers
        "lapsed", "katasi", "evidence", "digital-evidence", ("training",), "manual", "prosecutor",
        drafted=290, submitted=284, authenticated=280, acknowledged=279, cleared=277, circulated=276, wanted=-10,
    ),
)  # fmt: skip
HELP = (
    OfferedHelp("offers", "unodc", 60, offer="travel", places=15, expert_days=12, proposed=40),
    OfferedHelp("offers", "iom", 40, proposed=35),
    OfferedHelp("offers", "interpol", 100, offer="databases", places=24, proposed=33),
    OfferedHelp("chosen", "unodc", 100, offer="prisons", places=20, proposed=90, chosen=80, started=60),
    OfferedHelp("met", "iom", 100, proposed=350, chosen=340, started=320, delivered=230, verified=220),
)


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def _text(data: RequestData) -> texts.Text:
    return texts.Text(_file()["texts"][data.text])


def _short(group: str, key: str, language: str) -> str:
    return str(_file()[group][key][to_wire(language)])


def _said(actor: Actor, key: str) -> str:
    return _short("said", key, actor.user.language)


def load(demo: Demonstration) -> None:
    """Schedule requests, and the questions and offers of providers."""
    for data in REQUESTS:
        for when, action in (
            (data.drafted, _record), (data.submitted, _submit), (data.authenticated, _authenticate),
            (data.refused, _refuse), (data.returned, _return), (data.acknowledged, _acknowledge),
            (data.cleared, _clear), (data.circulated, _circulate), (data.withdrawn, _withdraw),
        ):  # fmt: skip
            demo.schedule(when, action, data)
    demo.schedule(43, _ask, "circulated", "interpol", "question")
    demo.schedule(41, _answer, "circulated", "answer")
    demo.schedule(12, _ask, "circulated", "iom", "second")
    demo.schedule(5, _ask, "offers", "iom", "interpreters")
    demo.schedule(1, _correct, "acknowledged")
    demo.schedule(44, _suggest, "offers", "icao")
    demo.schedule(38, _decline, "offers", "icao")
    for one in HELP:
        demo.schedule(one.proposed, _propose, one)
        demo.schedule(one.chosen, _choose, one)
        demo.schedule(one.started, _start, one)
        demo.schedule(one.delivered, _deliver, one)
        demo.schedule(one.verified, _verify, one)
    demo.schedule(379, _record_letter, "met", "acknowledgement")
    demo.schedule(8, _answer_year, "met")


def _record(demo: Demonstration, data: RequestData) -> None:
    actor = demo.people.focal_point(data.state)
    language, source = actor.user.language, _text(data)
    values = {
        "state": demo.organisations[data.state], "language": language, "title": source.title(language),
        "description": source.body(language), "theme": Theme.objects.get(pk=data.theme),
        "assistance_types": list(data.types), "deliverable": _short("results", data.result, language),
        "beneficiary": _short("institutions", data.institution, language),
        "instrument": Instrument.objects.filter(symbol="S/RES/2396 (2017)").first(),
        "quantity": data.quantity, "unit": Unit.PEOPLE if data.quantity else "",
        "wanted_by": demo.days.optional_day(data.wanted), "no_earlier_help": True, "asked_nobody_else": True,
        "delivery_languages": [language], "contact_name": actor.user.name, "contact_email": actor.user.email,
        "note_number": f"NV/{data.drafted}", "note_dated": demo.days.day(-data.drafted),
        "audience_allowed": list(data.audience),
    }  # fmt: skip
    row = editing.create(actor=actor, model=AssistanceRequest, values=values)
    texts.translate(row, ("title", "description"), source)
    demo.keep(data.key, row)


def _key(demo: Demonstration, data: RequestData) -> object:
    return demo.get(AssistanceRequest, data.key).pk


def _submit(demo: Demonstration, data: RequestData) -> None:
    actor = demo.people.focal_point(data.state)
    transitions.attach_note(actor=actor, assistance_request=_key(demo, data), note_verbale=letter())
    transitions.submit(actor=actor, assistance_request=_key(demo, data))


def _authenticate(demo: Demonstration, data: RequestData) -> None:
    actor = demo.people.actors["unoct.coordinator"]
    transitions.authenticate(actor=actor, assistance_request=_key(demo, data), how=_said(actor, "telephone"))


def _refuse(demo: Demonstration, data: RequestData) -> None:
    actor = demo.people.actors["unoct.second"]
    transitions.refuse(actor=actor, assistance_request=_key(demo, data), reason=_said(actor, "unknown"))


def _return(demo: Demonstration, data: RequestData) -> None:
    actor = demo.people.actors["unoct.coordinator"]
    transitions.send_back(
        actor=actor,
        assistance_request=_key(demo, data),
        parts=["quantity", "wanted_by"],
        reason=_said(actor, "unclear"),
    )


def _acknowledge(demo: Demonstration, data: RequestData) -> None:
    transitions.acknowledge(actor=demo.people.actors["unoct.coordinator"], assistance_request=_key(demo, data))


def _clear(demo: Demonstration, data: RequestData) -> None:
    transitions.no_objection(actor=demo.people.focal_point(data.state), assistance_request=_key(demo, data))


def _circulate(demo: Demonstration, data: RequestData) -> None:
    circulation.circulate(actor=demo.people.actors["unoct.coordinator"], assistance_request=_key(demo, data))


def _withdraw(demo: Demonstration, data: RequestData) -> None:
    actor = demo.people.focal_point(data.state)
    transitions.withdraw(actor=actor, assistance_request=_key(demo, data), reason=_said(actor, "solved"))


# ── Providers ──
def _ask(demo: Demonstration, key: str, provider: str, words: str) -> None:
    actor = demo.people.member_of(provider)
    questions.ask(actor=actor, assistance_request=demo.get(AssistanceRequest, key).pk, text=_said(actor, words))


def _answer(demo: Demonstration, key: str, words: str) -> None:
    row = demo.get(AssistanceRequest, key)
    actor = demo.people.focal_point(row.state.slug)
    question = row.questions.get(answered_at=None)
    questions.answer(actor=actor, assistance_request=row.pk, question=question.pk, answer=_said(actor, words))


def _correct(demo: Demonstration, key: str) -> None:
    row = demo.get(AssistanceRequest, key)
    actor = demo.people.assessor(row.state.slug)
    made = corrections.propose(
        actor=actor, assistance_request=row.pk, field="conditions",
        proposed=_short("said", "correction", row.language), why=_said(actor, "correction-why"),
    )  # fmt: skip
    demo.keep(key, made)


def _suggest(demo: Demonstration, key: str, provider: str) -> None:
    row = demo.get(AssistanceRequest, key)
    need, asked = Need.objects.get(assistance_requests=row), demo.organisations[provider]
    matches.propose(actor=demo.people.assessor(row.state.slug), need=need.pk, provider=asked, share=100)


def _decline(demo: Demonstration, key: str, provider: str) -> None:
    row, actor = demo.get(AssistanceRequest, key), demo.people.member_of(provider)
    match = Match.objects.get(need__assistance_requests=row, provider__slug=provider)
    matches.decline(actor=actor, match=match.pk, reason=_said(actor, "no-capacity"), reason_code="no_capacity")


def _propose(demo: Demonstration, one: OfferedHelp) -> None:
    need = Need.objects.get(assistance_requests=demo.get(AssistanceRequest, one.request))
    matches.propose(
        actor=demo.people.member_of(one.provider), need=need.pk, share=one.share,
        offer=demo.get(Offer, one.offer).pk if one.offer else None, reserved_places=one.places,
        reserved_expert_days=one.expert_days,
    )  # fmt: skip


def _match(demo: Demonstration, one: OfferedHelp) -> Match:
    row = demo.get(AssistanceRequest, one.request)
    return Match.objects.get(need__assistance_requests=row, provider__slug=one.provider)


def _choose(demo: Demonstration, one: OfferedHelp) -> None:
    row = demo.get(AssistanceRequest, one.request)
    actor = demo.people.focal_point(row.state.slug)
    choosing.choose(actor=actor, assistance_request=row.pk, matches=[_match(demo, one)])


def _start(demo: Demonstration, one: OfferedHelp) -> None:
    matches.start(actor=demo.people.member_of(one.provider), match=_match(demo, one).pk)


def _deliver(demo: Demonstration, one: OfferedHelp) -> None:
    match, actor = _match(demo, one), demo.people.member_of(one.provider)
    delivery.deliver(
        actor=actor, match=match.pk, note=texts.said(actor, "deliver"), trained_women=9, trained_men=15,
        documents=texts.said(actor, "documents"),
    )  # fmt: skip


def _verify(demo: Demonstration, one: OfferedHelp) -> None:
    need = _match(demo, one).need
    actor = demo.people.assessor(need.state.slug)
    needs.verify(actor=actor, need=need.pk, outcome="met", note=texts.said(actor, "met"))


# ── After a year, and letters ──
def _record_letter(demo: Demonstration, key: str, kind: str) -> None:
    row, actor = demo.get(AssistanceRequest, key), demo.people.actors["unoct.coordinator"]
    today = timezone.now().date()
    transitions.record_letter(
        actor=actor, assistance_request=row.pk, letter=kind, number=f"UNOCT/{today:%Y}/17", sent_on=today
    )


def _answer_year(demo: Demonstration, key: str) -> None:
    row = demo.get(AssistanceRequest, key)
    actor = demo.people.focal_point(row.state.slug)
    transitions.report_after_year(
        actor=actor, assistance_request=row.pk, answer=YearAnswer.PARTLY, note=_said(actor, "year")
    )
