"""Text written by users: in which of the six languages it exists, and which one a reader is shown."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language, get_language_info
from modeltranslation.utils import build_localized_fieldname

CODES = tuple(code for code, _name in settings.LANGUAGES)

# Blocks of Unicode in which one of the six languages is written, and only one of them.
BLOCKS = (
    (0x0400, 0x052F, "ru"),
    (0x0600, 0x06FF, "ar"),
    (0x0750, 0x077F, "ar"),
    (0xFB50, 0xFDFF, "ar"),
    (0xFE70, 0xFEFF, "ar"),
    (0x3400, 0x4DBF, "zh-hans"),
    (0x4E00, 0x9FFF, "zh-hans"),
)


@dataclass(frozen=True)
class Text:
    """A text and the language it is in (an empty text has the language asked for)."""

    value: str
    language: str

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"

    def __str__(self) -> str:
        return self.value


def localized(row: Model, field: str, reader: str | None = None) -> Text:
    """Return the text a reader is shown of a translated field: in their language, else the original, else any other."""
    reader = reader or get_language() or settings.LANGUAGE_CODE
    order = (reader, getattr(row, "language", settings.LANGUAGE_CODE), *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    for code in order:
        if code in CODES and (value := getattr(row, build_localized_fieldname(field, code))):
            return Text(value, code)
    return Text("", reader)


def columns_in_languages(field: str) -> list[str]:
    """Return the names of the columns that hold a translated field, one for each language."""
    return [build_localized_fieldname(field, code) for code in CODES]


def set_localized(row: Model, field: str, value: str, language: str) -> None:
    """Write the text into the column of its language; the other languages are not changed."""
    setattr(row, build_localized_fieldname(field, language), value)


def language_by_letters(text: str) -> str:
    """Return the language that most letters of a text belong to; empty where they are Latin, as three languages are."""
    found = Counter(_language_of(ord(letter)) for letter in text if letter.isalpha())
    return found.most_common(1)[0][0] if found else ""


def _language_of(letter: int) -> str:
    return next((language for first, last, language in BLOCKS if first <= letter <= last), "")
