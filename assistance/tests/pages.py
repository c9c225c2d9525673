"""Helpers for tests of pages: signing in, reading a page's text and errors, counting queries."""

import html
import re
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from assistance.tests.cast import Cast

BACKEND = "accounts.sign_in.backend.AccountBackend"


def sign_in(client: Client, cast: Cast, name: str, language: str = "en") -> None:
    """Sign in a cast member, with a language."""
    client.force_login(cast.users[name], backend=BACKEND)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language


def words(answer: Any) -> str:
    """Return the text of a page's main content, without header and footer."""
    text = answer.content.decode()
    main = re.search(r'<main id="content".*?</main>', text, re.DOTALL)
    return " ".join(html.unescape(strip_tags(main[0] if main else text)).split())


def errors_at(answer: Any, field: str) -> list[str]:
    """Return the messages shown at a field; assert that the page contains them."""
    form = answer.context["form"]
    found = [str(text) for text in form.errors.get(field, ())]
    assert all(html.escape(text) in answer.content.decode() for text in found)
    return found


def statements(client: Client, url: str) -> int:
    """Return how many queries a page runs when caches are filled."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
