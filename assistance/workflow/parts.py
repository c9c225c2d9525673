"""Rows that are written with the row they belong to, as one value of it: all of them, in their order.

Each change of them is a change of that row, under its version. A part is known by its id; a new one has none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from assistance.workflow.editing import Values
from web.exceptions import Invalid
from web.texts import TEXT_MAX

Given = Mapping[str, Any]  # a part as a value: column → value, of a related row its key, and the part's own `id`
Errors = dict[str, list[Any]]  # of one part, by column


def _as_given(row: Any, values: Values, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return given


def _nothing(row: Any, values: Values, one: Given, before: Given | None) -> Errors:
    return {}


def _may_go(part: Any) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The rows of one model that belong to a row; written are the columns that their model leaves editable.

    `name` is the name of the value that holds them, `path` leads from the model to the row. `typed` returns the parts
    with what was typed in the form in which it is stored. `check` returns what is wrong with a part that is new or
    changed, given how it was `before`; `stays` why a stored part cannot be removed, or "".
    """

    name: str
    model: type[models.Model]
    path: str
    most: int
    typed: Callable[[Any, Values, list[dict[str, Any]]], list[dict[str, Any]]] = _as_given
    check_one: Callable[[Any, Values, Given, Given | None], Errors] = _nothing
    stays: Callable[[Any], str] = _may_go

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        """The columns that are written by hand."""
        return tuple(column for column in self.model._meta.concrete_fields if column.editable)

    def rows(self, row: Any) -> Any:
        """Return the stored parts of a row, in their order; none of one that is being recorded."""
        rows = self.model._default_manager
        return rows.none() if row._state.adding else rows.filter(**{self.path: row})

    def value_of(self, part: Any) -> dict[str, Any]:
        """Return a stored part as a value."""
        return {"id": part.pk, **{column.name: getattr(part, column.attname) for column in self.columns}}

    def stored(self, row: Any) -> list[dict[str, Any]]:
        """Return the stored parts of a row as values."""
        return [self.value_of(part) for part in self.rows(row)]

    def given(self, row: Any, values: Values) -> list[dict[str, Any]]:
        """Return the parts that a row will have; those it has where `values` does not contain them.

        One without an id that equals a stored one is that one.
        """
        if self.name not in values:
            return self.stored(row)
        found = self.typed(row, values, [self._normal(one) for one in values[self.name]])
        named = {one["id"] for one in found}
        free = [one for one in self.stored(row) if one["id"] not in named]
        for one in found:
            same = next((old for old in free if {**old, "id": None} == one), None)
            if same is not None:
                free.remove(same)
                one["id"] = same["id"]
        return found

    def _normal(self, one: Given) -> dict[str, Any]:
        """Return a part as it would be stored: keys instead of rows, and what is left out by its default."""
        values = {column.name: one.get(column.name, column.get_default()) for column in self.columns}
        return {"id": one.get("id"), **{name: getattr(value, "pk", value) for name, value in values.items()}}

    def check(self, row: Any, values: Values) -> None:
        """Raise Invalid, naming part and column, for parts that are incomplete, unknown, or left out though they must stay."""
        if self.name not in values:
            return
        given = self.given(row, values)
        if len(given) > self.most:
            raise Invalid({self.name: [_("There can be at most %(most)d of these entries.") % {"most": self.most}]})
        known = {part.pk: part for part in self.rows(row)}
        errors: Errors = {}
        named: set[Any] = set()
        for place, one in enumerate(given):
            key = one["id"]
            if key is not None and (key not in known or key in named):
                errors[f"{self.name}.{place}.id"] = [_("This record has no such entry.")]
                continue
            named.add(key)
            before = self.value_of(known[key]) if key else None
            if one != before:
                found = self._wrong(one) or self.check_one(row, values, one, before)
                errors |= {f"{self.name}.{place}.{name}": texts for name, texts in found.items()}
        left = [self.stays(part) for key, part in known.items() if key not in named]
        if reasons := list(filter(None, left)):
            errors[self.name] = reasons[:1]
        if errors:
            raise Invalid(errors)

    def _wrong(self, one: Given) -> Errors:
        """Return what is wrong with the columns of a part by the rules of the model."""
        found: Errors = {}
        for column in self.columns:
            value = one[column.name]
            text = value.strip() if isinstance(value, str) else value
            try:
                if not column.is_relation:
                    column.clean(text, None)
                elif value is None and not column.null:
                    found[column.name] = [_("Select an entry.")]
                if isinstance(text, str) and len(text) > TEXT_MAX:
                    found[column.name] = [_("The text is too long.")]
            except ValidationError as error:
                found[column.name] = list(error.messages)
        return found

    def moves(self, row: Any, values: Values) -> bool:
        """Return whether `values` contains other parts than the row has."""
        return self.name in values and self.given(row, values) != self.stored(row)

    def write(self, row: Any, values: Values) -> None:
        """Write the parts of a row in the order given, if `values` contains them."""
        if self.name not in values:
            return
        given = self.given(row, values)
        known = {part.pk: part for part in self.rows(row)}
        kept = {one["id"] for one in given}
        self.rows(row).filter(pk__in=set(known) - kept).delete()
        for place, one in enumerate(given, start=1):
            part: Any = known.get(one["id"]) or self.model()
            if hasattr(part, "number"):
                part.number = place
            if "__" not in self.path:
                setattr(part, self.path, row)
            for column in self.columns:
                setattr(part, column.attname, one[column.name])
            part.save()


def check_parts(kinds: Sequence[Parts], row: Any, values: Values) -> None:
    """Raise Invalid for the first kind of parts of which `values` contains one that is wrong."""
    for parts in kinds:
        parts.check(row, values)


def write_parts(kinds: Sequence[Parts], row: Any, values: Values) -> None:
    """Write the parts of these kinds that `values` contains."""
    for parts in kinds:
        parts.write(row, values)


def parts_move(kinds: Sequence[Parts], row: Any, values: Values) -> bool:
    """Return whether `values` contains other parts of these kinds than the row has."""
    return any(parts.moves(row, values) for parts in kinds)
