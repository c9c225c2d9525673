"""Rows that are written with the row they belong to, as one value of it: all of them, in their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from assistance.workflow.editing import Values
from web.exceptions import Invalid

Given = Mapping[str, Any]
Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The rows of one model that belong to a row; of them only the fields in `written` are given.

    `name` is the name of the value; an entry with the `id` of a stored row stands for that one. `check_one` returns the
    errors of an entry by field, `is_kept` whether a stored row must not be left out. The model has a `number`.
    """

    name: str
    model: Any
    parent: str
    written: tuple[str, ...]
    most: int
    too_many: Text
    unknown: Text
    check_one: Callable[[Any, Given], Mapping[str, list[Any]]]
    is_kept: Callable[[Any], bool] = lambda part: False
    not_removed: Text = ""

    def rows(self, row: Any) -> Any:
        """Return the stored parts of a row, in their order."""
        return self.model._default_manager.filter(**{self.parent: row})

    def given_of(self, part: Any) -> dict[str, Any]:
        """Return a stored part as a value."""
        return {"id": part.pk, **{name: getattr(part, name) for name in self.written}}

    def stored(self, row: Any) -> list[dict[str, Any]]:
        """Return the parts of a row as values; none of one that is being recorded."""
        related = [name for name in self.written if self.model._meta.get_field(name).is_relation]
        return [] if row._state.adding else [self.given_of(part) for part in self.rows(row).select_related(*related)]

    def identified(self, row: Any, given: Sequence[Given]) -> list[Given]:
        """Return these parts, those without an id that are equal to a stored one with its id: they are the same."""
        named = {one.get("id") for one in given}
        free = [one for one in self.stored(row) if one["id"] not in named]
        found: list[Given] = []
        for one in given:
            same = (
                None if one.get("id") else next((old for old in free if self._content(old) == self._content(one)), None)
            )
            if same is not None:
                free.remove(same)
            found.append(same or one)
        return found

    def check(self, row: Any, values: Values) -> None:
        """Raise Invalid, naming the part, for one that is incomplete or unknown, and for one left out that has to stay."""
        if self.name not in values:
            return
        given = self.identified(row, values[self.name])
        if len(given) > self.most:
            raise Invalid({self.name: [str(self.too_many) % {"most": self.most}]})
        known = {} if row._state.adding else {part.pk: part for part in self.rows(row)}
        errors: dict[str, list[Any]] = {}
        named: set[UUID] = set()
        for number, one in enumerate(given):
            key = one.get("id")
            if key is not None and (key not in known or key in named):
                errors[f"{self.name}.{number}.id"] = [self.unknown]
            named |= {key} if key is not None else set()
            errors |= {f"{self.name}.{number}.{field}": texts for field, texts in self.check_one(row, one).items()}
        if any(self.is_kept(part) and key not in named for key, part in known.items()):
            errors[self.name] = [self.not_removed]
        if errors:
            raise Invalid(errors)

    def moves(self, row: Any, values: Values) -> bool:
        """Return whether `values` contains other parts than the row has."""
        if self.name not in values:
            return False
        return self._compared(self.identified(row, values[self.name])) != self._compared(self.stored(row))

    def write(self, row: Any, values: Values) -> None:
        """Write the parts of a row in the order given, if `values` contains them."""
        if self.name not in values:
            return
        known = {part.pk: part for part in self.rows(row)}
        given = self.identified(row, values[self.name])
        kept = {one["id"] for one in given if one.get("id")}
        self.rows(row).filter(pk__in=set(known) - kept).delete()
        for number, one in enumerate(given, start=1):
            part = known.get(one.get("id")) or self.model(**{self.parent: row})
            part.number = number
            for name in self.written:
                setattr(part, name, self._value(one, name))
            part.save()

    def _content(self, one: Given) -> tuple[Any, ...]:
        return tuple(self._value(one, name) for name in self.written)

    def _value(self, one: Given, name: str) -> Any:
        """Return what an entry gives for a field, or the field's own default."""
        return one[name] if name in one else self.model._meta.get_field(name).get_default()

    def _compared(self, given: Sequence[Given]) -> list[tuple[Any, ...]]:
        return [(one.get("id"), *self._content(one)) for one in given]
