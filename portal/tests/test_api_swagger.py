"""The interactive schema page in a real browser: it renders, calls the API, and violates no content security policy."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistance.tests.cast import Cast
from devserver.browser import find_browser

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
DOCS = "/api/v1/docs/"


@pytest.fixture
def page(live_server: LiveServer) -> Iterator[Page]:
    """Return a browser page in which an entity's focal point is signed in."""
    client = Client()
    client.force_login(Cast().users["unodc"], backend="accounts.sign_in.backend.AccountBackend")
    session = client.cookies["session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
        yield context.new_page()
        browser.close()


def test_the_page_draws_every_operation_and_can_try_one(page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(DOCS)
    expect(page.locator("#operations-needs-needs_put_to_state")).to_be_visible(timeout=20_000)
    assert page.locator(".opblock").count() > 60
    operation = page.locator("#operations-offers-offers_list")
    operation.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute", exact=True).click()
    expect(operation.locator(".live-responses-table tbody .response-col_status").first).to_contain_text(
        "200", timeout=20_000
    )
    writing = page.locator("#operations-offers-offers_create")
    writing.click()
    writing.get_by_role("button", name="Try it out").click()
    writing.locator("textarea").fill("{}")
    writing.get_by_role("button", name="Execute", exact=True).click()
    # 422, not 403: the page sends the token of the form along.
    expect(writing.locator(".live-responses-table tbody .response-col_status").first).to_contain_text(
        "422", timeout=20_000
    )
    assert [text for text in problems if "422" not in text] == []


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    for path in (DOCS, f"{DOCS}?script"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/account/login/")
