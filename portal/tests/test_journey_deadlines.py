"""The journey of deadlines and letters by pages: put off, reminded of, waived; a letter previewed and recorded as sent."""

from datetime import timedelta

import time_machine
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Delivery
from assistance.dues.forms import THREE_WEEKS
from assistance.dues.models import Due
from assistance.letters.drafting import BLANK
from assistance.requests.letters import LABELS, NAMES
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import make
from assistance.tests.cast import Cast
from assistance.workflow import deadlines
from assistance.workflow.models import DoneHow
from portal.tests.journeys import MARKS, Company, company, follow, letter, part
from portal.tests.test_journeys import Person, browser, each_way
from web.dates import in_words

__all__ = ["browser"]
pytestmark = MARKS
DAY = timedelta(days=1)


@each_way
def test_a_deadline_is_put_off_reminded_of_and_waived_and_a_letter_recorded(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    with time_machine.travel(timezone.now() - 20 * DAY, tick=False):
        due = Due.objects.get(match=cast.match("delivered"), kind="verify")  # in 30 days: ten from now
    row = make(cast, "acknowledged", note_number="", note_to_follow=True)
    with company(browser, live_server, cast, language, javascript) as people:
        put_off(people.cted, due)
        remind(people, due)
        waive(people, due)
        write(people.unoct, row)
        state = people.carana
        state.open(f"/requests/{row.pk}/")
        expect(part(state, "history")).to_contain_text("2026/17")


def put_off(cted: Person, due: Due) -> None:
    """Find a deadline among one's own, and ask to be reminded in three weeks, which is after it is due."""
    cted.open("/dues/")
    expect(cted.page.locator("main tbody")).to_contain_text(cted.says("", "Verification of the assistance delivered"))
    follow(cted, "Ask me again later")
    day = timezone.localdate() + THREE_WEEKS
    assert [cted.page.input_value(f"[name=until_{name}]") for name in ("day", "month", "year")] == [
        str(day.day), str(day.month), str(day.year),
    ]  # fmt: skip
    cted.submit()
    with translation.override(cted.language):
        cted.sees(gettext("You will be asked again on %(day)s.") % {"day": in_words(day)})
        cted.sees(gettext("You are asked again on %(day)s") % {"day": in_words(day)})
    mine = Delivery.objects.filter(message="due_reminder", recipient__name="cted", channel="mail")
    for days, mails in ((11, 0), (20, 0), (22, 1)):
        deadlines.run(timezone.now() + days * DAY)
        assert mine.count() == mails, days


def remind(people: Company, due: Due) -> None:
    """Remind CTED of what it owes: the message names who did; a second reminder on the same day is refused."""
    state, cted = people.carana, people.cted
    state.open("/dues/")
    follow(state, "Due from others", "deadlines")
    follow(state, "Send reminder", "button")
    state.submit()
    state.open(f"/dues/{due.pk}/nudge/")
    expect(state.page.locator("main form .actions")).to_have_count(0)
    cted.open("/inbox/")
    row = cted.page.locator("main tbody tr", has_text="carana (Carana)")
    row.locator("a").first.click()
    cted.sees(cted.says("", "Verification of the assistance delivered"))


def waive(people: Company, due: Due) -> None:
    """Waive what is owed, with a reason: it is on no list any more, and the history says why."""
    state = people.carana
    state.open(f"/dues/{due.pk}/")
    state.press("Waive deadline")
    state.submit()
    expect(state.page.locator("main .field-wrong:has([name=reason])")).to_be_visible()
    state.confirm(reason="We saw it ourselves.")
    due.refresh_from_db()
    assert due.done_how == DoneHow.WAIVED
    people.cted.open("/dues/")
    people.cted.does_not_see(str(due.subject))
    people.cted.open(due.subject.get_absolute_url())
    expect(part(people.cted, "history")).to_contain_text("We saw it ourselves.")


def write(unoct: Person, row: AssistanceRequest) -> None:
    """Read the preview of a letter, which marks and lists what the record lacks; download it, and record it as sent."""
    unoct.open(f"/requests/{row.pk}/")
    follow(unoct, str(LABELS["acknowledgement"]))
    expect(unoct.page.locator("article.letter")).to_contain_text(BLANK)
    expect(unoct.page.locator("aside .notice li")).to_have_text([unoct.says("", str(NAMES["note"]))])
    text = letter(unoct)
    assert row.reference in text and BLANK in text
    unoct.open(f"/requests/{row.pk}/")
    unoct.press("Record a letter as sent")
    unoct.fill_day("sent_on", timezone.localdate())
    unoct.confirm(letter="acknowledgement", number="2026/17")
    expect(part(unoct, "history")).to_contain_text("2026/17")
