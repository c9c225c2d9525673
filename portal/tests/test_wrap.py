"""No page scrolls sideways, whatever people write: a word without an end, a pasted link, a long name of a file."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistance.consents import transitions as consents
from assistance.documents import transitions as documents
from assistance.needs import transitions as needs
from assistance.tests.cast import Cast
from devserver.browser import find_browser
from files.tests import samples
from portal.tests.leak_world import BACKEND

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
WORD = "Donaudampfschifffahrtsgesellschaft" * 7
LINK = "https://example.org/" + "x-" * 90 + "?a=" + "1" * 60
# The elements that reach beyond the window, to name them where a page scrolls.
BEYOND = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    return [...document.querySelectorAll("main *")].filter(
        (one) => { const box = one.getBoundingClientRect(); return box.right > most + 1 || box.left < -1; }
    ).map((one) => `${one.localName}.${one.className}`).slice(0, 6).concat(document.documentElement.scrollWidth);
}"""
# The codes, addresses and shares that stand on more than one line although a line could hold them.
BROKEN = """() => [...document.querySelectorAll("main .atom, main bdi[dir='ltr']")].filter((one) => {
    const boxes = new Set([...one.getClientRects()].map((box) => Math.round(box.top)));
    const range = document.createRange();
    range.selectNodeContents(one);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    return one.textContent.length < 32 && Math.max(boxes.size, lines.size) > 1;
}).map((one) => one.textContent)"""


@pytest.fixture
def page(live_server: LiveServer) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_context(base_url=live_server.url, locale="en").new_page()
        browser.close()


def texts(*names: str) -> dict[str, Any]:
    return {
        name: f"{WORD} {LINK}" if name not in ("title", "beneficiary", "provision") else WORD[:110] for name in names
    }


def addresses(cast: Cast) -> list[str]:
    """Record a row of each kind with such texts; return the pages that show them, and the forms that hold them."""
    visit = cast.visit()
    section = cast.section(visit, 1, **{**texts("text"), "title": WORD[:216]})
    written = texts("description", "priority_reason", "baseline", "target", "beneficiary", "provision")
    need = cast.need("agreed", title=WORD[:216], visit=visit, section=section, source="visit", **written)
    file = samples.note(WORD[:120] + ".pdf", "note")
    document = documents.attach(actor=cast.cted, parent=need, file=file, title=WORD[:190])
    consents.release(actor=cast.carana, rows=[need], audience="compact", reason=WORD + LINK)
    needs.close(
        actor=cast.cted, need=cast.need("draft", title=WORD[:216]).pk, reason="superseded", note=f"{WORD} {LINK}"
    )
    offer = cast.offer(title=WORD[:216], **texts("description"))
    match = cast.match(need=need, share=40)
    project = cast.project(title=WORD[:216], places=WORD, **texts("description", "results"))
    rows = [visit, section, need, offer, match, project, document]
    lists = ["dashboard", "needs", "offers", "projects", "matches", "visits", "consents"]
    forms = [reverse("need-edit", args=[need.pk]), reverse("match-transition", args=[match.pk, "accept"])]
    return [*(row.get_absolute_url() for row in rows), *map(reverse, lists), *forms, reverse("need-add")]


@pytest.mark.turns(days=3)
def test_no_page_scrolls_sideways_and_no_code_is_broken(page: Page, live_server: LiveServer) -> None:
    cast = Cast()
    shown = addresses(cast)
    wrong: list[str] = []
    for name, language in (("cted", "en"), ("carana", "ar")):
        client = Client()
        client.force_login(cast.users[name], backend=BACKEND)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for address in shown:
                page.goto(address)
                wrong += [f"{name} {width} {address} {found}" for found in [page.evaluate(BEYOND)] if found]
                wrong += [f"{name} {width} {address} broken: {found}" for found in page.evaluate(BROKEN)]
    assert not wrong, "\n".join(wrong)
