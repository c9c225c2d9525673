"""The cases of recommendations, observations, replies and ratings."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import time_machine
from django.urls import reverse
from django.utils import timezone

from assistance.access.models import Restricted
from assistance.consents import transitions as consents
from assistance.recommendations import procedure, rating
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.recommendations.tests import reports
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, OWNERS, Cast
from assistance.tests.world import World
from assistance.visits.models import Section, Visit
from files.tests import samples

STATE = frozenset({"carana", "observer"})
Make = Callable[[Cast], Any]


def _with_its_recommendation(row: Any) -> list[Restricted]:
    """Return a row and the recommendation that it is about, with which alone it is seen."""
    about = getattr(row, "recommendation", None)
    return [row, *([about] if about else [])]


def _released(make: Make, audience: Any = "compact") -> Make:
    def made(cast: Cast) -> Restricted:
        row = make(cast)
        consents.release(actor=cast.carana, rows=_with_its_recommendation(row), audience=audience)
        row.refresh_from_db()
        return row

    return made


def _withdrawn(make: Make) -> Make:
    def made(cast: Cast) -> Restricted:
        row = _released(make)(cast)
        consents.withdraw(actor=cast.carana, rows=[row])
        row.refresh_from_db()
        return row

    return made


def _ended(make: Make) -> Make:
    def made(cast: Cast) -> Restricted:
        with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
            row = make(cast)
            until = timezone.now().date() + timedelta(days=2)
            consents.release(actor=cast.carana, rows=_with_its_recommendation(row), audience="compact", until=until)
        row.refresh_from_db()
        return row

    return made


def _states(make: Make, name: str = "recorded") -> tuple[Row, ...]:
    """Return a row in each state of its release."""
    return (
        Row(name, OWNERS, make),
        Row("released to the Compact", OWNERS | COMPACT, _released(make)),
        Row("released to one entity", OWNERS | {"unodc"}, _released(make, ["unodc"])),
        Row("released to one partner", OWNERS | {"partner"}, _released(make, ["searcct"])),
        Row("release ended", OWNERS, _ended(make)),
        Row("withdrawn", OWNERS, _withdrawn(make)),
    )


def _adopted(cast: Cast) -> Recommendation:
    return reports.adopted(cast).recommendations.get()


def _proposed(cast: Cast) -> Recommendation:
    """Return a recommendation whose rating proposes to put a need to the State."""
    need = cast.need()
    visit = reports.adopted(cast, needs=[need])
    row = visit.recommendations.get()
    rating.rate(actor=cast.cted, recommendation=row.pk, rated="not", why="No unit was found.")
    row.refresh_from_db()
    return row


# ── Rows with tokens ──
def _leaks(world: World) -> None:
    """Add recommendations for two kinds of readers, with a need behind one of them."""
    cast = world.cast
    names = ("title", "text", "priority_reason", "provisions")
    hidden = reports.recommended(cast, **world.texts(OWNERS, *names))
    world.keep("recommendation", hidden, OWNERS)
    world.in_all_languages(hidden, OWNERS, "title", "text")
    shown = reports.recommended(cast, hidden.visit, 2, **world.texts(OWNERS | COMPACT, *names))
    consents.release(actor=cast.carana, rows=[shown], audience="compact")
    world.keep("recommendation", shown, OWNERS | COMPACT)
    world.in_all_languages(shown, OWNERS | COMPACT, "title", "text")


def _leaks_of_observations(world: World) -> None:
    cast = world.cast
    for audience, readers in ((None, OWNERS), ("compact", OWNERS | COMPACT)):
        file = None if audience else samples.note(f"{world.token(readers)}.pdf", world.token(readers))
        row = reports.observed(cast, world.token(readers), file)
        world.keep("observation", row, readers)
        if audience:
            consents.release(actor=cast.carana, rows=_with_its_recommendation(row), audience=audience)
        else:
            world.keep("document", row.documents.get(), readers)


def _leaks_of_responses(world: World) -> None:
    cast = world.cast
    draft = reports.answered(cast, action=world.token(STATE))
    world.keep("response", draft, STATE)
    world.attach("carana", draft, STATE)
    for audience, readers in ((None, OWNERS), ("compact", OWNERS | COMPACT)):
        row = reports.replied(cast, action=world.token(readers))
        world.keep("response", row, readers)
        if audience:
            consents.release(actor=cast.carana, rows=_with_its_recommendation(row), audience=audience)


def _leaks_of_ratings(world: World) -> None:
    cast = world.cast
    for audience, readers in ((None, OWNERS), ("compact", OWNERS | COMPACT)):
        row = _adopted(cast)
        rating.rate(actor=cast.cted, recommendation=row.pk, rated="partly", why=world.token(readers))
        found = row.ratings.get()
        world.keep("rating", found, readers)
        if audience:
            consents.release(actor=cast.carana, rows=_with_its_recommendation(found), audience=audience)


# ── Rows nobody else may notice ──
def _report_beside(world: World) -> Iterator[Made]:
    """The whole procedure of a report, about a visit that others see."""
    cast = world.cast
    visits = Visit.objects.filter(state__slug="carana", sections__isnull=False, draft_sent_on=None, cancelled_on=None)
    visit = visits.filter(ends_on__lt=timezone.now().date(), recommendations=None).distinct().order_by("pk")[0]
    row = reports.recommended(cast, visit, title="Hidden canary recommendation")
    yield "recommendation", row
    procedure.send_draft(actor=cast.cted, visit=visit.pk)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="Hidden canary observations.")
    yield "observation", visit.observations.get()
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    procedure.send_final(actor=cast.cted, visit=visit.pk)
    yield "response", reports.answered(cast, visit, action="Hidden canary action.")
    procedure.reply(actor=cast.carana, visit=visit.pk)
    yield "rating", reports.rated(cast, row, "not")


BESIDE = (Addition(OWNERS, _report_beside),)


# ── What the form sends ──
def _form_path(cast: Cast) -> str:
    section = Section.objects.order_by("pk").last() or cast.section(cast.visit())
    return reverse("recommendation-add", args=[section.visit_id])


def _form(cast: Cast) -> dict[str, Any]:
    section = Section.objects.order_by("pk").last()
    return {
        "number": "1", "section": str(section.pk if section else ""), "language": "en", "title": "Screening",
        "text": "Receive advance passenger information.", "theme": "border", "priority": "high",
    }  # fmt: skip


# ── Bodies for the API ──
def _body(cast: Cast) -> dict[str, Any]:
    section = cast.section(cast.visit(), 7)
    need = cast.need()
    return {
        "visit": str(section.visit_id), "section": str(section.pk), "number": 1, "title": "Screening",
        "text": "Receive advance passenger information.", "theme": "border", "priority": "high", "needs": [str(need.pk)],
    }  # fmt: skip


RELEASES = {"share": ("carana", "recorded"), "withdraw": ("carana", "released to the Compact")}
PROVED = ("share", "withdraw")

CASES = (
    Cases(
        model=Recommendation,
        by_the_page=frozenset({"visit"}),
        rows=(
            *_states(reports.recommended),
            Row("adopted", OWNERS, _adopted),
            Row("rated", OWNERS, _proposed),
        ),
        recorders=("cted",),
        editors=("cted",),
        leaks=_leaks,
        hidden=BESIDE,
        statements=7,  # three for what ratings propose
        runs={**RELEASES, "rate": ("cted", "adopted"), "leave-needs": ("cted", "rated")},
        proved=PROVED,
        bodies={
            "rate": {"rated": "partly", "why": "No unit was found."},
            "leave-needs": {"reason": "The need is no longer there."},
        },
        body=_body,
        form=_form,
        form_path=_form_path,
        refused=(({"number": 0}, {"number"}), ({"theme": "zzz"}, {"theme"}), ({"language": "tlh"}, {"language"})),
        related={"": {"number"}},  # which exists once the row has been created
    ),
    Cases(
        model=Observation,
        rows=_states(reports.observed),
        attachers=("carana",),
        leaks=_leaks_of_observations,
        hidden=(),
        runs=RELEASES,
        proved=PROVED,
    ),
    Cases(
        model=Response,
        rows=(Row("draft", STATE, reports.answered), *_states(reports.replied)),
        attachers=("carana",),
        leaks=_leaks_of_responses,
        hidden=(),
        runs=RELEASES,
        proved=PROVED,
    ),
    Cases(
        model=Rating,
        rows=_states(reports.rated),
        leaks=_leaks_of_ratings,
        hidden=(),
        runs=RELEASES,
        proved=PROVED,
    ),
)
