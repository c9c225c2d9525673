"""Statements composed once: the same rows as from a query, and nothing of one call in another."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, connection, transaction
from django.db.models import QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entities.models import Appointment, Organisation
from entities.tests.factories import appointment, organisation
from web.conditions import among
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
    assert built == ["?", "a"] and len(captured) == 3


def test_the_present_moment_is_that_of_the_call() -> None:
    def now(person: Any) -> QuerySet[Appointment]:
        return Appointment.objects.filter(user=person, created_at__gt=timezone.now())

    statements = Statements()
    row = appointment(organisation("one"))
    other = appointment(organisation("two")).user_id
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        assert statements.rows("later", now, [row.user_id], [other]) == [row]
    assert statements.rows("later", now, [row.user_id], [other]) == []


def test_a_value_may_be_the_present_moment() -> None:
    def before(moment: Any) -> QuerySet[Appointment]:
        return Appointment.objects.filter(created_at__lte=moment, approved_at__lte=timezone.now())

    row, now = appointment(organisation("one")), timezone.now()
    statements, other = Statements(), now - timedelta(days=1000)
    with time_machine.travel(now, tick=False):
        assert statements.rows("before", before, [timezone.now()], [other]) == [row]
    assert statements.rows("before", before, [other], [other - timedelta(days=1)]) == []
    with time_machine.travel(now - timedelta(days=500)):  # before it was approved
        assert statements.rows("before", before, [now], [other]) == []


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


def test_values_that_are_alike_are_kept_apart() -> None:
    one, other = organisation("one", name_en="one"), organisation("other", name_en="name")

    def build(slug: str, name: str) -> QuerySet[Organisation]:
        return Organisation.objects.filter(slug=slug, name=name)

    statements = Statements()
    assert statements.rows("both", build, ["one", "one"], ["?", "!"]) == [one]
    assert statements.rows("both", build, ["other", "name"], ["?", "!"]) == [other]
    with pytest.raises(ImproperlyConfigured, match="the same"):
        statements.rows("alike", build, ["one", "one"], ["?", "?"])


# ── Prepared by PostgreSQL ───────────────────────────────────────────────────
def test_a_statement_is_prepared_once_and_then_executed_by_name() -> None:
    statements = Statements()
    for slug in ("a%b", "c"):
        organisation(slug)

    def build(slug: str) -> QuerySet[Organisation]:
        return Organisation.objects.filter(slug=slug).exclude(name="100 %").exclude(name="it's")

    with CaptureQueriesContext(connection) as captured:
        found = [len(statements.rows("one", build, [slug], ["?"])) for slug in ("a%b", "c", "d")]
    assert found == [1, 1, 0]
    assert [query["sql"].startswith("PREPARE") for query in captured] == [True, False, False]
    assert all("EXECUTE kept_" in query["sql"] for query in captured)


def test_a_limited_statement_is_planned_for_its_values() -> None:
    for slug in ("a", "b", "c"):
        organisation(slug)
    statements = Statements()

    def build(slug: str) -> QuerySet[Organisation]:
        return Organisation.objects.exclude(slug=slug).order_by("slug")

    def modes() -> tuple[int, int]:
        with connection.cursor() as cursor:
            names = tuple(name for (one, _limit), name in connection.kept_statements[1].items() if one in kept)  # type: ignore[attr-defined]
            cursor.execute(
                "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE name IN %s", [names]
            )
            return tuple(map(int, cursor.fetchone()))  # type: ignore[return-value]

    for _ in range(10):
        for limit in (1, 2):
            assert len(statements.rows("others", build, ["a"], ["?"], limit)) == limit
    kept = set(statements._kept.values())
    assert modes() == (0, 20)


def test_values_are_tuples_and_passed_as_one_array() -> None:
    first, second = (appointment(organisation(slug)) for slug in "ab")

    def build(keys: list[UUID]) -> QuerySet[Any, Any]:
        return Appointment.objects.filter(among("pk", keys, "uuid")).order_by("organisation").values_list("pk", "role")

    statements, others = Statements(), [[uuid4()]]
    rows = statements.rows("keys", build, [[first.pk, second.pk]], others)
    assert sorted(rows) == sorted([(first.pk, first.role), (second.pk, second.role)])
    assert statements.rows("keys", build, [[second.pk]], others) == [(second.pk, second.role)]
    assert statements.rows("keys", build, [[]], others) == []


def test_values_whose_columns_are_put_in_order_later_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="Values of Organisation"):
        Statements().rows("values", lambda slug: named(slug).values_list("pk", "slug"), ["a"], ["b"])


def test_prefetches_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="What Organisation prefetches"):
        Statements().rows("prefetched", lambda slug: named(slug).prefetch_related("appointments"), ["a"], ["b"])


def test_a_connection_opened_anew_prepares_anew() -> None:
    organisation("one")
    statements = Statements()
    assert statements.rows("named", named, ["one"], ["?"])
    connection.kept_statements = (None, connection.kept_statements[1])  # type: ignore[attr-defined] # of another connection
    with CaptureQueriesContext(connection) as captured:
        assert statements.rows("named", named, ["one"], ["?"])
    assert captured[0]["sql"].startswith("PREPARE")


def test_beyond_a_number_statements_are_not_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation("one")
    connection.kept_statements = None  # type: ignore[attr-defined]
    monkeypatch.setattr("web.statements.MOST_PREPARED", 0)
    with CaptureQueriesContext(connection) as captured:
        assert Statements().rows("named", named, ["one"], ["?"])
    assert captured[0]["sql"].startswith("SELECT")


@pytest.mark.django_db(transaction=True)
def test_a_column_that_changes_its_type_is_read_as_it_is_now() -> None:
    organisation("one")
    statements = Statements()

    def read() -> list[Any]:
        return statements.rows("named", named, ["one"], ["?"])

    before = read()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE entities_organisation ALTER iso3 TYPE varchar(17)")
    try:
        assert read() == before
        assert read() == before
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE entities_organisation ALTER iso3 TYPE varchar(18)")
            with pytest.raises(NotSupportedError), transaction.atomic():
                read()
            assert read() == before
    finally:
        with connection.cursor() as cursor:
            size = Organisation._meta.get_field("iso3").max_length
            cursor.execute(f"ALTER TABLE entities_organisation ALTER iso3 TYPE varchar({size})")
