"""The journey of a request by pages: a State asks, UNOCT circulates, providers ask and offer, and the State chooses."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from assistance.needs.models import Match
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import add_interpol, again, make, need_of
from assistance.tests.cast import Cast
from portal.tests.journeys import MARKS, Company, attach, company, follow, letter, part
from portal.tests.test_journeys import Person, browser, each_way

__all__ = ["browser"]
pytestmark = MARKS

TITLE = {"en": "Training", "ar": "تدريب"}
RESULT = {
    "en": "A unit of twelve analysts who work in shifts at four airports.",
    "ar": "وحدة من اثني عشر محللا يعملون بالتناوب في أربعة مطارات دولية.",
}
SHARES = {"unodc": "60", "iom": "40", "interpol": "100"}


@each_way
def test_a_request_is_made_circulated_and_answered_and_its_state_chooses(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    add_interpol(cast)
    other = make(cast, "circulated", title="Another request")
    with company(browser, live_server, cast, language, javascript) as people:
        begin(people)
        row = finish(people.carana)
        send(people, row)
        acknowledge(people.unoct, row)
        circulate(people.carana, people.unoct, row)
        ask_and_answer(people, row)
        offer_and_choose(people, row)
        withdraw(people, other)


def begin(people: Company) -> None:
    """Take two steps of the form, and leave."""
    state = people.carana
    state.open("/requests/new/")
    assert state.page.input_value("[name=language]") == people.language
    state.page.fill("[name=title]", TITLE[people.language])
    state.page.select_option("[name=theme]", "border")
    state.page.check("[name=assistance_types][value=training]")
    state.page.fill("[name=deliverable]", RESULT[people.language])
    state.submit()
    state.page.fill("[name=beneficiary]", "Passenger Information Unit")
    state.page.fill("[name=contact_name]", "Amal Idris")
    state.page.fill("[name=contact_phone]", "+1 202 555 0100")
    state.submit()
    people.leave("carana")


def finish(state: Person) -> AssistanceRequest:
    """Come back: all that was entered is there; take the other three steps."""
    state.open("/requests/")
    state.page.locator("main a", has_text=TITLE[state.language]).first.click()
    state.sees(RESULT[state.language])
    follow(state, "Edit the request")
    assert state.page.input_value("[name=title]") == TITLE[state.language]
    step = state.page.locator(".form-steps a", has_text=state.says("", "For whom"))
    step.click()
    assert state.page.input_value("[name=contact_name]") == "Amal Idris"
    state.submit()
    state.page.fill("[name=quantity]", "12")
    state.page.select_option("[name=unit]", "people")
    state.fill_day("wanted_by", timezone.now().date() + timedelta(days=200))
    state.submit()
    state.page.check("[name=no_earlier_help]")
    state.submit()
    state.page.fill("[name=note_number]", "NV/2026/17")
    attach(state)
    assert state.page.locator("[name=audience_allowed]:checked").evaluate_all("all => all.map(box => box.value)") == [
        "compact"
    ]
    state.submit()
    return AssistanceRequest.objects.get(status="draft")


def specific(person: Person, met: int) -> None:
    """Check how many lines the check beside the text shows as met and as not met."""
    title = person.says("", "How specific: %(met)s of %(of)s") % {"met": met, "of": 10}
    expect(part(person, "check-title")).to_have_text(title)
    expect(part(person, "check").locator(".check-lines .tone-warning")).to_have_count(10 - met)


def send(people: Company, row: AssistanceRequest) -> None:
    """Read what is missing, fill in two lines of four, and submit the rest as it is."""
    state = people.carana
    specific(state, 6)
    part_of_check = part(state, "check")
    for line in ("Requirement", "Baseline", "Target"):
        expect(part_of_check).to_contain_text(state.says("label", line))
    expect(part_of_check).to_contain_text(
        state.says("", "The title names only a type of assistance. Say what it is for.")
    )
    state.open(f"/requests/{row.pk}/edit/how-much/")
    state.page.fill("[name=baseline]", "0 of 4 airports")
    state.page.fill("[name=target]", "4 of 4 airports")
    if people.javascript:
        specific(state, 8)  # before anything is saved
    state.submit()
    state.open(f"/requests/{row.pk}/")
    specific(state, 8)
    state.press("Submit request")
    state.submit()
    state.sees(state.says("request status", "Submitted"))


def acknowledge(unoct: Person, row: AssistanceRequest) -> None:
    """Authenticate a request of the queue, acknowledge it, and download the letter that says so in Arabic."""
    unoct.open("/requests/queue/")
    unoct.page.locator("main a", has_text=TITLE[unoct.language]).first.click()
    expect(part(unoct, "check-title")).to_contain_text("8")
    unoct.press("Authenticate")
    unoct.confirm(how="By telephone.")
    unoct.press("Acknowledge")
    unoct.submit()
    unoct.sees(unoct.says("request status", "Acknowledged"))
    follow(unoct, "Letter acknowledging a request")
    other = unoct.page.locator("main aside a[lang=ar]")
    if other.count():
        other.click()
    expect(unoct.page.locator("article.letter")).to_have_attribute("dir", "rtl")
    text = letter(unoct)
    assert row.reference in text and "الأمانة العامة للأمم المتحدة" in text


def circulate(state: Person, unoct: Person, row: AssistanceRequest) -> None:
    """State no objection; a circulation to donors is refused at its field, one to the Compact is not."""
    state.open(f"/requests/{row.pk}/")
    state.press("State no objection")
    state.submit()
    unoct.open(f"/requests/{row.pk}/circulate/")
    boxes = unoct.page.locator("[name=audience]")
    assert boxes.and_(unoct.page.locator("[value=donors]")).count() == 0, "it is not on offer"
    boxes.and_(unoct.page.locator("[value=compact]")).evaluate("box => { box.value = 'donors' }")
    unoct.submit()
    expect(unoct.page.locator("main .field-wrong:has([name=audience])")).to_be_visible()
    assert again(row).status == "acknowledged"
    unoct.open(f"/requests/{row.pk}/circulate/")
    unoct.submit()
    unoct.sees(unoct.says("request status", "Circulated"))


def ask_and_answer(people: Company, row: AssistanceRequest) -> None:
    """Let UNODC ask; IOM reads question and answer, and not who asked."""
    people.unodc.open(f"/requests/{row.pk}/")
    people.unodc.press("Ask a question")
    people.unodc.confirm(text="Which systems do you use?")
    people.carana.open("/")
    people.carana.sees(row.reference)
    people.carana.open(f"/requests/{row.pk}/")
    people.carana.press("Answer a question")
    people.carana.confirm(answer="One national system.")
    people.iom.open(f"/requests/{row.pk}/")
    thread = part(people.iom, "questions")
    for text in ("Which systems do you use?", "One national system.", people.iom.says("", "A provider")):
        expect(thread).to_contain_text(text)
    expect(thread).not_to_contain_text("unodc", ignore_case=True)


def offer_and_choose(people: Company, row: AssistanceRequest) -> None:
    """Let three providers offer their shares; the State compares them and chooses two, and the third is told."""
    for name, share in SHARES.items():
        provider: Person = getattr(people, name)
        provider.open(f"/requests/{row.pk}/")
        provider.press("Offer assistance", context="")
        provider.confirm(share=share, message=f"Offered by {name}.")
    state = people.carana
    state.open(f"/requests/{row.pk}/")
    state.press("Compare the offers", context="")
    lines = part(state, "offers").locator("tbody tr")
    expect(lines).to_have_count(3)
    for name, share in SHARES.items():
        line = lines.filter(has_text=f"Offered by {name}.")
        expect(line).to_contain_text(name.upper())
        expect(line).to_contain_text(share)
    state.press("Choose providers")
    matches = {match.provider.slug: match for match in Match.objects.filter(need=need_of(row))}
    for name in ("unodc", "iom"):
        state.page.check(f"[name=matches][value='{matches[name].pk}']")
    state.page.check("[name=decline_others]")
    # By its role: Playwright cannot search in a form that has a field with the name of a method of elements, `matches`.
    with state.page.expect_navigation():
        state.page.get_by_role("button", name=state.says("button", "Choose providers"), exact=True).click()
    state.sees(state.says("request status", "Provider chosen"))
    statuses = {name: again(match).status for name, match in matches.items()}
    assert statuses == {"unodc": "accepted", "iom": "accepted", "interpol": "declined"}
    told(people.interpol, matches["interpol"])


def told(provider: Person, match: Match) -> None:
    """Find in the inbox that an offer was declined, and why on the page to which the message leads."""
    provider.open("/inbox/")
    message = provider.page.locator("main tbody tr", has_text=match.reference)
    event = provider.says("", "%(reference)s: match declined").rpartition(": ")[2]
    expect(message).to_contain_text(event, ignore_case=True)
    message.locator("a").first.click()
    provider.sees(provider.says("", "Another provider chosen"))


def withdraw(people: Company, row: AssistanceRequest) -> None:
    """Let a State withdraw a circulated request: from then on providers do not find it."""
    unodc, state = people.unodc, people.carana
    assert unodc.open(f"/requests/{row.pk}/").status == 200
    state.open(f"/requests/{row.pk}/")
    state.press("Withdraw request")
    state.confirm(reason="Solved by ourselves.")
    state.sees(state.says("request outcome", "Withdrawn by the State"))
    for path in (f"/requests/{row.pk}/", f"/needs/{need_of(row).pk}/"):
        assert unodc.open(path).status == 404, path
    unodc.open("/requests/")
    unodc.does_not_see(row.reference)
