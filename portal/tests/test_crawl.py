"""Every page in every language, in a real browser: no policy violation, no error, no failed request."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistance.tests.cast import Cast
from assistance.tests.world import World
from devserver.browser import find_browser
from entities.models import WorkingGroup
from portal.tests.crawl import walk
from portal.tests.figures import Figures
from portal.tests.leak_world import build

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PEOPLE = ("carana", "unodc", "cted", "unoct")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()


@pytest.fixture
def world(transactional_db: None) -> World:
    WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    return build(Cast())


def crawl(
    browser: Browser, server: LiveServer, world: World, figures: Figures, who: str, language: str, most: int, each: int
) -> int:
    """Crawl as one user in one language; return how many kinds of pages there were. Fails for any problem found."""
    user = world.cast.users.get(who)
    start = {"admin": "/admin/", "anonymous": "/account/login/"}.get(who, "/")
    closed = ["/"] if who == "admin" else []  # without an appointment the dashboard answers 403
    met = walk(browser, server.url, user, language, start=start, most=most, each=each, closed=closed)
    figures.count("pages opened in Chromium", met.pages)
    figures.count("refusals of the policy, errors, failed requests", len(met.problems))
    assert met.problems == [], f"{who} in {language}: {met.problems[:10]}"
    return len(met.shapes)


@pytest.mark.turns(2, days=2)
@pytest.mark.slow
@pytest.mark.parametrize(("who", "language"), [("carana", "ar"), ("cted", "zh-hans")])
def test_a_sample_of_pages_is_without_fault(
    browser: Browser, live_server: LiveServer, world: World, figures: Figures, who: str, language: str
) -> None:
    assert crawl(browser, live_server, world, figures, who, language, most=16, each=1) >= 12


@pytest.mark.prove
@pytest.mark.parametrize("who", [*PEOPLE, "anonymous", "admin"])
def test_crawl_of_every_page_in_every_language(
    browser: Browser, live_server: LiveServer, world: World, figures: Figures, who: str
) -> None:
    for language in LANGUAGES:
        kinds = crawl(browser, live_server, world, figures, who, language, most=600, each=3)
        assert kinds >= (3 if who == "anonymous" else 15)
