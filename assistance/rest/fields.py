"""Fields of request bodies: codes of the vocabularies, ids of rows the caller sees, texts, and audiences.

A hidden row and an absent row are refused with the same message at the same field.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.serializers import Strict, Text
from assistance.access import policy
from assistance.access.models import Restricted
from entities.models import Instrument, Organisation, Pillar, Programme, Region, Theme
from web.exceptions import NotVisible
from web.lists import enumerated
from web.texts import TEXT_MAX

MOST = 300  # entries of a list in a body


class WriteSerializer(Strict):
    """A request body."""


class VersionedWriteSerializer(WriteSerializer):
    """A body that may carry the version of the row the caller has read, as an alternative to the header If-Match."""

    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="The version you have read; 409 when it has changed.",
    )


def required_values(part: WriteSerializer, values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the values of a part of a body; raise ValidationError for each of these names that is missing."""
    missing = {
        name: [ErrorDetail(str(part.fields[name].error_messages["required"]), "required")]
        for name in names
        if name not in values
    }
    if missing:
        raise serializers.ValidationError(missing)
    return values


# ── Texts ────────────────────────────────────────────────────────────────────
class Prose(Text):
    """A longer text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": TEXT_MAX, **kwargs})


def plain(value: object) -> str:
    """Return a code or id as text that can be looked up; "", which matches nothing, for any other value."""
    is_text = (
        isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    )
    return str(value) if is_text else ""


# ── Codes of vocabularies ────────────────────────────────────────────────────
Rows = Callable[[], QuerySet[Any]]


def states() -> QuerySet[Organisation]:
    """Return the States that have an ISO 3166 alpha-3 code."""
    return Organisation.objects.states().exclude(iso3="")


# Managers of public vocabularies, each behind a function, so that each request reads the current rows.
compact: Rows = Organisation.objects.compact
organisations: Rows = Organisation.objects.all
pillars: Rows = Pillar.objects.all
themes: Rows = Theme.objects.all
regions: Rows = Region.objects.all
instruments: Rows = Instrument.objects.all
programmes: Rows = Programme.objects.all


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field):
    """One entry of a vocabulary, by the column that identifies it in the API."""

    default_error_messages = {"does_not_exist": _("Unknown value.")}

    def __init__(self, rows: Rows, column: str = "code", **kwargs: Any) -> None:
        self.rows, self.column = rows, column
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return the row; raise ValidationError for an unknown code."""
        row = self.rows().filter(**{self.column: plain(data)}).first()
        if row is None:
            self.fail("does_not_exist")
        return row


CODES = {"type": "array", "items": {"type": "string"}, "maxItems": MOST}


@extend_schema_field(CODES)
class CodesField(serializers.Field):
    """Several entries of a vocabulary, looked up in one query."""

    default_error_messages = {
        "not_a_list": _("Enter a list."),
        "empty": _("Enter at least one value."),
        "too_many": _("Enter at most {most} values."),
        "does_not_exist": _("Unknown values: {names}."),
    }

    def __init__(self, rows: Rows, column: str = "code", *, allow_empty: bool = True, **kwargs: Any) -> None:
        self.rows, self.column, self.allow_empty = rows, column, allow_empty
        if not allow_empty:
            extend_schema_field({**CODES, "minItems": 1})(self)  # type: ignore[type-var]
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        """Return the rows without duplicates; raise ValidationError naming the unknown codes."""
        codes = listed(self, data)
        found = list(self.rows().filter(**{f"{self.column}__in": {plain(code) for code in codes}}))
        known = {getattr(row, self.column) for row in found}
        if unknown := [str(code) for code in codes if plain(code) not in known]:
            self.fail("does_not_exist", names=enumerated(unknown[:10])[:200])
        return found


def listed(field: Any, data: Any) -> list[Any]:
    """Return the entries of a list in a body; fail at the field for anything else, too many, or (if refused) none."""
    if not isinstance(data, list):
        field.fail("not_a_list")
    if not data and not field.allow_empty:
        field.fail("empty")
    if len(data) > MOST:
        field.fail("too_many", most=MOST)
    return list(data)


# ── Ids of restricted rows ───────────────────────────────────────────────────
@extend_schema_field(OpenApiTypes.UUID)
class RowField(serializers.Field):
    """One row the caller sees, by id."""

    default_error_messages = {"does_not_exist": NotVisible.message}

    def __init__(self, model: type[Restricted], **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return the row; raise the same ValidationError for hidden, absent and malformed ids."""
        try:
            return policy.get(self.context["actor"], self.model, data)
        except NotVisible:
            self.fail("does_not_exist")


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": MOST})
class RowsField(serializers.Field):
    """Several rows the caller sees, by id, looked up in one query; an error names the position in the list."""

    default_error_messages = {**CodesField.default_error_messages, "does_not_exist": NotVisible.message}

    def __init__(self, model: type[Restricted], *, allow_empty: bool = True, **kwargs: Any) -> None:
        self.model, self.allow_empty = model, allow_empty
        super().__init__(**kwargs)

    def get_value(self, dictionary: Any) -> Any:
        """Return the submitted values: a list in JSON, a repeated field in a form."""
        return repeated(self, dictionary, super().get_value(dictionary))

    def to_internal_value(self, data: Any) -> list[Any]:
        """Return the rows without duplicates; raise the same ValidationError for hidden, absent and malformed ids."""
        keys = [key_of(entry) for entry in listed(self, data)]
        rows = {
            row.pk: row for row in policy.visible(self.context["actor"], self.model).filter(pk__in=set(keys) - {None})
        }
        message = [ErrorDetail(str(NotVisible.message), "does_not_exist")]
        if missing := {str(i): message for i, key in enumerate(keys) if key not in rows}:
            raise serializers.ValidationError(missing)
        return list(rows.values())


def key_of(value: object) -> UUID | None:
    """Return the value as UUID, or None when it is not one."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def repeated(field: serializers.Field, dictionary: Any, value: Any) -> Any:
    """Return all values of a repeated form field; a value from JSON is returned unchanged."""
    if isinstance(dictionary, QueryDict) and field.field_name in dictionary:
        return dictionary.getlist(str(field.field_name))
    return value


# ── The audience of a release ────────────────────────────────────────────────
@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "enum": ["compact", "states", "donors"]},
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST},
        ]
    }
)
class AudienceField(serializers.Field):
    """A keyword, or a list of keywords and slugs of organisations and working groups."""

    default_error_messages = {
        **CodesField.default_error_messages,
        "not_words": _("Enter “compact”, “states”, “donors”, or a list of short names."),
    }
    allow_empty = False

    def get_value(self, dictionary: Any) -> Any:
        """Return the submitted values: a keyword or a list in JSON, a repeated field in a form."""
        return repeated(self, dictionary, super().get_value(dictionary))

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the keywords and slugs; whether they are known is checked by the transition."""
        words = [data] if isinstance(data, str) else listed(self, data)
        if not all(plain(word) for word in words):
            self.fail("not_words")
        return words
