"""Every element that takes the focus shows a ring: found by Tab and measured in a real browser."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistance.needs.models import Need
from assistance.tests.cast import PASSWORD, Cast
from devserver.browser import find_browser

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
THICK_ENOUGH, CONTRAST = 2.0, 3.0  # pixels; Web Content Accessibility Guidelines 2.2, 1.4.11 and 2.4.13
MOST_STOPS = 300
LIST = "/needs/?priority=high&page_size=1"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Elements that must be found on these pages, so that none counts as checked that was not there.
KINDS = (
    "skip-link", "brand", "input[search]", "btn btn-quiet bell", "summary[].btn btn-quiet", "menu-button", "select[",
    "btn-primary", "btn-outline-primary", "chip", "pager-next", "nav-link", "error-summary", "checkbox", "radio", "file",
    "starts_on_day",
)  # fmt: skip
Colour = tuple[float, float, float]

# Unfold everything, so that Tab reaches it; elements already visited are kept in a set on the page.
BEGIN = "document.querySelectorAll('details').forEach(each => { each.open = true; }); window.met = new WeakSet();"
# Returns for the focused element: its identity, its outline with focus and without, the backgrounds behind it from
# the nearest to the first opaque one, and whether something cuts the outline off. Null after the last element, "same"
# while Tab moves between the parts of one field.
MEASURE = """() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    if (window.met.has(element)) return element === window.last ? "same" : null;
    window.met.add(element);
    window.last = element;
    const outline = () => {
        const style = getComputedStyle(element);
        return {line: style.outlineStyle, width: parseFloat(style.outlineWidth), colour: style.outlineColor,
            offset: parseFloat(style.outlineOffset)};
    };
    const focused = outline();
    const grounds = [];
    for (let each = focused.offset < 0 ? element : element.parentElement; each; each = each.parentElement) {
        grounds.push(getComputedStyle(each).backgroundColor);
    }
    const reach = focused.width + focused.offset, box = element.getBoundingClientRect();
    const cut = [];
    for (let each = element; each !== document.body; each = each.parentElement) {
        const style = getComputedStyle(each), frame = each.getBoundingClientRect();
        if (style.clipPath !== "none" || style.opacity === "0") cut.push(each.tagName);
        if (each === element || style.overflow === "visible") continue;
        const start = frame.left + each.clientLeft, top = frame.top + each.clientTop;
        if (box.left - reach < start - 1 || box.right + reach > start + each.clientWidth + 1 ||
            box.top - reach < top - 1 || box.bottom + reach > top + each.clientHeight + 1) cut.push(each.tagName);
    }
    element.blur();
    const resting = outline();
    element.focus({focusVisible: true});
    const name = element.name || element.getAttribute("href") || element.innerText.trim();
    return {who: `${element.localName}[${element.type || ""}].${element.className} ${name}`, focused, resting, grounds, cut};
}"""


def parts(colour: str) -> tuple[Colour, float]:
    """Return the red, green and blue of a computed colour (0 to 255), and how opaque it is."""
    found = re.fullmatch(r"rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)", colour)
    assert found, colour
    red, green, blue = (float(each) for each in found.groups()[:3])
    return (red, green, blue), float(found[4] or 1)


def over(colour: str, ground: Colour) -> Colour:
    """Return the colour seen where a translucent colour is painted over a background."""
    own, opaque = parts(colour)
    red, green, blue = (opaque * above + (1 - opaque) * below for above, below in zip(own, ground, strict=True))
    return red, green, blue


def seen(grounds: list[str]) -> Colour:
    """Return the resulting colour of stacked backgrounds, the nearest first."""
    colour: Colour = (255, 255, 255)
    for each in reversed(grounds):
        colour = over(each, colour)
    return colour


def luminance(colour: Colour) -> float:
    shares = [each / 255 for each in colour]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def fault(stop: dict[str, Any]) -> str:
    """Return what is wrong with the focus ring of an element, or an empty string."""
    focused = stop["focused"]
    if focused["line"] in ("none", "auto") or focused["width"] < THICK_ENOUGH:
        return f"no ring: {focused}"
    if focused == stop["resting"]:
        return "looks the same without the focus"
    if stop["cut"]:
        return f"its ring is cut off by {stop['cut']}"
    ground = seen(stop["grounds"])
    found = contrast(over(focused["colour"], ground), ground)
    return "" if found >= CONTRAST else f"{focused['colour']} on {ground} is {found:.2f}:1"


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Go through a page by Tab; yield the measurements of each element that receives the focus."""
    page.evaluate(BEGIN)
    first = page.evaluate(MEASURE)  # an error summary has the focus initially
    if first:
        yield first
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(MEASURE)
        if found is None:
            return
        if found != "same":
            yield found
    raise AssertionError(f"{page.url} takes more than {MOST_STOPS} steps")


@pytest.fixture
def page(live_server: LiveServer) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = browser.new_context(base_url=live_server.url, locale="en", viewport=WIDE).new_page()
        found.emulate_media(reduced_motion="reduce")  # a colour in transition must not be measured
        yield found
        browser.close()


def look_at(page: Page, name: str) -> dict[str, str]:
    """Return every focusable element of the open page, in light and dark mode, each with what is wrong."""
    expect(page.locator(".list-count a")).to_have_count(0)  # a link that is replaced after loading
    found = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        found |= {f"{name}, {scheme}: {stop['who']}": fault(stop) for stop in stops(page)}
    return found


def speak(page: Page, language: str) -> None:
    """Set the language of the following pages."""
    root = page.evaluate("location.origin")
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": root}])


def pages(page: Page, needs: list[Need]) -> Iterator[str]:
    """Open one page after the other; yield its name. Signs in once."""
    page.goto("/account/login/")
    yield "sign-in"
    page.fill("[name=login]", "cted@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form [type=submit]")
    for address in ("/", LIST, "/me/", "/who/", f"/documents/new/need/{needs[0].pk}/"):
        page.goto(address)
        yield address
    page.goto("/visits/new/")
    page.click("main form .actions [type=submit]")
    expect(page.locator(".error-summary")).to_be_focused()
    yield "a form with errors"
    speak(page, "ar")
    page.goto(LIST)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    yield "the list in Arabic"
    page.set_viewport_size(PHONE)
    page.reload()
    yield "the list in Arabic on a phone"


@pytest.mark.turns(days=3)
def test_whatever_takes_the_focus_shows_a_ring(page: Page) -> None:
    cast = Cast()
    met: dict[str, str] = {}
    for name in pages(page, [cast.need(), cast.need()]):
        met |= look_at(page, name)
    wrong = [f"{who}: {fault}" for who, fault in met.items() if fault]
    assert wrong == [], "\n".join(wrong)
    missing = [kind for kind in KINDS if not any(kind in who for who in met)]
    assert missing == [], "\n".join(met)
