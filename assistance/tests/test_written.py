"""A field that is edited by hand is declared in the model; pages and the API take the same fields within the same bounds."""

import uuid
from typing import Any

import pytest
from django.urls import resolve, reverse

from assistance import registry
from assistance.access.models import Restricted
from assistance.projects.models import Project
from assistance.tests.cases import cases_of
from assistance.visits.models import Section
from assistance.workflow import editing

EDITED = [aggregate.model for aggregate in registry.aggregates() if aggregate.edit is not None]
BOUNDS = ("max_length", "min_value", "max_value", "max_digits", "decimal_places")


def form_of(model: type[Restricted]) -> dict[str, Any]:
    """Return the fields of the form on the page where a row is edited, or of all its forms."""
    given = cases_of(model).form_fields
    if given is not None:
        return given()
    page: Any = resolve(reverse(model.url_name("edit"), args=[uuid.uuid4()])).func
    return dict(page.view_class.form_class.base_fields)


def body_of(model: type[Restricted]) -> dict[str, Any]:
    """Return the fields of the body that records or edits a row."""
    return dict(registry.of(model).viewset.write_serializer_class().fields)


@pytest.mark.parametrize("model", EDITED)
def test_pages_and_api_take_all_that_the_model_leaves_editable(model: type[Restricted]) -> None:
    """A column that is not edited by hand has to say so: `editable=False`."""
    written, cases = set(editing.written(model)), cases_of(model)
    more = {"version", "confirmed"} if editing.spec_of(model).asks else {"version"}
    assert set(form_of(model)) == written - cases.by_the_page | more
    assert set(body_of(model)) == written | cases.beside | more


@pytest.mark.parametrize("model", EDITED)
def test_pages_and_api_accept_numbers_and_names_within_the_same_bounds(model: type[Restricted]) -> None:
    form, body = form_of(model), body_of(model)
    for name in set(form) & set(editing.written(model)):
        column = model._meta.get_field(name)
        if column.get_internal_type() not in ("TextField", "ArrayField") and not column.is_relation:
            assert bounds(form[name]) == bounds(body[name]), name


def bounds(field: Any) -> dict[str, Any]:
    return {name: limit for name in BOUNDS if (limit := getattr(field, name, None)) is not None}


def test_the_bounds_are_those_of_the_model() -> None:
    assert bounds(body_of(Section)["number"]) == {"min_value": 1, "max_value": 999}
    assert bounds(body_of(Project)["budget"]) == {"min_value": 0, "max_digits": 16, "decimal_places": 2}
    assert bounds(form_of(Project)["title"]) == {"max_length": 500}
