"""The cases of visits and of sections of their reports."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.recommendations import procedure
from assistance.recommendations.tests import reports
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, OWNERS, Cast
from assistance.tests.world import World
from assistance.visits.models import Section, Visit


def _planned(cast: Cast) -> Visit:
    today = timezone.now().date()
    return cast.visit(starts_on=today + timedelta(days=5), ends_on=today + timedelta(days=9))


def _asked(cast: Cast) -> Visit:
    visit = cast.section(cast.visit()).visit
    return consents.ask(actor=cast.cted, visit=visit.pk)


def _cancelled(cast: Cast) -> Visit:
    return procedure.cancel(actor=cast.cted, visit=_planned(cast).pk, reason="The Government asked for another date.")


def _section(cast: Cast, **release: Any) -> Section:
    """Return a section of the report on a new visit; with `audience`, released to it."""
    section = cast.section(cast.visit(delegation=[cast.org("unodc"), cast.org("iom")]))
    if release:
        consents.release(actor=cast.carana, rows=[section], **release)
    section.refresh_from_db()
    return section


def _ended(cast: Cast) -> Section:
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        return _section(cast, audience="compact", until=timezone.now().date() + timedelta(days=2))


def _withdrawn(cast: Cast) -> Section:
    section = _section(cast, audience="compact")
    consents.withdraw(actor=cast.carana, rows=[section])
    section.refresh_from_db()
    return section


# ── Rows with tokens ──
def _leaks(world: World) -> None:
    """Add a visit, two sections of its report for two kinds of readers, and documents."""
    visit = world.keep("visit", world.cast.visit(), OWNERS | COMPACT)
    hidden = world.cast.section(visit, 1, **world.texts(OWNERS, "title", "text"))
    shown = world.cast.section(visit, 2)  # released by what the cases of consents add
    for section, readers in ((hidden, OWNERS), (shown, OWNERS | COMPACT)):
        world.keep("section", section, readers)
        world.in_all_languages(section, readers, "title", "text")
    world.attach("cted", visit, OWNERS | COMPACT)
    world.attach("carana", hidden, OWNERS)


def _with_visits(world: World) -> None:
    """Add nothing: sections are added with their visit."""


# ── Rows nobody else may notice ──
def _of_another_state(world: World) -> Iterator[Made]:
    cast = world.cast
    visit = cast.visit(state=cast.org("sumora"))
    yield "visit", visit
    yield "section", cast.section(visit, 1, title="Hidden canary of another State")


def _asked_beside(world: World) -> Iterator[Made]:
    """Questions put to a State, about a visit that others see."""
    visits = Visit.objects.filter(state__slug="carana", consent_asked_at=None, sections__isnull=False)
    consents.ask(actor=world.cast.cted, visit=visits[0].pk)
    yield from ()


# ── Bodies for the API ──
def _visit_body(cast: Cast) -> dict[str, Any]:
    dates = {"starts_on": "2026-01-10", "ends_on": "2026-01-14"}
    return {"state": "XCA", "kind": "comprehensive", "mode": "on_site", **dates}


def _section_body(cast: Cast) -> dict[str, Any]:
    visit = cast.section(cast.visit(), 7).visit
    return {"visit": str(visit.pk), "number": 8, "title": "Eight", "text": "Found."}


CASES = (
    Cases(
        model=Visit,
        rows=(
            Row("conducted", OWNERS | COMPACT, lambda cast: _section(cast, audience=["unodc", "compact"]).visit),
            Row("planned", OWNERS | COMPACT, _planned),
            Row("consent asked", OWNERS | COMPACT, _asked),
            Row("to be sent as a draft", OWNERS | COMPACT, lambda cast: reports.recommended(cast).visit),
            Row("draft with the State", OWNERS | COMPACT, reports.drafted),
            Row("observed", OWNERS | COMPACT, lambda cast: reports.observed(cast).visit),
            Row("adopted", OWNERS | COMPACT, reports.adopted),
            Row("final report sent", OWNERS | COMPACT, lambda cast: reports.answered(cast).visit),
            Row("replied", OWNERS | COMPACT, lambda cast: reports.replied(cast).visit),
            Row("cancelled", OWNERS | COMPACT, _cancelled),
        ),
        recorders=("cted",),
        editors=("cted",),
        attachers=("cted",),
        leaks=_leaks,
        hidden=(Addition(COMPACT | {"sumora"}, _of_another_state), Addition(OWNERS, _asked_beside)),
        statements=11,  # seven for the state of consent, one for each kind of row that is released
        runs={
            "ask-consent": ("cted", "conducted"),
            "decline-consent": ("carana", "consent asked"),
            "record-host-consent": ("cted", "planned"),
            "send-draft": ("cted", "to be sent as a draft"),
            "observe": ("carana", "draft with the State"),
            "adopt": ("cted", "observed"),
            "send-final": ("cted", "adopted"),
            "reply": ("carana", "final report sent"),
            "record-letter": ("cted", "draft with the State"),
            "cancel": ("cted", "planned"),
        },
        bodies={
            "observe": {"text": "The name of the agency is not correct."},
            "record-letter": {"letter": "draft-report", "number": "CTED/2026/7", "sent_on": str(timezone.now().date())},
            "cancel": {"reason": "The Government asked for another date."},
        },
        body=_visit_body,
        refused=(
            ({"state": "XXX"}, {"state"}),
            ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, {"ends_on"}),
            ({"delegation": ["unodc", "nobody"]}, {"delegation"}),
            ({"kind": "surprise", "mode": "by_boat"}, {"kind", "mode"}),
        ),
        related={"ends_on": {"starts_on"}, "starts_on": {"ends_on"}},
    ),
    Cases(
        model=Section,
        by_the_page=frozenset({"visit"}),
        rows=(
            Row("recorded", OWNERS, _section),
            Row("released to the Compact", OWNERS | COMPACT, lambda cast: _section(cast, audience="compact")),
            Row("released to one entity", OWNERS | {"unodc"}, lambda cast: _section(cast, audience=["unodc"])),
            Row("released to one partner", OWNERS | {"partner"}, lambda cast: _section(cast, audience=["searcct"])),
            Row("release ended", OWNERS, _ended),
            Row("withdrawn", OWNERS, _withdrawn),
        ),
        recorders=("cted",),
        editors=("cted",),
        attachers=("cted", "carana"),
        leaks=_with_visits,
        hidden=(),
        statements=4,
        runs={"share": ("carana", "recorded"), "withdraw": ("carana", "released to the Compact")},
        proved=("share", "withdraw"),
        body=_section_body,
        refused=(({"number": 7}, {"number"}), ({"language": "tlh"}, {"language"})),
        related={"": {"number"}},  # which exists once the row has been created
    ),
)
