"""What journeys by pages share: in which languages they run, with JavaScript and without, and their people."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from docx import Document
from playwright.sync_api import Browser, FilePayload, Locator, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assistance.tests.cast import Cast
from files.tests import samples
from portal.tests.test_journeys import CHROMIUM, Person

MARKS = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
REFUSALS = ("404", "409", "422")  # of pages that a journey opens or sends on purpose; the browser notes them


class Company:
    """The people of one journey, all with the same language; each signs in when first named: `company.unodc`."""

    def __init__(self, browser: Browser, server: LiveServer, cast: Cast, language: str, javascript: bool) -> None:
        self._browser, self._server = browser, server
        self._here: dict[str, Person] = {}
        self.cast, self.language, self.javascript = cast, language, javascript
        User.objects.update(language=language)

    def __getattr__(self, name: str) -> Person:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._here:
            address = self.cast.users[name].email
            self._here[name] = Person(self._browser, self._server, address, self.language, self.javascript)
        return self._here[name]

    def leave(self, name: str) -> None:
        """Close the browser of one person, who signs in anew when next named; nothing unexpected was noted in it."""
        person = self._here.pop(name)
        unexpected = [line for line in person.problems if not any(code in line for code in REFUSALS)]
        person.context.close()
        assert not unexpected, (name, unexpected)

    def end(self) -> None:
        """Close all browsers."""
        for name in list(self._here):
            self.leave(name)


@contextmanager
def company(browser: Browser, server: LiveServer, cast: Cast, language: str, javascript: bool) -> Iterator[Company]:
    """Give the people of a journey, and close their browsers after it."""
    people = Company(browser, server, cast, language, javascript)
    yield people
    people.end()


def attach(person: Person, name: str = "note_verbale") -> None:
    """Choose a PDF file in a field of the form."""
    file: FilePayload = {"name": "note.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}
    person.page.set_input_files(f"[name={name}]", file)


def follow(person: Person, text: str, context: str = "") -> None:
    """Follow the first link of the page with this text of the interface."""
    person.page.locator("main").get_by_role("link", name=person.says(context, text), exact=True).first.click()


def part(person: Person, name: str) -> Locator:
    """Return a part of the page by its name in the address (`#name`)."""
    return person.page.locator(f"main #{name}")


def heading(person: Person, text: str, context: str = "") -> None:
    """Check that this text of the interface is the heading of the page."""
    expect(person.page.locator("main h1")).to_have_text(person.says(context, text))


def letter(person: Person) -> str:
    """Download the letter whose preview is open, and return its text."""
    with person.page.expect_download() as download:
        person.page.locator("main a.btn[href*='/file/']").click()
    content = download.value.path().read_bytes()
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
