"""Statements composed once: the same rows as from a query, and nothing of one call in another."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entities.models import Appointment, Organisation
from entities.tests.factories import appointment, organisation
from web.statements import Statements

pytestmark = pytest.mark.django_db


def named(slug: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(slug=slug).select_related("region").annotate(seen=Value(3))


def test_rows_are_those_of_the_query_with_relations_and_annotations() -> None:
    statements = Statements()
    for slug in ("one", "two"):
        organisation(slug)
    for slug in ("one", "two", "one"):
        (row,) = statements.rows("named", named, [slug], ["?"])
        expected = named(slug).get()
        assert row == expected and row.seen == 3 and not row._state.adding
        assert {**vars(row), "_state": None} == {**vars(expected), "_state": None}
        assert row._state.fields_cache.keys() == expected._state.fields_cache.keys()
    assert statements.rows("named", named, ["three"], ["?"]) == []


def test_it_is_composed_once_and_limited() -> None:
    built: list[str] = []

    def build(slug: str) -> QuerySet[Organisation]:
        built.append(slug)
        return Organisation.objects.exclude(slug=slug).order_by("slug")

    statements = Statements()
    for slug in ("a", "b", "c"):
        organisation(slug)
    with CaptureQueriesContext(connection) as captured:
        found = [[row.slug for row in statements.rows("others", build, [slug], ["?"], 1)] for slug in "abc"]
    assert found == [["b"], ["a"], ["a"]]
    assert built == ["a", "?"] and len(captured) == 3


def test_the_present_moment_is_that_of_the_call() -> None:
    def now(person: Any) -> QuerySet[Appointment]:
        return Appointment.objects.filter(user=person, created_at__gt=timezone.now())

    statements = Statements()
    row = appointment(organisation("one"))
    other = appointment(organisation("two")).user_id
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        assert statements.rows("later", now, [row.user_id], [other]) == [row]
    assert statements.rows("later", now, [row.user_id], [other]) == []


def test_what_depends_on_more_than_the_values_is_refused() -> None:
    mine = organisation("mine")

    def hidden(slug: str) -> QuerySet[Organisation]:
        rows = Organisation.objects.filter(slug=slug)
        return rows.filter(pk=mine.pk) if slug == "mine" else rows

    with pytest.raises(ImproperlyConfigured, match="more than its values"):
        Statements().rows("hidden", hidden, ["mine"], ["?"])
    yesterday = timezone.now() - timedelta(days=1)
    with pytest.raises(ImproperlyConfigured, match="present moment"):
        Statements().rows("old", lambda _s: Appointment.objects.filter(created_at__gt=yesterday), ["a"], ["?"])
