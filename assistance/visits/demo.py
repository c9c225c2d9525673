"""Demonstration visits, with the sections of their reports."""

from dataclasses import dataclass

from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.visits.models import Section, Visit
from assistance.workflow import editing

# A full report, in order. The text of a need refers to a section by its number in this list.
REPORT = ("overview", "justice", "finance", "borders", "cooperation", "rights")


@dataclass(frozen=True)
class VisitData:
    """A visit, recorded and reported so many days ago; `sections` are keys of texts, CTED is always a delegate."""

    key: str
    state: str
    kind: str
    mode: str
    recorded: int
    starts: int
    ends: int
    delegation: tuple[str, ...] = ()
    reported: int | None = None
    sections: tuple[str, ...] = ()
    follows: str = ""


VISITS = (
    VisitData(
        "katasi-1", "katasi", "focused", "on_site", recorded=320, starts=-300, ends=-296, delegation=("unodc",),
        reported=291, sections=("overview", "justice", "finance", "borders"),
    ),
    VisitData(
        "carana-1", "carana", "comprehensive", "on_site", recorded=250, starts=-230, ends=-225,
        delegation=("unodc", "iom", "interpol"), reported=220, sections=REPORT,
    ),
    VisitData(
        "sumora-1", "sumora", "comprehensive", "hybrid", recorded=255, starts=-235, ends=-230,
        delegation=("unodc", "interpol"), reported=225, sections=REPORT,
    ),
    VisitData(
        "katasi-2", "katasi", "comprehensive", "on_site", recorded=135, starts=-115, ends=-110,
        delegation=("unodc", "iom", "icao"), reported=105, sections=REPORT,
    ),
    VisitData(
        "sumora-2", "sumora", "focused", "virtual", recorded=80, starts=-60, ends=-57, reported=52,
        sections=("overview", "borders", "cooperation", "rights"),
    ),
    VisitData(
        "carana-2", "carana", "follow_up", "hybrid", recorded=54, starts=-34, ends=-30, delegation=("iom",),
        reported=25, sections=("overview", "justice", "borders", "rights"), follows="carana-1",
    ),
    VisitData("sumora-3", "sumora", "follow_up", "on_site", recorded=21, starts=-1, ends=4, delegation=("interpol",)),
    VisitData("katasi-3", "katasi", "advocacy", "virtual", recorded=20, starts=40, ends=42, delegation=("unodc",)),
)  # fmt: skip


def load(demo: Demonstration) -> None:
    """Schedule every visit and the sections of its report, in order."""
    for data in VISITS:
        demo.schedule(data.recorded, _record, data)
        for number, key in enumerate(data.sections, start=1):
            demo.schedule(data.reported, _record_section, data, number, key)


def section_key(visit: str, text: str) -> str:
    """Return the key of the section of a visit's report that has this text."""
    return f"{visit}/{text}"


def _record(demo: Demonstration, data: VisitData) -> None:
    values = {
        "state": demo.organisations[data.state],
        "kind": data.kind,
        "mode": data.mode,
        "starts_on": demo.days.day(data.starts),
        "ends_on": demo.days.day(data.ends),
        "delegation": [demo.organisations[slug] for slug in ("cted", *data.delegation)],
        "follows": demo.find(Visit, data.follows) if data.follows else None,
    }
    demo.keep(data.key, editing.create(actor=demo.people.assessor(data.state), model=Visit, values=values))


def _record_section(demo: Demonstration, data: VisitData, number: int, key: str) -> None:
    actor, text = demo.people.assessor(data.state), texts.text("sections", key)
    language = actor.user.language
    values = {
        "visit": demo.get(Visit, data.key),
        "number": number,
        "language": language,
        "title": text.title(language),
        "text": text.body(language),
    }
    section = editing.create(actor=actor, model=Section, values=values)
    texts.translate(section, ("title", "text"), text)
    demo.keep(section_key(data.key, key), section)
