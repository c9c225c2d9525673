"""The one normal form of what people and files write, and how long texts may be, on pages and in the API alike.

Each text that comes in passes one of three functions.
Forms, request bodies, imports and the rows themselves use them, so that a text is the same whichever way it came.
"""

import re
import unicodedata
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _

TEXT_MAX = 50_000  # characters of a longer text; PostgreSQL's search vector takes several times as many
REMARK_MAX = 5_000  # characters of a remark or reason that a decision over a release or a file carries
COMMENT_MAX = 5_000  # characters of a comment

# Line breaks of all kinds. NUL and lone surrogates are left in a text: fields refuse them.
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# In every text: control characters; embeddings and overrides, which show letters in another order than they stand in;
# invisible spaces, marks and fillers; tags and annotations, which carry hidden text; noncharacters.
_NEVER = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u180e\u200b\u202a-\u202e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Isolates separate scripts in a paragraph; in a line they only move its parts.
_NOT_IN_A_LINE = re.compile("[\u2066-\u2069]")
# Joiners, direction marks and variation selectors shape letters of some scripts; two identifiers never differ by them.
_NOT_IN_AN_IDENTIFIER = re.compile(
    "[\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c-\u200f\u061c\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_UNSEEN_CATEGORIES = ("C", "Z", "M")  # controls and formats, spaces, marks that stand on a letter
_UNSEEN_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # fillers, which Unicode counts as letters


def one_line(text: str) -> str:
    """Return a text with one space for each run of spaces and line breaks; the no-break spaces of French stay."""
    return re.sub(r"[^\S\xa0\u202f]+", " ", text).strip()


def normal_text(text: str) -> str:
    """Return a text of several lines in NFC, without control and hidden characters; "" if nothing of it can be seen."""
    return _seen(_NEVER.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", text))))


def normal_line(text: str) -> str:
    """Return a text of one line, such as a title or a name, as `normal_text` does, with spaces for line breaks."""
    return _seen(_NOT_IN_A_LINE.sub("", re.sub("[\n\t]", " ", normal_text(text))))


def normal_identifier(text: str) -> str:
    """Return an identifier as `normal_line` does, without characters that cannot be seen: no two differ by them."""
    return normal_line(_NOT_IN_AN_IDENTIFIER.sub("", text))


def _seen(text: str) -> str:
    """Return a text without spaces and invisible characters around it, which is "" if it has no others.

    NUL counts as seen, so that fields can refuse it.
    """
    text = text.strip()
    return text if any(_is_seen(letter) for letter in text) else ""


def _is_seen(letter: str) -> bool:
    if letter in "\0" or "\ud800" <= letter <= "\udfff":
        return True
    return unicodedata.category(letter)[0] not in _UNSEEN_CATEGORIES and letter not in _UNSEEN_LETTERS


# ── Rows ─────────────────────────────────────────────────────────────────────
def keep_normal_texts(app: AppConfig) -> None:
    """Bring the texts of all rows of an app into their normal form before they are saved."""
    for model in app.get_models():
        pre_save.connect(_normalize, sender=model)


def _normalize(sender: type[models.Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Rewrite the texts of a row. Raises ValidationError for a text that is required and of which nothing can be seen."""
    for column in sender._meta.concrete_fields:
        if isinstance(column, models.EmailField):
            continue  # an address has a normal form of its own, by which look-alikes are refused
        text = instance.__dict__.get(column.attname)
        if isinstance(text, str) and isinstance(column, models.CharField | models.TextField) and not column.choices:
            normal = _function_for(column)(text)
            if text and not normal and not column.blank:
                raise ValidationError({column.name: [_("Enter at least one visible letter or digit.")]})
            instance.__dict__[column.attname] = normal  # not by setattr: modeltranslation would write another column


def _function_for(column: models.Field) -> Any:
    if isinstance(column, models.TextField):
        return normal_text
    return normal_identifier if column.unique or isinstance(column, models.SlugField) else normal_line
