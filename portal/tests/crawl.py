"""A crawler that follows all links in a real browser and reports every CSP violation, error and failed request."""

import re
from collections import Counter, deque
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from accounts.models import User
from portal.tests.leak_world import BACKEND

# Violations of the content security policy are logged to the console, where the crawler listens.
LISTEN = """document.addEventListener('securitypolicyviolation',
    event => console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`));"""
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
# Ends the session, downloads a file, or is the API's schema page, which is in English and has its own test.
NOT_FOLLOWED = re.compile(
    r"^/(account/logout|admin/logout|language|static|api)/|/note-verbale/|/documents/|/letter/|/export/|\.(csv|xlsx|xml|ics|pdf)$"
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Walk:
    """What one user met while crawling, in one language."""

    pages: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def shape(address: str) -> str:
    """Return the kind of page of a URL: without ids and without the values of its query."""
    parts = urlsplit(address)
    path = re.sub(r"/\d+/", "/#/", UUID.sub("#", parts.path))
    path = re.sub(r"^/(who|states)/(?!groups|terms)[\w-]+/$", r"/\1/#/", path)
    return f"{path}?{'&'.join(sorted({name for name, _value in parse_qsl(parts.query)}))}"


def walk(
    browser: Browser,
    root: str,
    user: User | None,
    language: str,
    *,
    start: str = "/",
    most: int,
    each: int,
    closed: Collection[str] = (),
) -> Walk:
    """Follow the links from `start` over at most `most` pages, `each` of one kind; return what was met.

    That a `closed` path answers 403 is not reported; everything else met there is.
    """
    context = enter(browser, root, user, language)
    page, found = context.new_page(), Walk()
    listen(page, found)
    waiting, known = deque([urljoin(root, start)]), {urljoin(root, start)}
    while waiting and found.pages < most:
        address = waiting.popleft()
        if found.shapes[shape(address)] >= each:
            continue
        found.shapes[shape(address)] += 1
        before = len(found.problems)
        for link in visit(page, address, language, found):
            if link not in known and link.startswith(root) and not NOT_FOLLOWED.search(urlsplit(link).path):
                known.add(link)
                waiting.append(link)
        if urlsplit(page.url).path in closed:
            found.problems[before:] = [problem for problem in found.problems[before:] if "403" not in problem]
    context.close()
    return found


def enter(browser: Browser, root: str, user: User | None, language: str) -> BrowserContext:
    """Return a browser context of a user's own, signed in and set to a language."""
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if user is not None:
        client = Client()
        client.force_login(user, backend=BACKEND)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": root} for name, value in cookies.items()])
    context.add_init_script(LISTEN)
    return context


def listen(page: Page, found: Walk) -> None:
    """Record every error of the console, of a script and of a request."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.problems.append(f"{page.url}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            found.problems.append(f"{response.url}: {response.status}, linked from {page.url}")

    def failed(request: Request) -> None:
        if request.resource_type in ("fetch", "xhr") and request.failure == "net::ERR_ABORTED":
            return  # a part of the page that was still loading when the crawler went on
        found.problems.append(f"{request.url}: {request.failure}")

    page.on("console", said)
    page.on("pageerror", lambda error: found.problems.append(f"{page.url}: {error}"))
    page.on("response", answered)
    page.on("requestfailed", failed)


def visit(page: Page, address: str, language: str, found: Walk) -> list[str]:
    """Open a page and unfold everything on it; return where its links lead."""
    page.goto(address, wait_until="load")
    found.pages += 1
    page.evaluate(OPEN)
    html = page.locator("html")
    spoken, way = html.get_attribute("lang"), html.get_attribute("dir")
    if spoken != language or way != ("rtl" if language == "ar" else "ltr"):
        found.problems.append(f"{address}: in {spoken}, {way}, but {language} was asked for")
    return [link.split("#")[0] for link in page.evaluate(LINKS)]
