"""Demonstration projects, all recorded in the portal and none imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs.models import Need
from assistance.projects import comments, reporting, transitions
from assistance.projects.models import Period, Project
from assistance.workflow import editing
from entities.actors import Actor
from entities.models import Theme

Span = tuple[int | None, int | None]


@dataclass(frozen=True)
class ProjectData:
    """A project, recorded so many days ago. Start and end, planned and actual, are in days from today.

    `confirmed` and `cancelled` are so many days ago, too.
    `partners` gives the role of each partner by its organisation, `needs` the keys of the needs it serves, `shares` the
    percentages of its States, `parent` the key of the project of which it is a part.
    """

    text: str
    lead: str
    states: tuple[str, ...]
    status: str
    language: str
    recorded: int
    planned: Span = (None, None)
    actual: Span = (None, None)
    budget: int | None = None
    partners: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    results: str = ""
    restricted: bool = False
    confirmed: int | None = None
    cancelled: int | None = None
    mode: str = ""
    parent: str = ""
    shares: Mapping[str, int] = field(default_factory=dict)


PROJECTS = (
    ProjectData(
        "borders", "iom", ("carana", "katasi"), "completed", "fr", recorded=200, planned=(-400, -40),
        actual=(-390, -35), budget=1850000, partners={"demo-fund": "funding", "interpol": "implementing"},
        needs=("katasi/border",), results="Onze postes équipés, 212 agents formés, douze formateurs internes.",
    ),
    ProjectData(
        "rights", "ohchr", ("sumora",), "completed", "en", recorded=250, planned=(-500, -120), actual=(-480, -100),
        budget=420000, partners={"undp": "funding"}, results="Curriculum adopted; thirty trainers certified.",
    ),
    ProjectData(
        "travel", "unodc", ("carana", "sumora"), "ongoing", "en", recorded=90, planned=(-180, 540), actual=(-150, None),
        budget=3200000, partners={"unoct": "accountable", "iom": "implementing", "demo-fund": "funding"},
        needs=("sumora/api-pnr",), mode="joint", shares={"carana": 60, "sumora": 40},
    ),
    # The two parts of this joint programme, which its budget includes
    ProjectData(
        "travel-unit", "iom", ("carana",), "ongoing", "en", recorded=88, planned=(-100, 300), actual=(-90, None),
        budget=900000, parent="travel",
    ),
    ProjectData(
        "travel-law", "unodc", ("sumora",), "ongoing", "en", recorded=86, planned=(-100, 200), actual=(-80, None),
        budget=700000, parent="travel", partners={"ohchr": "designing"},
    ),
    ProjectData(
        "finance", "unodc", ("katasi", "sumora"), "ongoing", "es", recorded=45, planned=(-420, -30),
        actual=(-400, None), budget=760000, partners={"undp": "funding"}, needs=("katasi/cft", "sumora/cft"),
    ),
    ProjectData(
        "justice", "unodc", ("carana",), "ongoing", "fr", recorded=30, planned=(-60, 300), actual=(-45, None),
        budget=540000, partners={"ohchr": "implementing"}, needs=("carana/criminal-justice",),
    ),
    ProjectData(
        "aviation", "icao", ("katasi",), "ongoing", "en", recorded=20, planned=(-40, 200), actual=(-30, None),
        budget=310000, needs=("katasi/aviation",),
    ),
    ProjectData(
        "prevention", "undp", ("sumora", "katasi"), "planned", "ru", recorded=6, planned=(60, 780), budget=2400000,
        partners={"demo-fund": "funding"}, needs=("sumora/prevention-plan",),
    ),
    ProjectData(
        "ports", "iom", ("sumora",), "planned", "en", recorded=6, planned=(90, 400), budget=900000,
        partners={"demo-institute": "implementing", "demo-fund": "funding"}, needs=("sumora/cbrn",), restricted=True,
    ),
    # Asked to be confirmed
    ProjectData("strategy", "undp", ("carana",), "requested", "ru", recorded=172),
    ProjectData("victims", "unodc", ("sumora",), "requested", "es", recorded=190, confirmed=25),
    ProjectData(
        "prisons", "unodc", ("sumora", "katasi"), "suspended", "es", recorded=204,  # not confirmed since planned=(-200, 200),
        actual=(-190, None), budget=680000,
    ),
    # Cancelled, so that its lead is asked how the match goes on that it carried
    ProjectData(
        "return", "iom", ("carana",), "ongoing", "fr", recorded=22, planned=(-30, 330), budget=260000, cancelled=4
    ),
    ProjectData("gender", "ohchr", ("carana",), "cancelled", "ar", recorded=60, planned=(-120, 120), budget=150000),
)  # fmt: skip


@dataclass(frozen=True)
class PeriodData:
    """A period of the indicator of a project, in days from today; `reported` and `answered` are so many days ago."""

    project: str
    reporter: str
    days: tuple[int, int]
    target: str
    actual: str = ""
    reported: int | None = None
    answered: int | None = None
    sent_back: str = ""


INDICATORS = {
    "travel": {"name": "Airports that use passenger data", "unit": "number", "baseline": "1", "target": "6"},
    "justice": {
        "name": "Délai moyen d’instruction, en jours", "unit": "number", "baseline": "210", "target": "90",
        "lower_is_better": True,
    },
}  # fmt: skip
SESSIONS = {"travel": ((-70, "Carana", 18, 22), (-28, "Sumora", 9, 14))}  # day, place, women, men
PERIODS = (
    PeriodData("travel", "iom", (-150, -80), "2", "2", reported=24, answered=22),
    PeriodData("travel", "iom", (-79, -40), "3", "4", reported=18, answered=15),
    PeriodData("travel", "iom", (-39, -10), "4"),  # late
    PeriodData(
        "justice", "ohchr", (-45, -12), "180", "150", reported=8, answered=5, sent_back="Quelles juridictions ?"
    ),
)


# Of States on the project “travel”: who, how many days ago, and what.
COMMENTS = (
    ("carana.focal", 16, "The unit at the airport moves in April. Please hold no session in that month."),
    ("sumora.focal", 6, "Two of the fourteen officers have changed posts; we will send the names of the new ones."),
)


def load(demo: Demonstration) -> None:
    """Schedule every project, and what is reported of them."""
    for data in PROJECTS:
        demo.schedule(data.recorded, _record, data)
        if data.confirmed is not None:
            demo.schedule(data.confirmed, _confirm, data)
        demo.schedule(data.cancelled, _cancel, data)
    for project in INDICATORS:
        demo.schedule(26, _plan, project)
    for person, day, text in COMMENTS:
        demo.schedule(day, _comment, person, text)
    for period in PERIODS:
        if period.reported is not None:
            demo.schedule(period.reported, _report, period)
            demo.schedule(period.answered, _answer, period)


def _plan(demo: Demonstration, key: str) -> None:
    """Record the indicator of a project, then its periods."""
    project, day = demo.get(Project, key), demo.days.day
    edit = partial(editing.edit, actor=_lead(demo, project), model=Project, pk=project.pk)
    edit(values={"indicators": [INDICATORS[key]]})
    periods = [
        {
            "indicator": project.indicators.get().pk,
            "organisation": demo.organisations[data.reporter],
            "starts_on": day(data.days[0]),
            "ends_on": day(data.days[1]),
            "target": data.target,
        }
        for data in PERIODS
        if data.project == key
    ]
    sessions = [
        {"held_on": day(held), "place": place, "trained_women": women, "trained_men": men}
        for held, place, women, men in SESSIONS.get(key, ())
    ]
    edit(values={"periods": periods, "sessions": sessions})


def _lead(demo: Demonstration, project: Project) -> Actor:
    return demo.people.member_of(project.lead.slug if project.lead else "")


def _period(demo: Demonstration, data: PeriodData) -> Period:
    return Period.objects.get(
        indicator__project=demo.get(Project, data.project).pk, ends_on=demo.days.day(data.days[1])
    )


def _report(demo: Demonstration, data: PeriodData) -> None:
    project, actor = demo.get(Project, data.project), demo.people.member_of(data.reporter)
    reporting.report(actor=actor, project=project.pk, period=_period(demo, data).pk, actual=data.actual)


def _answer(demo: Demonstration, data: PeriodData) -> None:
    project, period = demo.get(Project, data.project), _period(demo, data).pk
    actor = _lead(demo, project)
    if data.sent_back:
        reporting.send_back(actor=actor, project=project.pk, period=period, reason=data.sent_back)
    else:
        reporting.accept(actor=actor, project=project.pk, period=period)


def _comment(demo: Demonstration, person: str, text: str) -> None:
    comments.add(actor=demo.people.actors[person], project=demo.get(Project, "travel").pk, text=text)


def _confirm(demo: Demonstration, data: ProjectData) -> None:
    project = demo.get(Project, data.text)
    transitions.confirm(actor=demo.people.member_of(data.lead), project=project.pk)


def _cancel(demo: Demonstration, data: ProjectData) -> None:
    project = demo.get(Project, data.text)
    actor = demo.people.member_of(data.lead)
    editing.edit(actor=actor, model=Project, pk=project.pk, values={"status": "cancelled"})


def _record(demo: Demonstration, data: ProjectData) -> None:
    text, day = texts.text("projects", data.text), demo.days.optional_day
    values = {
        "lead": demo.organisations[data.lead],
        "language": data.language,
        "title": text.title(data.language),
        "description": text.body(data.language),
        "status": data.status,
        "planned_start": day(data.planned[0]),
        "planned_end": day(data.planned[1]),
        "actual_start": day(data.actual[0]),
        "actual_end": day(data.actual[1]),
        "budget": data.budget,
        "currency": "USD" if data.budget else "",
        "results": data.results,
        "is_restricted": data.restricted,
        "states": [demo.organisations[slug] for slug in data.states],
        "themes": list(Theme.objects.filter(pk__in=text.facts["themes"])),
        "needs": [demo.get(Need, key) for key in data.needs],
        "partners": [(demo.organisations[slug], role) for slug, role in data.partners.items()],
        "mode": data.mode,
        "parent": demo.get(Project, data.parent) if data.parent else None,
        "shares": [{"state": demo.organisations[slug], "percent": Decimal(part)} for slug, part in data.shares.items()],
    }
    project = editing.create(actor=demo.people.member_of(data.lead), model=Project, values=values)
    texts.translate(project, ("title", "description"), text)
    demo.keep(data.text, project)
