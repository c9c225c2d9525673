"""The days that a person is told of come from one place each: what is owed from deadlines, all else from its row."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assistance import registry
from assistance.consents import transitions as consents
from assistance.dues.models import Due
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import deadlines
from assistance.workflow.deadlines import Deadline, Period, upcoming

DAY = timedelta(days=1)


def told(found: list[Deadline]) -> list[tuple[str, str]]:
    return [(one.reference, str(one.text)) for one in found]


def everything(cast: Cast) -> dict[str, object]:
    """Return rows with all kinds of days: owed, required, and dates on which something begins or ends."""
    today = timezone.now().date()
    need = cast.need("shared", deadline=today + 60 * DAY, until=today + 100 * DAY)
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    return {
        "need": need,
        "match": cast.match("proposed", need=need),
        "visit": visit,
        "planned": cast.visit(starts_on=today + 20 * DAY, ends_on=today + 24 * DAY),
        "offer": cast.offer(closes_on=today + 90 * DAY),
        "project": cast.project(),
    }


def test_no_day_of_a_row_is_told_twice_and_each_comes_from_its_place(cast: Cast) -> None:
    rows = everything(cast)
    for name in ("carana", "cted", "unoct", "unodc", "iom", "sumora"):
        found = upcoming(getattr(cast, name), most=100)
        days = [(one.reference, one.day) for one in found]
        assert len(days) == len(set(days)), name
        assert days == sorted(days, key=lambda one: one[1]), name
    reference = {name: row.reference for name, row in rows.items()}  # type: ignore[attr-defined]
    assert set(told(upcoming(cast.unodc, most=100))) == {
        (reference["need"], "Need to be met"),
        (reference["match"], "Response to a proposed match"),
        (reference["planned"], "Visit begins"),
        (reference["offer"], "Decision whether an offer goes on"),
        (reference["project"], "Confirmation of a project"),
    }
    of_state = set(told(upcoming(cast.carana, most=100)))
    assert (reference["visit"], "Decision on the release of a visit report") in of_state
    assert reference["offer"] not in {one for one, _text in of_state}
    assert (reference["visit"], "Decision on the release of a visit report") not in set(told(upcoming(cast.unoct)))
    assert not upcoming(cast.partner)


def test_a_kind_of_row_with_clocks_tells_no_day_that_a_clock_has(cast: Cast) -> None:
    everything(cast)
    today = timezone.now().date()
    period = Period(today, today + 180 * DAY, 100)
    for own in registry.aggregates():
        if not own.clocks:
            continue
        owed = {
            (due.subject.pk, due.due_on) for due in Due.objects.filter(done_at=None) if type(due.subject) is own.model
        }
        plain = {(one.matter.reference, one.day) for one in own.deadlines(cast.cted, period)}
        assert not {(str(own.model.objects.get(pk=pk)), day) for pk, day in owed} & plain, own.name


def test_what_is_overdue_or_done_is_no_coming_day(cast: Cast) -> None:
    match = cast.match("proposed")
    assert len(upcoming(cast.unodc)) == 1
    Due.objects.filter(match=match).update(due_at=timezone.now() - DAY)
    assert upcoming(cast.unodc) == []
    Due.objects.filter(match=match).update(due_at=timezone.now() + DAY, done_at=timezone.now())
    assert upcoming(cast.unodc) == []


@pytest.mark.parametrize("name", ["carana", "unodc"])
def test_the_dashboard_shows_what_is_owed(cast: Cast, client: Client, name: str) -> None:
    cast.match("proposed")
    sign_in(client, cast, name)
    page = words(client.get("/"))
    assert "Response to a proposed match" in page and "Match lapses" not in page
    assert deadlines.upcoming(cast.iom) == []
