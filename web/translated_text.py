"""Text written by users: in which of the six languages it exists, and which one a reader is shown."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Model, TextField
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
        if code in CODES and (value := getattr(row, column_in(field, code))):
            return Text(value, code)
    return Text("", reader)


class Localized(Func):
    """What `localized` returns, as an array of language and text: PostgreSQL reads no more than it hands over."""

    output_field = ArrayField(TextField())

    def __init__(self, field: str, reader: str | None = None) -> None:
        self.reader = reader or get_language() or settings.LANGUAGE_CODE
        super().__init__(F("language"), *map(F, columns_in_languages(field)))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        """Return the expression; it has no parameters, because codes of languages are no input."""
        written, *columns = (compiler.compile(one)[0] for one in self.get_source_expressions())
        column = dict(zip(CODES, columns, strict=True))
        first = [self.reader] if self.reader in CODES else []
        cases = [(code, "") for code in first] + [(code, f"{written} = '{code}' AND ") for code in CODES]
        cases += [(code, "") for code in settings.MODELTRANSLATION_FALLBACK_LANGUAGES]
        whens = [f"WHEN {given}{column[code]} <> '' THEN ARRAY['{code}', {column[code]}]" for code, given in cases]
        return f"CASE {' '.join(whens)} ELSE ARRAY['{self.reader}', ''] END", []


@cache
def column_in(field: str, code: str) -> str:
    """Return the name of the column that holds a translated field in one language."""
    return build_localized_fieldname(field, code)


def columns_in_languages(field: str) -> list[str]:
    """Return the names of the columns that hold a translated field, one for each language."""
    return [column_in(field, code) for code in CODES]


def set_localized(row: Model, field: str, value: str, language: str) -> None:
    """Write the text into the column of its language; the other languages are not changed."""
    setattr(row, column_in(field, language), value)


def language_by_letters(text: str) -> str:
    """Return the language that most letters of a text belong to; empty where they are Latin, as three languages are."""
    found = Counter(_language_of(ord(letter)) for letter in text if letter.isalpha())
    return found.most_common(1)[0][0] if found else ""


def _language_of(letter: int) -> str:
    return next((language for first, last, language in BLOCKS if first <= letter <= last), "")
