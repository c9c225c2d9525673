"""Text written by users: in which of the six languages it exists, and which one a reader is shown."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language, get_language_info
from modeltranslation.utils import build_localized_fieldname

CODES = tuple(code for code, _name in settings.LANGUAGES)


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
