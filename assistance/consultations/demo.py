"""Demonstration consultations: two rounds on travel with Carana, a round on the analysis of threats open with Katasi."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assistance.consultations import transitions
from assistance.consultations.models import Consultation, Round
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.workflow import editing
from entities.models import Instrument, Programme, Theme

# Key, programme, State, instrument, provision, language, when recorded (days before today).
CONSULTATIONS = (
    ("airports", "CT-TRAVEL", "carana", "S/RES/2396 (2017)", "operative paragraph 11", "en", 320),
    ("fusion", "FUSION", "katasi", "S/RES/1373 (2001)", "paragraphe 2 b)", "fr", 60),
)
# Theme, framework, level, current state, gap, challenge, assistance already given.
FINDINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "airports": (
        (
            "api-pnr", "legislative", "partial", "The aviation act obliges airlines to send passenger information in advance.",
            "It says nothing on how long the information is kept, and who may ask for it.", "Two ministries claim the data.",
            "UNODC commented on a first draft.",
        ),
        (
            "api-pnr", "institutional", "partial", "A passenger information unit was decreed.", "It has no staff of its own.", "",
            "",
        ),
        (
            "border", "operational", "none", "Two of four airports receive the information and compare it by hand.",
            "No system compares it with the watch lists.", "", "IOM trained 24 officers in 2024.",
        ),
        ("border", "response_capacity", "not_assessed", "Officers on duty at night can reach a prosecutor.", "", "", ""),
    ),
    "fusion": (
        (
            "fusion", "institutional", "none", "Quatre services évaluent la menace, chacun pour son ministère.",
            "Aucune cellule ne réunit leurs analyses.", "Les règles de classification diffèrent.", "",
        ),
    ),
}  # fmt: skip
# Name, unit, baseline in each round, target, target in days from today, means of verification.
PARAMETERS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "airports": (
        ("Airports that receive advance passenger information", "number", ("1", "2"), "4", 400, "Records of the system"),
        ("Flights whose passengers are compared with the watch lists", "percent", ("0", "15"), "90", 500, "Monthly report"),
        ("Resolution 2396, operative paragraph 11", "level", ("none", "partial"), "full", 700, "Survey"),
        ("The unit has a budget of its own", "yes_no", ("no", "no"), "yes", -40, "Budget law"),
    ),
    "fusion": (),
}  # fmt: skip


PARTICIPANTS = {
    "airports": "Ministry of Interior\nCivil Aviation Authority\nUNODC",
    "fusion": "Ministère de l’intérieur\nÉtat-major",
}


def load(demo: Demonstration) -> None:
    """Schedule both consultations, their rounds, and what the State of the first says of them."""
    for data in CONSULTATIONS:
        demo.schedule(data[-1], _record, data)
    for number, opened, closed, commented in ((1, 300, 285, 270), (2, 60, 45, 30)):
        demo.schedule(opened, _open, "airports", 4)
        demo.schedule(closed, _fill, "airports", number)
        demo.schedule(closed - 1, _close, "airports")
        demo.schedule(commented, _comment, "airports", COMMENTS[number])
    demo.schedule(9, _open, "fusion", 3)
    demo.schedule(5, _fill, "fusion", 1)


COMMENTS = {
    1: "We agree with the findings. The unit moves into its building in autumn.",
    2: "The second airport was connected in May. The budget of the unit is before parliament.",
}


def _record(demo: Demonstration, data: tuple[Any, ...]) -> None:
    key, programme, state, symbol, provision, language, _days = data
    text = texts.text("consultations", key)
    values = {
        "programme": Programme.objects.get(pk=programme),
        "state": demo.organisations[state],
        "language": language,
        "title": text.title(language),
        "instrument": Instrument.objects.get(symbol=symbol),
        "provision": provision,
    }
    row = editing.create(actor=demo.people.assessor(state), model=Consultation, values=values)
    texts.translate(row, ("title",), text)
    demo.keep(key, row)


def _open(demo: Demonstration, key: str, days: int) -> None:
    row, today = _consultation(demo, key), timezone.now().date()
    values = {
        "consultation": row,
        "language": row.language,
        "starts_on": today,
        "ends_on": today + timedelta(days=days),
        "mode": "hybrid",
        "participants": PARTICIPANTS[key],
    }
    editing.create(actor=demo.people.assessor(row.state.slug), model=Round, values=values)


def _fill(demo: Demonstration, key: str, number: int) -> None:
    row = _consultation(demo, key)
    themes = Theme.objects.in_bulk()
    names = ("level", "current_state", "gap", "challenge", "intervention")
    findings = [
        {
            "theme": themes[theme],
            "framework": framework,
            "instrument": None if rest[0] == "not_assessed" else row.instrument,
            **dict(zip(names, rest, strict=True)),
        }
        for theme, framework, *rest in FINDINGS[key]
    ]
    parameters = [
        {
            "name": name, "unit": unit, "baseline": baselines[number - 1], "baseline_on": timezone.now().date(), "target": target,
            "target_by": demo.days.day(by), "means": means,
        }
        for name, unit, baselines, target, by, means in PARAMETERS[key]
    ]  # fmt: skip
    values = {"findings": findings, "parameters": parameters}
    editing.edit(actor=demo.people.assessor(row.state.slug), model=Round, pk=_last(row).pk, values=values)


def _close(demo: Demonstration, key: str) -> None:
    row = _consultation(demo, key)
    transitions.close(actor=demo.people.assessor(row.state.slug), round=_last(row).pk)


def _comment(demo: Demonstration, key: str, text: str) -> None:
    row = _consultation(demo, key)
    transitions.comment(actor=demo.people.focal_point(row.state.slug), round=_last(row).pk, text=text)


def _consultation(demo: Demonstration, key: str) -> Consultation:
    return Consultation.objects.select_related("state", "instrument").get(pk=demo.get(Consultation, key).pk)


def _last(row: Consultation) -> Round:
    return row.rounds.latest("number")
