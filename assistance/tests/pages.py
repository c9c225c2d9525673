"""What tests of pages share: signing in, reading a page's words and errors, counting statements."""

import html
import re
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from assistance.tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client: Client, cast: Cast, name: str, language: str = "en") -> None:
    """Sign somebody of the cast in, reading in a language."""
    client.force_login(cast.users[name], backend=BACKEND)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language


def words(answer: Any) -> str:
    """Return the words of a page's content as a reader sees them, without its frame."""
    text = answer.content.decode()
    main = re.search(r'<main id="content".*?</main>', text, re.DOTALL)
    return " ".join(html.unescape(strip_tags(main[0] if main else text)).split())


def errors_at(answer: Any, field: str) -> list[str]:
    """Return the messages shown at a field; the page must carry them."""
    form = answer.context["form"]
    found = [str(text) for text in form.errors.get(field, ())]
    assert all(html.escape(text) in answer.content.decode() for text in found)
    return found


def statements(client: Client, url: str) -> int:
    """Return how many statements a page costs once it is warm."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
