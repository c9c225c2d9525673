"""Rows that are written with a project, each kind as one value that holds all of them: indicators, periods, sessions.

Each change of them is a change of the project, under its version. A row is known by its id; a new one has none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from assistance.projects.models import Project
from assistance.workflow.editing import Values
from web.exceptions import Invalid

Given = Mapping[str, Any]  # a row as a value: column → value, and its `id`
Errors = dict[str, list[Any]]  # of one row, by column


def _nothing(project: Project, values: Values, row: Given, before: Given | None) -> Errors:
    return {}


def _as_given(project: Project, values: Values, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rows


def _may_go(project: Project, row: models.Model) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class PartKind:
    """One kind of such rows. `name` is the value that holds them; `path` leads from the model to the project.

    `typed` returns the rows with what was typed in the form in which it is stored. `check` returns what is wrong with a
    row that is new or changed, given how it was `before`; `stays` why a stored row cannot be removed, or "".
    """

    name: str
    model: type[models.Model]
    path: str
    most: int
    typed: Callable[[Project, Values, list[dict[str, Any]]], list[dict[str, Any]]] = _as_given
    check: Callable[[Project, Values, Given, Given | None], Errors] = _nothing
    stays: Callable[[Project, Any], str] = _may_go

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        """The columns that are written by hand."""
        return tuple(column for column in self.model._meta.concrete_fields if column.editable)

    def rows(self, project: Project) -> Any:
        """Return the stored rows of a project, in their order."""
        rows = self.model._default_manager.filter(**{self.path: project})
        return rows.none() if project._state.adding else rows

    def value_of(self, row: Any) -> dict[str, Any]:
        """Return a stored row as a value."""
        return {"id": row.pk, **{column.name: getattr(row, column.attname) for column in self.columns}}

    def stored(self, project: Project) -> list[dict[str, Any]]:
        """Return the stored rows of a project as values."""
        return [self.value_of(row) for row in self.rows(project)]

    def normal(self, one: Given) -> dict[str, Any]:
        """Return a row as it would be stored: keys instead of rows, and what is left out by its default."""
        values = {column.name: one.get(column.name, column.get_default()) for column in self.columns}
        return {"id": one.get("id"), **{name: getattr(value, "pk", value) for name, value in values.items()}}

    def given(self, project: Project, values: Values) -> list[dict[str, Any]]:
        """Return the rows that a project will have; those it has where `values` does not contain them."""
        if self.name not in values:
            return self.stored(project)
        return self.typed(project, values, [self.normal(one) for one in values[self.name]])


def check(kind: PartKind, project: Project, values: Values) -> None:
    """Raise Invalid, naming row and column, for rows that are incomplete, unknown, or left out though they must stay."""
    if kind.name not in values:
        return
    given = kind.given(project, values)
    if len(given) > kind.most:
        raise Invalid({kind.name: [_("A project has at most %(most)d of these entries.") % {"most": kind.most}]})
    known = {row.pk: row for row in kind.rows(project)}
    errors: Errors = {}
    named: set[Any] = set()
    for place, one in enumerate(given):
        key = one["id"]
        if key is not None and (key not in known or key in named):
            errors[f"{kind.name}.{place}.id"] = [_("This project has no such entry.")]
            continue
        named.add(key)
        before = kind.value_of(known[key]) if key else None
        if one != before:
            found = _wrong(kind, one) or kind.check(project, values, one, before)
            errors |= {f"{kind.name}.{place}.{name}": texts for name, texts in found.items()}
    left = [kind.stays(project, row) for key, row in known.items() if key not in named]
    if reasons := list(filter(None, left)):
        errors[kind.name] = reasons[:1]
    if errors:
        raise Invalid(errors)


def _wrong(kind: PartKind, one: Given) -> Errors:
    """Return what is wrong with the columns of a row by the rules of the model."""
    found: Errors = {}
    for column in kind.columns:
        value = one[column.name]
        try:
            if not column.is_relation:
                column.clean(value.strip() if isinstance(value, str) else value, None)
            elif value is None:
                found[column.name] = [_("Select an entry.")]
        except ValidationError as error:
            found[column.name] = list(error.messages)
    return found


def moves(kind: PartKind, project: Project, values: Values) -> bool:
    """Return whether `values` contains other rows than the project has."""
    return kind.name in values and kind.given(project, values) != kind.stored(project)


def write(kind: PartKind, project: Project, values: Values) -> None:
    """Write the rows of a project in the order given, if `values` contains them."""
    if kind.name not in values:
        return
    given = kind.given(project, values)
    known = {row.pk: row for row in kind.rows(project)}
    kept = {one["id"] for one in given}
    kind.rows(project).filter(pk__in=set(known) - kept).delete()
    for place, one in enumerate(given, start=1):
        row: Any = known.get(one["id"]) or kind.model()
        if hasattr(row, "number"):
            row.number = place
        if kind.path == "project":
            row.project = project
        for column in kind.columns:
            setattr(row, column.attname, one[column.name])
        row.save()


def without(kind: PartKind, project: Project, key: object) -> Sequence[Given]:
    """Return the rows of a project as values, without one of them."""
    return [one for one in kind.stored(project) if one["id"] != key]
