"""Folding: the form in which texts are compared in every search, in Python and, by the same tables, in SQL.

Left out are case, accents, vowel signs and the width of letters; Arabic letters have one spelling, digits one script.
The Russian й stays, because the endings of words depend on it.
"""

import re
import unicodedata
from typing import Any

from django.db.models import CharField, TextField, Transform, Value
from django.db.models.functions import Coalesce, Concat

# Signs that combine with a letter, Arabic vowel signs, hamza and tatweel, and characters that are not seen.
_DROPPED = (
    "\u0300-\u036f\u0483-\u0487\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
_SHORT_I = ("и\u0306", "й")
_LONGER = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))
_FROM = "ةىٱکیھہۀەıøłđðςʼ‘’‛′`‐−" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹"
_TO = "هياكيههههioldd" + "σ" + "'" * 6 + "--" + "0123456789" * 2
_TABLE = str.maketrans(_FROM, _TO)
_MARKS = re.compile(f"[{_DROPPED}]")


def fold(text: str) -> str:
    """Return the text as searches compare it."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).lower().replace(*_SHORT_I)).translate(_TABLE)
    for letter, letters in _LONGER:
        plain = plain.replace(letter, letters)
    return plain


def _quoted(text: str) -> str:
    """Return the text as a literal of SQL, in ASCII, so that no editor or driver changes it."""
    return "U&'" + "".join(f"\\{ord(c):04X}" if ord(c) > 126 or c in "'\\" else c for c in text) + "'"


def _function() -> str:
    """Return the SQL that creates the function. It is immutable, so that indexes and generated columns can use it."""
    plain = f"replace(lower(normalize($1, NFKD)), {_quoted(_SHORT_I[0])}, {_quoted(_SHORT_I[1])})"
    plain = f"regexp_replace({plain}, {_quoted(f'[{_DROPPED}]')}, '', 'g')"
    plain = f"translate({plain}, {_quoted(_FROM)}, {_quoted(_TO)})"
    for letter, letters in _LONGER:
        plain = f"replace({plain}, {_quoted(letter)}, {_quoted(letters)})"
    return f"CREATE FUNCTION portal_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT {plain} $$"


CREATE_FUNCTION = _function()
DROP_FUNCTION = "DROP FUNCTION portal_fold(text)"


class Fold(Transform):
    """SQL: the folded text; also in conditions, as in `name__folded__contains=looks_for(term)`."""

    function = "portal_fold"
    lookup_name = "folded"
    output_field = TextField()


CharField.register_lookup(Fold)
TextField.register_lookup(Fold)


def folded(*columns: Any) -> Fold:
    """Return an expression that joins columns, folded: what a search looks through, and an index is made of."""
    spaced = [
        piece for column in columns for piece in (Coalesce(column, Value(""), output_field=TextField()), Value("\n"))
    ]
    return Fold(Concat(*spaced, output_field=TextField()))


def looks_for(term: str) -> str:
    """Return a search term folded, without blanks at its ends. Lone surrogates and NUL are left to the forms."""
    return fold(term).strip()
