"""The journey of one need by pages, in a real browser: steps 2 to 7 of the path, in English and Arabic.

It runs with and without JavaScript. Users sign in, fill forms and press buttons; apart from the pages only the mail is
processed.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.mail.dispatch import send
from accounts.models import Delivery
from assistance.needs.models import Match, Need
from assistance.tests.cast import PASSWORD, Cast
from assistance.visits.models import Visit
from devserver.browser import find_browser
from files.tests import samples

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


class Person:
    """One user with their own browser, in their language."""

    def __init__(self, browser: Browser, server: LiveServer, email: str, language: str, javascript: bool) -> None:
        self.server, self.language = server, language
        self.context = browser.new_context(java_script_enabled=javascript, locale=language, base_url=server.url)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        self.page.goto("/account/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form [type=submit]")
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        expect(self.page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")

    def says(self, context: str, text: str) -> str:
        """Return a string of the interface in this user's language; an empty context stands for none."""
        with translation.override(self.language):
            return pgettext(context, text) if context else gettext(text)

    def press(self, text: str, context: str = "button") -> None:
        """Press the button with this text, or the link that looks like one."""
        name = re.compile(rf"^\s*{re.escape(self.says(context, text))}\s*$")
        self.page.locator("main .btn").filter(has_text=name).first.click()

    def confirm(self, **fields: str) -> None:
        """Fill the confirmation page of a transition and press its button."""
        for name, value in fields.items():
            box = self.page.locator(f"main [name={name}]").first
            if box.get_attribute("type") == "radio":
                self.page.check(f"main [name={name}][value='{value}']")
            else:
                box.fill(value)
        self.submit()

    def submit(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main form[method=post] .actions button[type=submit]").first.click()

    def fill_day(self, name: str, day: date) -> None:
        """Fill the three fields of a day."""
        for part in ("day", "month", "year"):
            self.page.fill(f"[name={name}_{part}]", str(getattr(day, part)))

    def open(self, path: str) -> Any:
        return self.page.goto(path)

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)


WALKS = (("en", True), ("ar", False), ("en", False), ("ar", True))


def each_way(test: Callable[..., None]) -> Callable[..., None]:
    """Let a journey be made in each language, with JavaScript and without; each takes half a minute or more."""
    by_turns = pytest.mark.turns(len(WALKS), days=4)
    return pytest.mark.slow(by_turns(pytest.mark.parametrize(("language", "javascript"), WALKS)(test)))


@each_way
def test_a_need_goes_its_way_by_pages(
    browser: Browser, live_server: LiveServer, mailoutbox: list[Any], language: str, javascript: bool
) -> None:
    """Take one need all the way from finding to withdrawal, each step by the user whose it is."""
    cast = Cast()
    for user in cast.users.values():
        user.language = language
        user.save(update_fields=["language"])
    people = {
        name: Person(browser, live_server, f"{name}@example.org", language, javascript)
        for name in ("cted", "carana", "unodc")
    }
    visit = record_visit(people["cted"])
    need = record_need(people["cted"], visit)
    agree_and_release(people["carana"], visit, need)
    match = propose(people["unodc"], need)
    accept(people["carana"], match)
    told(cast, mailoutbox, language)
    deliver_and_verify(people["unodc"], people["cted"], match)
    withdraw(people["carana"], people["unodc"], need, match)
    for name, person in people.items():
        unexpected = [line for line in person.problems if "404" not in line]
        assert not unexpected, (name, unexpected)
        person.context.close()


def record_visit(cted: Person) -> Visit:
    day = timezone.now().date() - timedelta(days=20)
    cted.open("/visits/new/")
    cted.page.select_option("[name=state]", label="Carana")
    cted.page.select_option("[name=kind]", "comprehensive")
    cted.fill_day("starts_on", day)
    cted.fill_day("ends_on", day + timedelta(days=4))
    cted.submit()
    visit = Visit.objects.get()
    for number, words in ((1, "Kept between us"), (2, "Released chapter")):
        cted.open(f"/visits/{visit.pk}/sections/new/")
        cted.confirm(number=str(number), title=words, text=f"{words}, in full.")
    return visit


def record_need(cted: Person, visit: Visit) -> Need:
    cted.open(f"/needs/new/?visit={visit.pk}&section=2")
    cted.page.fill("[name=title]", "Advance passenger information")
    cted.page.fill("[name=description]", "No system receives it.")
    cted.page.select_option("[name=theme]", "border")
    cted.page.select_option("[name=assistance_type]", "training")
    cted.page.select_option("[name=priority]", "high")
    cted.page.fill("[name=priority_reason]", "Asked by the Committee.")
    cted.submit()
    need = Need.objects.get()
    cted.open(f"/needs/{need.pk}/")
    cted.press("Send to Member State")
    cted.submit()
    cted.sees(cted.says("need status", "Awaiting State agreement"))
    cted.open(f"/visits/{visit.pk}/ask-consent/")
    cted.submit()
    return need


def agree_and_release(state: Person, visit: Visit, need: Need) -> None:
    state.open("/")
    state.sees(need.reference)
    state.open(f"/needs/{need.pk}/agree/")
    state.confirm(note="We agree.")
    state.open(f"/visits/{visit.pk}/share/")
    section = visit.sections.get(number=2)
    for row in (section, need):
        state.page.locator(f"[name=cells][value*='{row.pk}|compact']").check()
    state.page.check("[name=until_choice][value=another]")
    state.fill_day("until", timezone.now().date() + timedelta(days=200))
    with state.page.expect_navigation():
        state.page.locator("main button[value=review]").click()
    expect(state.page.locator("main .effect strong")).to_contain_text("3")  # unodc, iom and unoct would read it
    state.page.set_input_files(
        "[name=note_verbale]",
        files=[{"name": "note.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}],
    )
    with state.page.expect_navigation():
        state.page.locator("main .choice-here button[type=submit]").click()
    need.refresh_from_db()
    assert need.status == "shared"
    assert str(need.consents.get().note_verbale) == "note.pdf"


def propose(entity: Person, need: Need) -> Match:
    entity.open("/needs/?q=passenger&state=XCA&priority=high")
    entity.sees(need.reference)
    entity.page.locator(f"main a[href='/needs/{need.pk}/']").first.click()
    entity.sees("No system receives it.")
    entity.open(f"/visits/{need.visit_id}/")
    entity.sees("Released chapter")
    entity.does_not_see("Kept between us")
    entity.open(f"/needs/{need.pk}/propose/")
    entity.confirm(share="100", message="Two courses next spring.")
    return Match.objects.get()


def accept(state: Person, match: Match) -> None:
    state.open("/")
    state.sees(match.reference)
    state.open(f"/matches/{match.pk}/accept/")
    state.submit()
    match.refresh_from_db()
    assert match.status == "accepted"
    assert Need.objects.get().status == "matched"


def told(cast: Cast, mailoutbox: list[Any], language: str) -> None:
    """Check that both sides, CTED and UNOCT are notified, in portal and mail, in their language, without content."""
    rows = Delivery.objects.filter(message="match_accepted")
    assert set(rows.values_list("recipient__name", "channel")) >= {
        (name, channel) for name in ("unodc", "cted", "unoct") for channel in ("portal", "mail")
    }
    for row in rows.filter(channel="mail"):
        send(row.pk)
    mails = [mail for mail in mailoutbox if mail.to[0] in {f"{n}@example.org" for n in ("unodc", "cted", "unoct")}]
    assert len(mails) >= 3
    for mail in mails:
        whole = str(mail.message())
        assert not re.search("Carana|passenger|Border security|Two courses", whole)
        assert (language == "en") == bool(re.search(r"[A-Za-z]{4,} [a-z]{4,}", mail.subject)), mail.subject


def deliver_and_verify(entity: Person, cted: Person, match: Match) -> None:
    entity.open(f"/matches/{match.pk}/start/")
    entity.submit()
    entity.open(f"/matches/{match.pk}/deliver/")
    entity.confirm(
        note="Both courses were held.", trained_women="14", trained_men="9", documents="Two attendance lists."
    )
    cted.open("/")
    cted.sees(match.need.reference)
    cted.open(f"/needs/{match.need_id}/verify/")
    cted.page.check("[name=outcome][value=met]")
    cted.page.fill("[name=note]", "Seen on site.")
    cted.submit()
    cted.sees("Seen on site.")
    cted.sees("100")
    assert Need.objects.get().status == "met"


def withdraw(state: Person, entity: Person, need: Need, match: Match) -> None:
    state.open(f"/needs/{need.pk}/withdraw/")
    state.submit()
    for path in (f"/needs/{need.pk}/", f"/matches/{match.pk}/", f"/needs/{need.pk}/propose/"):
        answer = entity.open(path)
        assert answer.status == 404, path
    entity.open("/needs/")
    entity.does_not_see(need.reference)
    assert state.open(f"/needs/{need.pk}/").status == 200


@pytest.mark.turns(days=3)
def test_a_filter_that_is_no_choice_any_more_is_named_where_it_stands(
    browser: Browser, live_server: LiveServer
) -> None:
    """Only the list is requested; its refusal is shown as a full page, which the later count does not replace."""
    Cast()
    person = Person(browser, live_server, "unodc@example.org", "en", javascript=True)
    person.open("/needs/")
    person.page.eval_on_selector("[name=status]", "select => select.add(new Option('Gone', 'gone'))")
    with person.page.expect_navigation(wait_until="networkidle"):
        person.page.select_option("[name=status]", "gone")
    expect(person.page.locator(".filter-wrong")).to_contain_text("Select a valid choice")
    expect(person.page.locator(".list-count")).to_have_text("0 found")
    assert "status=gone" in person.page.url and "part=count" not in person.page.url
    person.context.close()
