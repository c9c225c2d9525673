"""How much each organisation owes: who sees which lines, and at what cost; ten thousand deadlines in a list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assistance.dues.by_organisation import of_all
from assistance.dues.models import Due
from assistance.tests.cast import Cast
from portal.tests.api import ApiClients

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


def copies(due: Due, number: int, due_at: Any) -> None:
    """Add so many deadlines like one, each begun at another moment."""
    fields = {
        column.attname: getattr(due, column.attname) for column in Due._meta.concrete_fields if column.name != "id"
    }
    begins = due.starts_at - 1000 * DAY
    Due.objects.bulk_create(
        [
            Due(**{**fields, "starts_at": begins + n * timedelta(seconds=1), "due_at": due_at})
            for n in range(Due.objects.count(), Due.objects.count() + number)
        ]
    )


def lines(actor: Any) -> dict[str, tuple[int, int, int, Any]]:
    return {one.organisation.slug: (one.open, one.soon, one.overdue, one.oldest) for one in of_all(actor)}


@pytest.fixture
def owed(cast: Cast) -> Due:
    """Carana owes UNODC an answer in 45 days, two in ten days, and three since yesterday and before; CTED one in 30."""
    cast.match("delivered", need=cast.need("shared"))
    due = Due.objects.get(match=cast.match("proposed"))
    now = timezone.now()
    copies(due, 2, now + 10 * DAY)
    copies(due, 2, now - DAY)
    copies(due, 1, now - 40 * DAY)
    return due


def test_unoct_and_cted_see_all_lines_and_everybody_else_their_own(cast: Cast, owed: Due) -> None:
    oldest = (timezone.now() - 40 * DAY).date()
    carana = (6, 2, 3, oldest)
    for actor in (cast.cted, cast.unoct):
        assert lines(actor) == {"carana": carana, "cted": (1, 0, 0, None)}
    assert list(lines(cast.cted)) == ["carana", "cted"], "the oldest first"
    assert lines(cast.carana) == {"carana": carana} == lines(cast.observer)
    assert lines(cast.unodc) == {"unodc": (0, 0, 0, None)}, "not what is owed to it"
    assert lines(cast.sumora) == {"sumora": (0, 0, 0, None)}


def test_what_is_hidden_is_not_counted(cast: Cast, owed: Due) -> None:
    offer = cast.offer()
    assert lines(cast.unoct)["unodc"] == (1, 0, 0, None) and "unodc" not in lines(cast.cted), "CTED is no party to it"
    assert Due.objects.filter(offer=offer).exists()
    Due.objects.filter(match=owed.match).update(done_at=timezone.now())
    assert "carana" not in lines(cast.cted)


def test_the_page_and_the_api_show_the_lines(cast: Cast, owed: Due, sign_in: SignIn, api_clients: ApiClients) -> None:
    address = reverse("due-organisations")
    body = sign_in("cted").get(address).content.decode().partition("<main")[2]
    assert "Carana" in body and "Cted" in body and "Due within 14 days" in body
    own = sign_in("sumora").get(address).content.decode().partition("<main")[2]
    assert "Carana" not in own and "Sumora" in own
    assert address in sign_in("carana").get(reverse("dues")).content.decode()
    found = api_clients.unoct.get("dues/organisations/").json()["results"]
    assert found[0] == {
        "organisation": "carana", "open": 6, "soon": 2, "overdue": 3,
        "oldest_overdue": str((timezone.now() - 40 * DAY).date()),
    }  # fmt: skip
    assert [one["organisation"] for one in api_clients.sumora.get("dues/organisations/").json()["results"]] == [
        "sumora"
    ]
    assert api_clients.nobody.get("dues/organisations/").status_code in (401, 403)
    assert Client().get(address).status_code == 302


def of_deadlines(ask: Callable[[], Any]) -> list[str]:
    """Return the statements that read deadlines, their rows, or organisations' counts."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [one["sql"] for one in captured if 'FROM "assistance_' in one["sql"]]


@pytest.mark.turns(days=4)
def test_ten_thousand_deadlines_cost_as_many_statements_as_few(cast: Cast, owed: Due, sign_in: SignIn) -> None:
    client, used = sign_in("cted"), []
    pages = (f"{reverse('dues')}?whose=others", reverse("due-organisations"), f"{reverse('due-calendar')}?whose=others")
    for page in pages:
        client.get(page)  # the first request of a process prepares the statements it keeps
    for more in (0, 10_000):
        copies(owed, more, timezone.now() + 3 * DAY)
        used.append([len(of_deadlines(lambda: client.get(page))) for page in pages])  # noqa: B023
    assert used[0] == used[1]
    assert used[1][0] <= 3 and used[1][1] == 1 and used[1][2] == 1
    assert len(of_deadlines(lambda: of_all(cast.cted))) == 1
