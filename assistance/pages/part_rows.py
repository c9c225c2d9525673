"""Rows of a form: the entries of one value of a record, each in a row of fields, with a few empty rows for more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from assistance.workflow.parts import Parts
from web.exceptions import Invalid

EMPTY_ROWS = 2


@dataclass(frozen=True, kw_only=True)
class PartRows:
    """The rows of one value: `prefix` begins the names of the fields, `make` returns those of a row."""

    parts: Parts
    prefix: str
    make: Callable[[], Mapping[str, forms.Field]]

    def name(self, number: int, part: str) -> str:
        """Return the name of a field of a row."""
        return f"{self.prefix}_{number}_{part}"

    def add_to(self, form: Any, stored: Sequence[Mapping[str, Any]]) -> None:
        """Add the fields of the stored entries, and of a few more, to a form."""
        for number in self._numbers(form, stored):
            entry = stored[number] if number < len(stored) else {}
            for part, field in self.make().items():
                name = self.name(number, part)
                form.fields[name] = field
                if part in entry:
                    value = entry[part]
                    form.initial.setdefault(name, getattr(value, "pk", value))

    def _numbers(self, form: Any, stored: Sequence[Mapping[str, Any]]) -> range:
        count = len(stored) + EMPTY_ROWS
        sent = [name.split("_") for name in form.data if name.startswith(f"{self.prefix}_")] if form.is_bound else []
        given = [int(parts[1]) + 1 for parts in sent if len(parts) > 1 and parts[1].isdecimal() and len(parts[1]) < 4]
        return range(min(max([count, *given]), self.parts.most))

    def taken_from(self, form: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the entries that were filled in, and take their fields out of the values."""
        found, form_rows = [], []
        number = 0
        while self.name(number, next(iter(self.make()))) in form.fields:
            entry = {part: values.pop(self.name(number, part), None) for part in self.make()}
            if any(entry.values()):
                found.append(entry)
                form_rows.append(number)
            number += 1
        form.part_numbers = {**getattr(form, "part_numbers", {}), self.parts.name: form_rows}
        return found

    def at_fields(self, form: Any, error: Invalid) -> Invalid:
        """Return the same errors, those of entries at the fields in which these were filled in."""
        rows = getattr(form, "part_numbers", {}).get(self.parts.name, [])
        moved = {}
        for name, texts in error.errors.items():
            first, _dot, rest = name.partition(".")
            number, _dot, part = rest.partition(".")
            is_own = first == self.parts.name and number.isdecimal() and int(number) < len(rows) and part
            moved[self.name(rows[int(number)], part) if is_own else name] = texts
        return Invalid(moved)
