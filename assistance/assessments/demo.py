"""Demonstration assessments: a review of laws, an audit that was published and recorded twice, one planned, one overdue."""

from dataclasses import dataclass
from typing import Any

from assistance.assessments import comments, transitions
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.consents import transitions as consents
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs.models import Need
from assistance.workflow import editing
from entities.models import Instrument, Theme

INSTRUMENTS = {"laws": ("S/RES/1373 (2001)", "S/RES/2178 (2014)"), "airports": ("S/RES/2309 (2016)",)}
# Theme, framework, text, whether it is a gap.
FINDINGS: dict[str, tuple[tuple[str, str, str, bool], ...]] = {
    "laws": (  # in Spanish, as the review is
        (
            "legislation", "legislative",
            "El viaje para recibir adiestramiento con fines terroristas no constituye un delito autónomo.", True,
        ),
        (
            "criminal-justice", "legislative",
            "Los tribunales admiten, en condiciones claras, las pruebas obtenidas en el extranjero.", False,
        ),
        (
            "criminal-justice", "institutional",
            "Ninguna unidad de la fiscalía se encarga de los casos de terrorismo; los expedientes están repartidos entre nueve "
            "oficinas.",
            True,
        ),
    ),
    "airports": (
        ("aviation", "operational", "Staff who enter restricted areas are not screened at night.", True),
        ("aviation", "response_capacity", "The plan for an attack on the terminal was exercised twice in the last year.", False),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class AssessmentData:
    """An assessment and when what happened to it, in days before today; `starts` and `ends` are days from today."""

    key: str
    text: str
    entity: str
    state: str
    kind: str
    recorded: int
    starts: int
    ends: int
    started: int | None = None
    found: int | None = None
    finished: int | None = None
    published: int | None = None
    same_as: str = ""


ASSESSMENTS = (
    AssessmentData(
        "laws", "laws", "unodc", "katasi", "legal_review", recorded=210, starts=-190, ends=-160, started=189, found=155,
        finished=154,
    ),
    AssessmentData(
        "airports", "airports", "icao", "carana", "audit", recorded=165, starts=-150, ends=-141, started=149, found=136,
        finished=135, published=130,
    ),
    AssessmentData(
        "airports-2", "airports", "interpol", "carana", "audit", recorded=132, starts=-150, ends=-141, started=131,
        finished=130, same_as="airports",
    ),
    AssessmentData("prisons", "prisons", "undp", "sumora", "needs_assessment", recorded=75, starts=-50, ends=-24, started=49),
    AssessmentData("posts", "posts", "iom", "carana", "needs_assessment", recorded=28, starts=20, ends=27),
)  # fmt: skip


def load(demo: Demonstration) -> None:
    """Schedule every assessment, what its entity does with it, and what State and CTED do with the review of laws."""
    for data in ASSESSMENTS:
        demo.schedule(data.recorded, _record, data)
        demo.schedule(data.started, _start, data)
        demo.schedule(data.found, _find, data)
        demo.schedule(data.finished, _finish, data)
        demo.schedule(data.published, _publish, data)
    demo.schedule(150, _comment, "katasi.focal", _BY_STATE)
    demo.schedule(148, _comment, "unodc.focal", _BY_ENTITY)
    demo.schedule(142, _release)
    demo.schedule(18, _propose_need)


_BY_STATE = "Le parquet a créé une telle unité en septembre. Nous joindrons la décision."
_BY_ENTITY = "Gracias. Lo tendremos en cuenta en la próxima actualización."


def _entity(demo: Demonstration, data: AssessmentData) -> Any:
    return demo.people.member_of(data.entity)


def _record(demo: Demonstration, data: AssessmentData) -> None:
    text, actor = texts.text("assessments", data.text), _entity(demo, data)
    language = actor.user.language
    values = {
        "entity": demo.organisations[data.entity],
        "state": demo.organisations[data.state],
        "kind": data.kind,
        "language": language,
        "title": text.title(language),
        "summary": text.body(language),
        "themes": list(Theme.objects.filter(pk__in=text.facts["themes"])),
        "instruments": list(Instrument.objects.filter(symbol__in=INSTRUMENTS.get(data.text, ()))),
        "starts_on": demo.days.day(data.starts),
        "ends_on": demo.days.day(data.ends),
    }
    if data.same_as:
        values["same_as"] = AssessmentLine.objects.get(assessment=demo.get(Assessment, data.same_as).pk)
    row = editing.create(actor=actor, model=Assessment, values=values)
    texts.translate(row, ("title", "summary"), text)
    demo.keep(data.key, row)


def _start(demo: Demonstration, data: AssessmentData) -> None:
    transitions.start(actor=_entity(demo, data), assessment=demo.get(Assessment, data.key).pk)


def _find(demo: Demonstration, data: AssessmentData) -> None:
    themes = Theme.objects.in_bulk()
    given = [
        {"theme": themes[theme], "framework": framework, "text": text, "is_gap": is_gap}
        for theme, framework, text, is_gap in FINDINGS[data.text]
    ]
    _edit(demo, data, {"findings": given})


def _finish(demo: Demonstration, data: AssessmentData) -> None:
    transitions.finish(actor=_entity(demo, data), assessment=demo.get(Assessment, data.key).pk)


def _publish(demo: Demonstration, data: AssessmentData) -> None:
    _edit(demo, data, {"is_public": True, "public_link": "https://reports.example.org/airports"})


def _edit(demo: Demonstration, data: AssessmentData, values: dict[str, Any]) -> None:
    key = demo.get(Assessment, data.key).pk
    editing.edit(actor=_entity(demo, data), model=Assessment, pk=key, values=values)


def _comment(demo: Demonstration, person: str, text: str) -> None:
    comments.add(actor=demo.people.actors[person], assessment=demo.get(Assessment, "laws").pk, text=text)


def _release(demo: Demonstration) -> None:
    row = Assessment.objects.get(pk=demo.get(Assessment, "laws").pk)
    consents.release(actor=demo.people.focal_point("katasi"), rows=[row], audience="compact")


def _propose_need(demo: Demonstration) -> None:
    row, text = demo.get(Assessment, "laws"), texts.text("assessments", "travel")
    gap = row.findings.filter(is_gap=True).earliest("number")
    values: dict[str, Any] = {"title": text.title(row.language), "assistance_type": "legislation", "priority": "high"}
    transitions.propose_need(actor=demo.people.assessor("katasi"), assessment=row.pk, finding=gap, **values)
    texts.translate(Need.objects.get(findings=gap), ("title", "description"), text)
