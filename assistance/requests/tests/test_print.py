"""The comparison of offers on paper: three offers with all their texts fit on one A4 sheet."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistance.needs import match_transitions as matches
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import make, need_of
from assistance.tests.cast import PASSWORD, Cast
from devserver.browser import find_browser
from portal.tests.pdf_text import pages_of

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
MESSAGE = "Our trainers have done this in two neighbouring States and can begin within a month of your acceptance. "
CONDITIONS = "A room for 30 people, an interpreter and access to the four airports are provided by the State. "


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Return the cast with new appointments."""
    return Cast()


@pytest.fixture
def page(live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    """Return a page in which the focal point of the State is signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = browser.new_context(base_url=live_server.url, locale="en").new_page()
        found.goto("/account/login/")
        found.fill("[name=login]", "carana@example.org")
        found.fill("[name=password]", PASSWORD)
        found.click("main form [type=submit]")
        yield found
        browser.close()


@pytest.fixture
def compared(cast: Cast) -> AssistanceRequest:
    """Return a request with three offers, each with a long message, conditions, capacity and dates."""
    day = timezone.now().date()
    row = make(
        cast, "circulated", quantity=24, unit="people", wanted_by=day + timedelta(days=300),
        delivery_languages=["ar", "fr"], deliverable=CONDITIONS * 2, audience_allowed=["compact", "sumora"],
    )  # fmt: skip
    for who, share in (("unodc", 60), ("iom", 40), ("sumora", 100)):
        offer = cast.offer(
            who=who, title="Training of analysts and equipment for passenger information units", places=30,
            expert_days=120, amount="120000.00", currency="USD", conditions=CONDITIONS * 2, cost_to_state="travel",
            cost_note="Flights of the participants, not their accommodation.", opens_on=day,
            closes_on=day + timedelta(days=300), working_languages=["ar", "en", "fr"],
        )  # fmt: skip
        actor = getattr(cast, who)
        matches.propose(actor=actor, need=need_of(row).pk, offer=offer.pk, share=share, message=MESSAGE * 2)
    return row


@pytest.mark.turns(6)
@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_three_offers_fit_on_one_sheet(page: Page, compared: AssistanceRequest, language: str) -> None:
    root = page.evaluate("location.origin")
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": root}])
    page.goto(f"/requests/{compared.pk}/comparison/")
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1, [len(sheet) for sheet in sheets]
    if language == "en":
        assert all(word in sheets[0] for word in ("UNODC", "IOM", "Sumora", compared.reference, "Flights")), sheets[0]
