"""Fields of serializers that derive from models: those of a request body, and those the schema declares of a row.

DRF's own rules give bounds, choices, help texts and what is required (`ModelSerializer`); the relations become codes of
vocabularies or ids of rows. A class takes the fields by `vars().update(…)`.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from rest_framework import serializers

from accounts.serializers import LanguageField, Line
from assistance.access.models import Restricted
from assistance.rest.fields import (
    CodeField,
    CodesField,
    Prose,
    RowField,
    Rows,
    RowsField,
    instruments,
    organisations,
    pillars,
    programmes,
    regions,
    states,
    themes,
)
from assistance.workflow import editing
from entities.models import Instrument, Organisation, Pillar, Programme, Region, Theme

Fields = dict[str, serializers.Field]
Options = dict[str, Any]


class Vocabulary(NamedTuple):
    """A public vocabulary: its rows, the column that identifies one in the API, and help texts for one and several."""

    rows: Rows
    column: str = "code"
    one: str = "Code."
    many: str = "Codes."


STATES = Vocabulary(states, "iso3", "ISO 3166 alpha-3 code.", "ISO 3166 alpha-3 codes.")
VOCABULARIES = {
    Organisation: Vocabulary(organisations, "slug", "Slug.", "Slugs."),
    Region: Vocabulary(regions, one="M49 code.", many="M49 codes."),
    Theme: Vocabulary(themes),
    Pillar: Vocabulary(pillars),
    Instrument: Vocabulary(instruments, "symbol", "Symbol.", "Symbols."),
    Programme: Vocabulary(programmes),
}


def body_of(model: type[Restricted], **changes: Vocabulary | Options) -> Fields:
    """Return the fields of a body that records or edits a row: all that the model leaves editable.

    `changes` give for a field another vocabulary, or options that differ from those that follow from the model.
    """
    found: Fields = {}
    for name in editing.written(model):
        column, vocabulary, options = _parts(model, name, changes)
        kind, given = _relation(column, vocabulary) if column.is_relation else _BUILD.build_standard_field(name, column)
        found[name] = kind(**{**given, **options})
    return found


def shown_of(model: type[Restricted], *more: str, **changes: Vocabulary | Options) -> Fields:
    """Return the fields that the schema declares of a row: all that the model leaves editable, and `more` columns.

    `changes` are as those of `body_of`.
    """
    found: Fields = {}
    for name in (*editing.written(model), *more):
        column, vocabulary, options = _parts(model, name, changes)
        if name == "language":
            found[name] = LanguageField(help_text="The language the row was written in.")
        elif name in model.translated:
            found[name] = serializers.CharField(**{"help_text": AS_READ, **options})
            found[f"{name}_language"] = LanguageField()
        else:
            found[name] = (
                _shown_relation(column, vocabulary, options) if column.is_relation else _shown(column, options)
            )
    if model.translated:
        found["translations"] = TranslationsField(required=False, help_text=IN_LANGUAGES)
    return found


AS_READ = "In the language of the request where it exists, else as written."
IN_LANGUAGES = "Field, language, text. In a list only with the parameter `languages`."


class TranslationsField(serializers.DictField):
    """Field → language → text, for the languages that have a text."""

    child = serializers.DictField(child=serializers.CharField())


def _parts(model: type[Restricted], name: str, changes: Options) -> tuple[Any, Vocabulary | None, Options]:
    """Return the column of this name, the vocabulary that it points at, and the options that differ."""
    column: Any = model._meta.get_field(name)
    change = changes.get(name, {})
    if isinstance(change, Vocabulary):
        return column, change, {}
    return column, VOCABULARIES.get(column.related_model), change


# ── Columns ──────────────────────────────────────────────────────────────────
class _Build(serializers.ModelSerializer):
    """DRF's rules for the field of a column, with the portal's own fields for longer texts and languages."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Line,
        models.TextField: Prose,
    }

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, Options]:
        """Return the class of the field of a column, and its options."""
        kind, given = super().build_standard_field(field_name, model_field)
        given.pop("label", None)  # a label is for pages
        if isinstance(model_field, ArrayField):
            given["max_length"] = len(model_field.base_field.choices or ())
        if list(model_field.choices or ()) == list(settings.LANGUAGES):
            kind = LanguageField
            del given["choices"]
        return kind, given


_BUILD = _Build()
SHOWN = {"allow_null", "choices", "max_digits", "decimal_places", "child", "help_text"}


def _shown(column: Any, options: Options) -> serializers.Field:
    """Return the field of a column in an answer. A code or a link that may be empty is declared as text."""
    kind, given = _BUILD.build_standard_field(column.name, column)
    given = {name: value for name, value in given.items() if name in SHOWN}
    if ((column.choices or kind is serializers.URLField) and column.blank) or kind is Prose:
        kind = serializers.CharField
        given.pop("choices", None)
    return kind(**{**given, **options})


# ── Relations ────────────────────────────────────────────────────────────────
def _relation(column: Any, vocabulary: Vocabulary | None) -> tuple[Any, Options]:
    given: Options = {"required": not column.blank, "help_text": column.help_text or None}
    if column.many_to_many:
        given["allow_empty"] = column.blank
        if vocabulary is None:
            return RowsField, {"model": column.related_model, **given}
        return CodesField, {"rows": vocabulary.rows, "column": vocabulary.column, **given, "help_text": vocabulary.many}
    given["allow_null"] = column.null
    if vocabulary is None:
        return RowField, {"model": column.related_model, **given}
    return CodeField, {"rows": vocabulary.rows, "column": vocabulary.column, **given, "help_text": vocabulary.one}


def _shown_relation(column: Any, vocabulary: Vocabulary | None, options: Options) -> serializers.Field:
    child: serializers.Field = serializers.CharField() if vocabulary else serializers.UUIDField()
    if column.many_to_many:
        help_text = vocabulary.many if vocabulary else column.help_text or None
        return serializers.ListField(child=child, **{"help_text": help_text, **options})
    if vocabulary is None:  # null for a reader who does not see the row
        return serializers.UUIDField(**{"allow_null": True, **options})
    return serializers.CharField(**{"allow_null": column.null, "help_text": vocabulary.one, **options})
