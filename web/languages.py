"""Language codes: Django says zh-hans where clients of the API say zh."""

from typing import Literal, cast

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import pgettext_lazy

_ON_THE_WIRE = {"zh-hans": "zh"}
_FROM_THE_WIRE = {short: code for code, short in _ON_THE_WIRE.items()}

LANGUAGES = dict(settings.LANGUAGES)  # each by its own name
# In the reader's language, as they stand inside a phrase: with a small letter in Spanish, French and Russian.
NAMES = {
    "ar": pgettext_lazy("language", "Arabic"),
    "en": pgettext_lazy("language", "English"),
    "es": pgettext_lazy("language", "Spanish"),
    "fr": pgettext_lazy("language", "French"),
    "ru": pgettext_lazy("language", "Russian"),
    "zh-hans": pgettext_lazy("language", "Chinese"),
}


def to_wire(code: str) -> str:
    """Return the code as clients write it."""
    return _ON_THE_WIRE.get(code, code)


def from_wire(code: str) -> str:
    """Return Django's code for what a client wrote; raise ValueError for a language the portal does not speak."""
    code = _FROM_THE_WIRE.get(code.lower(), code.lower())
    if code not in LANGUAGES:
        raise ValueError(code)
    return code


def remember(response: HttpResponse, code: str) -> None:
    """Set the cookie that keeps the language in the browser, whether the user is signed in or not."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast(Literal["Lax", "Strict"], settings.LANGUAGE_COOKIE_SAMESITE),
    )
