"""Demonstration reports: drafts, observations, adopted recommendations, replies and ratings."""

from dataclasses import dataclass

from assistance.access import row_security
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs.demo import NEEDS
from assistance.needs.models import Need
from assistance.recommendations import answers, procedure, rating
from assistance.recommendations.models import Recommendation
from assistance.visits.demo import section_key
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from entities.models import Instrument, Theme


@dataclass(frozen=True)
class ReportData:
    """How far the report of a visit has come, each step so many days ago; `said` is recommendation → status of the reply."""

    visit: str
    texts: tuple[str, ...]
    recorded: int | None = None  # when the recommendations were
    agreed: int | None = None
    draft: int | None = None
    observed: int | None = None
    unobserved: int | None = None  # when the time for observations ended without any
    adopted: int | None = None
    final: int | None = None
    replied: int | None = None
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RatingData:
    """A rating of a recommendation, so many days ago, based on a later visit."""

    visit: str
    text: str
    rated: str
    ago: int
    basis: str


REPORTS = (
    ReportData(
        "carana-1", ("law", "finance", "api", "biometrics", "cooperation", "rights"), recorded=203, agreed=240,
        draft=218, observed=206,
        adopted=199, final=195, replied=36,
        said=(
            ("law", "implemented"), ("finance", "under_way"), ("api", "under_way"), ("biometrics", "implemented"),
            ("cooperation", "planned"), ("rights", "not_accepted"),
        ),
    ),
    # The reply is overdue.
    ReportData(
        "sumora-1", ("law", "finance", "api", "rights"), recorded=194, agreed=245, draft=223, unobserved=193, adopted=191,
        final=190,
    ),
    ReportData("katasi-2", ("finance", "api", "rights"), recorded=96, draft=95, observed=80),
    ReportData("carana-2", (), agreed=45),
    ReportData("sumora-2", ("api", "cooperation"), recorded=14, agreed=70, draft=12),
    ReportData("katasi-3", (), agreed=5),
)  # fmt: skip
# Three recommendations of the first visit are reviewed at the second one; the last rating leads to a need reopened.
RATINGS = (
    RatingData("carana-1", "law", "implemented", 24, "carana-2"),
    RatingData("carana-1", "biometrics", "partly", 23, "carana-2"),
    RatingData("carana-1", "api", "not", 22, "carana-2"),
)


def load(demo: Demonstration) -> None:
    """Schedule the steps of every report, and the ratings."""
    for data in REPORTS:
        for number, key in enumerate(data.texts, start=1):
            demo.schedule(data.recorded, _recommend, data, number, key)
        demo.schedule(data.agreed, _agree, data)
        demo.schedule(data.draft, _send_draft, data)
        demo.schedule(data.observed, _observe, data)
        demo.schedule(data.unobserved, _end_observations, data)
        demo.schedule(data.adopted, _adopt, data)
        demo.schedule(data.final, _send_final, data)
        demo.schedule(data.replied, _reply, data)
    for one in RATINGS:
        demo.schedule(one.ago, _rate, one)


def recommendation_key(visit: str, text: str) -> str:
    """Return the key of the recommendation of a visit's report that has this text."""
    return f"{visit}/{text}"


def _recommend(demo: Demonstration, data: ReportData, number: int, key: str) -> None:
    visit = demo.get(Visit, data.visit)
    state = visit.state.slug
    actor, text = demo.people.assessor(state), texts.text("recommendations", key)
    language, facts = actor.user.language, text.facts
    known = {need.text: need for need in NEEDS if need.state == state}
    needs = [demo.find(Need, known[name].key) for name in facts["needs"] if name in known]
    values = {
        "visit": visit,
        "section": demo.get(Section, section_key(data.visit, facts["section"])),
        "number": number,
        "language": language,
        "title": text.title(language),
        "text": text.body(language),
        "theme": Theme.objects.get(code=facts["theme"]),
        "instrument": Instrument.objects.get(symbol=facts["instrument"]),
        "provisions": facts["provisions"],
        "priority": facts["priority"],
        "needs": [need for need in needs if need is not None],
    }
    row = editing.create(actor=actor, model=Recommendation, values=values)
    texts.translate(row, ("title", "text"), text)
    demo.keep(recommendation_key(data.visit, key), row)


def _agree(demo: Demonstration, data: ReportData) -> None:
    visit = demo.get(Visit, data.visit)
    procedure.record_host_consent(actor=demo.people.assessor(visit.state.slug), visit=visit.pk)


def _send_draft(demo: Demonstration, data: ReportData) -> None:
    visit = demo.get(Visit, data.visit)
    procedure.send_draft(actor=demo.people.assessor(visit.state.slug), visit=visit.pk)


def _observe(demo: Demonstration, data: ReportData) -> None:
    visit = demo.get(Visit, data.visit)
    actor = demo.people.focal_point(visit.state.slug)
    procedure.observe(actor=actor, visit=visit.pk, text=texts.said(actor, "observations"))


def _end_observations(demo: Demonstration, data: ReportData) -> None:
    with row_security.bypass():
        procedure.end_observations(Visit.objects.select_related("state").get(pk=demo.get(Visit, data.visit).pk))


def _adopt(demo: Demonstration, data: ReportData) -> None:
    visit = demo.get(Visit, data.visit)
    procedure.adopt(actor=demo.people.assessor(visit.state.slug), visit=visit.pk)


def _send_final(demo: Demonstration, data: ReportData) -> None:
    visit = demo.get(Visit, data.visit)
    procedure.send_final(actor=demo.people.assessor(visit.state.slug), visit=visit.pk)


def _reply(demo: Demonstration, data: ReportData) -> None:
    visit = demo.get(Visit, data.visit)
    actor = demo.people.focal_point(visit.state.slug)
    for key, said in data.said:
        row = demo.get(Recommendation, recommendation_key(data.visit, key))
        action = texts.said(actor, f"reply-{said.replace('_', '-')}")
        answers.save(actor=actor, recommendation=row.pk, said=said, action=action)
    procedure.reply(actor=actor, visit=visit.pk)


def _rate(demo: Demonstration, data: RatingData) -> None:
    row = demo.get(Recommendation, recommendation_key(data.visit, data.text))
    actor = demo.people.assessor(row.visit.state.slug)
    why = texts.said(actor, f"rating-{data.rated}")
    rating.rate(actor=actor, recommendation=row.pk, rated=data.rated, why=why, basis=demo.get(Visit, data.basis))
