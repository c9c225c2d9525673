"""The interactive schema page in a real browser: it renders, calls the API, and violates no content security policy."""

from collections.abc import Iterator

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from playwright.sync_api import Locator, Page, expect, sync_playwright
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


def scrolled(page: Page, wanted: str = "") -> set[str]:
    """Scroll down from the top until an operation is drawn, or to the end. Returns the operations drawn on the way.

    A long list is drawn only where it is in view.
    """
    drawn: set[str] = set()
    page.evaluate("window.scrollTo(0, 0)")
    while wanted not in drawn:
        page.wait_for_timeout(60)
        drawn |= set(page.locator(".opblock").evaluate_all("found => found.map((one) => one.id)"))
        if wanted in drawn:
            break
        place = page.evaluate("window.scrollY")
        page.evaluate("window.scrollBy(0, 700)")
        if page.evaluate("window.scrollY") == place:
            break
    return drawn


def operation_of(page: Page, name: str) -> Locator:
    """Scroll to an operation, open it and press "Try it out". Returns it."""
    assert name in scrolled(page, name)
    operation = page.locator(f"#{name}")
    operation.click()
    operation.get_by_role("button", name="Try it out").click()
    return operation


@pytest.mark.turns(days=4)
def test_the_page_draws_every_operation_and_can_try_one(page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(DOCS)
    expect(page.locator(".opblock").first).to_be_visible(timeout=20_000)
    described = {
        f"operations-{operation['tags'][0]}-{operation['operationId']}"
        for methods in SchemaGenerator().get_schema(public=True)["paths"].values()
        for operation in methods.values()
    }
    assert scrolled(page) == described
    operation = operation_of(page, "operations-offers-offers_list")
    operation.get_by_role("button", name="Execute", exact=True).click()
    expect(operation.locator(".live-responses-table tbody .response-col_status").first).to_contain_text(
        "200", timeout=20_000
    )
    writing = operation_of(page, "operations-offers-offers_create")
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
