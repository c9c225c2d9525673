"""Pages as a browser lays them out and prints them: dense lists, short cards, nothing sideways, complete on paper."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistance.needs.models import Need
from assistance.tests.cast import PASSWORD, Cast
from devserver.browser import find_browser
from portal.tests.pdf_text import pages_of

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
HEIGHTS = "rows => rows.map(row => row.getBoundingClientRect().height)"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Return the cast with new appointments."""
    return Cast()


@pytest.fixture
def page(live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    """Return a page in which an assessor of CTED is signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = browser.new_context(base_url=live_server.url, locale="en").new_page()
        found.goto("/account/login/")
        found.fill("[name=login]", "cted@example.org")
        found.fill("[name=password]", PASSWORD)
        found.click("main form [type=submit]")
        yield found
        browser.close()


@pytest.fixture
def needs(cast: Cast) -> list[Need]:
    """Return needs with a short and a long title, one of them in a language of another script."""
    day = timezone.now().date() + timedelta(days=40)
    long = "Training of investigators in special investigative techniques"
    return [
        cast.need("shared", title="Radiation detectors", priority="high", deadline=day),
        cast.need("put_to_state", title=long, deadline=day),
        cast.need("draft", title="دعم الضحايا أمام المحاكم", language="ar"),
    ]


@pytest.mark.turns(2, days=2)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_row_is_44_pixels_high_at_most_and_a_card_120_and_no_page_scrolls_sideways(
    page: Page, needs: list[Need], language: str
) -> None:
    root = page.evaluate("location.origin")
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": root}])
    for width, highest in ((1440, 44.5), (390, 124), (360, 124)):
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/needs/", "/offers/", "/visits/", "/who/", "/who/directory/", "/", "/me/tokens/new/"):
            page.goto(address)
            assert page.evaluate(SIDEWAYS) <= 0, (address, width)
        page.goto("/needs/")
        assert max(page.locator(".table-list tbody tr").evaluate_all(HEIGHTS)) <= highest, width


@pytest.mark.turns(days=4)
def test_the_height_of_rows_is_chosen_and_remembered(page: Page, needs: list[Need]) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/needs/")
    rows, comfortable = page.locator(".table-list tbody tr"), page.get_by_role("button", name="Wide")
    before = max(rows.evaluate_all(HEIGHTS))
    comfortable.click()
    expect(comfortable).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(comfortable).to_have_attribute("aria-pressed", "true")
    assert max(rows.evaluate_all(HEIGHTS)) > before + 8


@pytest.mark.turns(days=4)
def test_a_need_and_a_list_print_whole_and_begin_on_the_first_page(page: Page, needs: list[Need]) -> None:
    need = needs[0]
    page.emulate_media(color_scheme="dark")
    page.goto(f"/needs/{need.pk}/")
    text = pages_of(page.pdf(prefer_css_page_size=True))[0]
    wanted = [need.reference, "Printed", "Radiationdetectors", "Shared", "High", need.theme.name, str(need.pillar)]
    assert [word for word in wanted if word.replace(" ", "") not in text] == [], text
    page.goto("/needs/")
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert all(word in sheets[0] for word in ("Printed", "Needs", "Radiationdetectors", "High", "Shared")), sheets[0]
    assert all(len(sheet) > 20 for sheet in sheets) and "Compact" not in sheets[0] and "Filter" not in sheets[0]


@pytest.mark.turns(days=4)
def test_the_entries_of_the_menu_stand_side_by_side_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    boxes = page.eval_on_selector_all(
        ".places a", "rows => rows.map(row => row.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    words = page.eval_on_selector_all(".places a", "rows => rows.map(row => row.scrollWidth - row.clientWidth)")
    assert len(boxes) > 8 and max(words) <= 0, "no entry is narrower than its words"
    assert all(right <= left for (_left, right), (left, _right) in pairwise(boxes))
