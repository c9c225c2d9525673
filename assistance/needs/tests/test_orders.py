"""The orders of the list of needs: complete pages in every order, with an index of their own, and only what is shown."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistance.needs.models import Need
from assistance.needs.states import NeedStatus, Priority
from assistance.needs.views import NeedList
from assistance.tests.cast import Cast
from assistance.tests.pages import words

SignIn = Callable[[str], Client]
DIRECTIONS = [sign + name for name in NeedList.orders for sign in ("", "-")]
INDEXED = [sign + name for name in ("modified", "priority", "status", "deadline") for sign in ("", "-")]


@pytest.fixture
def needs(cast: Cast) -> list[Need]:
    """Return needs with ties, without a date, in several States and languages."""
    today = timezone.now().date()
    rows = [
        cast.need("draft", title="Bridges", priority="low", deadline=today + timedelta(days=9)),
        cast.need("shared", title="Airports", priority="high"),
        cast.need("shared", title="airports", priority="medium", deadline=today - timedelta(days=3)),
        cast.need("put_to_state", title="أمن الحدود", language="ar", priority="high", deadline=today),
        cast.need("draft", title="Équipement", language="fr", priority="medium"),
        cast.need("draft", title="Customs", priority="high", deadline=today + timedelta(days=9)),
    ]
    Need.objects.filter(pk=rows[5].pk).update(state=cast.org("sumora"))
    return rows


def listed(client: Client, sort: str, size: int = 50) -> list[Need]:
    """Return the rows of the list in one order, page after page."""
    address, found = f"/needs/?sort={sort}&page_size={size}", []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        found += list(answer.context["object_list"])
        address = answer.context["page"].next_url
    return found


@pytest.mark.turns(4)
@pytest.mark.parametrize("sort", DIRECTIONS)
def test_pages_of_one_row_hold_the_same_rows_in_the_same_order_as_one_page(
    needs: list[Need], sign_in: SignIn, sort: str
) -> None:
    whole = listed(sign_in("cted"), sort)
    assert {row.pk for row in whole} == {row.pk for row in needs}
    assert [row.pk for row in listed(sign_in("cted"), sort, size=1)] == [row.pk for row in whole]


def values(rows: Sequence[Need], field: str) -> list[Any]:
    return [getattr(row, field) for row in rows]


@pytest.mark.usefixtures("needs")
def test_each_order_is_the_one_its_column_promises(sign_in: SignIn) -> None:
    client = sign_in("cted")
    assert values(listed(client, "priority"), "priority") == sorted(
        values(listed(client, "modified"), "priority"), key=Priority.values.index
    )
    assert values(listed(client, "-status"), "status") == sorted(
        values(listed(client, "modified"), "status"), key=NeedStatus.values.index, reverse=True
    )
    assert [row.title for row in listed(client, "title")][:2] in (["Airports", "airports"], ["airports", "Airports"])
    assert next(row.state.slug for row in listed(client, "-state")) == "sumora"
    days = [row.deadline for row in listed(client, "deadline")]
    assert days[:4] == sorted(day for day in days if day) and days[4:] == [None, None]
    days = [row.deadline for row in listed(client, "-deadline")]
    assert days[:4] == sorted((day for day in days if day), reverse=True) and days[4:] == [None, None]


def test_the_order_of_a_column_the_reader_does_not_see_is_not_available(
    needs: list[Need], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("cted")
    usual = values(listed(client, "-modified"), "pk")
    assert values(listed(client, "priority"), "pk") != usual
    monkeypatch.setattr(NeedList, "columns", [one for one in NeedList.columns if one.sort != "priority"])
    assert values(listed(client, "priority"), "pk") == usual


def test_an_overdue_need_says_so_until_it_is_met(needs: list[Need], sign_in: SignIn) -> None:
    assert words(sign_in("cted").get("/needs/")).count("Overdue:") == 1
    Need.objects.filter(pk=needs[2].pk).update(status=NeedStatus.MET)
    assert "Overdue:" not in words(sign_in("cted").get("/needs/"))


MANY = 3000


def many_needs(cast: Cast) -> None:
    """Copy one released need many times, and let the planner know."""
    model = cast.need("shared", audience="compact")
    columns = [f.column for f in Need._meta.concrete_fields if not f.generated]
    own = {"id": "gen_random_uuid()", "reference": "'T-' || n", "modified_at": "need.modified_at + n * interval '1 s'"}
    chosen = ", ".join(own.get(column, f"need.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO assistance_need ({', '.join(columns)}) "  # noqa: S608 (names of our own columns)
            f"SELECT {chosen} FROM assistance_need need, generate_series(1, %s) n WHERE need.id = %s",
            [MANY, model.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE assistance_need; ANALYZE assistance_audience; ANALYZE assistance_audiencegrant")


def plan_of(client: Client, sort: str) -> str:
    """Return how PostgreSQL reads the first page of the list in one order."""
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/needs/?sort={sort}")
    rows = (q["sql"] for q in queries if "ORDER BY" in q["sql"] and 'FROM "assistance_need"' in q["sql"])
    *_settings, read = next(rows).split("; ")  # a statement may carry the settings of row-level security
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {read}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.turns(days=3)
def test_a_page_of_a_long_list_is_read_in_the_order_of_an_index(cast: Cast, sign_in: SignIn) -> None:
    many_needs(cast)
    client = sign_in("cted")
    plans = {sort: plan_of(client, sort) for sort in INDEXED}
    assert {sort: plan for sort, plan in plans.items() if "need_by_" not in plan} == {}
    assert {sort: plan for sort, plan in plans.items() if "Seq Scan on assistance_need " in plan} == {}
