"""Deadlines on the pages of their rows: to whom they are shown, with what they can do, in how many statements."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.dues import transitions
from assistance.dues.models import Due
from assistance.requests.tests.requests import make
from assistance.tests.cast import Cast
from portal.tests.api import ApiClients

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


def panel(client: Client, row: Any) -> str:
    """Return the panel of deadlines on the page of a row; empty without one."""
    body = client.get(row.get_absolute_url()).content.decode()
    _before, found, after = body.partition('<section class="panel" id="deadlines">')
    return after.partition("</section>")[0] if found else ""


def asked_visit(cast: Cast) -> Any:
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    return visit


ROWS: dict[str, tuple[Callable[[Cast], Any], str, set[str]]] = {
    "match": (
        lambda cast: cast.match("proposed"),
        "Response to a proposed match",
        {"carana", "cted", "unodc", "unoct"},
    ),
    "visit": (asked_visit, "Decision on the release of a visit report", {"carana", "cted"}),
    "offer": (lambda cast: cast.offer(), "Confirmation of an offer", {"unodc", "unoct"}),
    "project": (lambda cast: cast.project(), "Confirmation of a project", {"unodc", "unoct", "cted"}),
    "request": (lambda cast: make(cast, "submitted"), "Authentication of a request", {"carana", "cted", "unoct"}),
}


@pytest.mark.turns(3)
@pytest.mark.parametrize("kind", ROWS)
def test_the_page_of_a_row_shows_what_is_owed_about_it_to_whom_it_may(cast: Cast, sign_in: SignIn, kind: str) -> None:
    make, label, readers = ROWS[kind]
    row = make(cast)
    for name in ("carana", "cted", "unoct", "unodc", "iom", "sumora"):
        shown = panel(sign_in(name), row)
        assert (label in shown) == (name in readers), name


def test_the_panel_names_the_parties_the_day_and_the_actions_of_the_reader(cast: Cast, sign_in: SignIn) -> None:
    match = cast.match("delivered")
    due = Due.objects.get(match=match, kind="verify")
    state, creditor = panel(sign_in("carana"), match), panel(sign_in("unoct"), match)
    for text in ("CTED owes Carana", "No reminder sent yet", "Verification of the assistance delivered"):
        assert text in state and text in creditor
    nudge, waive = (reverse("due-transition", args=[due.pk, step]) for step in ("nudge", "waive"))
    snooze = reverse("due-snooze", args=[due.pk])
    assert nudge in state and waive in state and snooze in state
    assert nudge in creditor and waive not in creditor and snooze not in creditor
    debtor = panel(sign_in("cted"), match)
    assert nudge not in debtor and snooze in debtor and match.need.get_absolute_url() in debtor, (
        "leads to where it responds"
    )
    transitions.nudge(actor=cast.carana, due=due.pk)
    assert "No reminder sent yet" not in panel(sign_in("carana"), match)
    day = timezone.now().date() + 60 * DAY
    transitions.snooze(actor=cast.cted, due=due.pk, until=day)
    assert "You are asked again on" in panel(sign_in("cted"), match)
    assert "You are asked again on" not in panel(sign_in("carana"), match)


@pytest.mark.turns(days=3)
def test_the_page_of_a_need_shows_what_is_owed_about_its_matches(cast: Cast, sign_in: SignIn) -> None:
    need = cast.need("shared")
    mine, other = (cast.match("proposed", need=need, who=who, share=40) for who in ("unodc", "iom"))
    assert mine.reference in panel(sign_in("unodc"), need) and other.reference not in panel(sign_in("unodc"), need)
    for name in ("carana", "cted", "unoct"):
        shown = panel(sign_in(name), need)
        assert mine.reference in shown and other.reference in shown, name
    assert mine.reference in panel(sign_in("observer"), need)
    assert not panel(sign_in("sumora"), cast.need("shared"))


def test_what_has_ended_is_not_shown(cast: Cast, sign_in: SignIn) -> None:
    match = cast.match("accepted")
    assert not panel(sign_in("carana"), match)


def test_a_page_with_many_deadlines_costs_as_much_as_one_with_one(cast: Cast, sign_in: SignIn) -> None:
    need, client, used = cast.need("shared"), sign_in("carana"), []
    first = Due.objects.get(match=cast.match("proposed", need=need, share=20))
    cast.match("proposed", need=need, who="iom", share=20)
    for more in (0, 30):
        Due.objects.bulk_create([_copy(first, n) for n in range(more)])
        panel(client, need)
        with CaptureQueriesContext(connection) as captured:
            shown = panel(client, need)
        assert shown.count("<tr>") == 1 + 2 + more
        used.append(sum('FROM "assistance_due"' in one["sql"] or "assistance_snooze" in one["sql"] for one in captured))
    assert used[0] == used[1] <= 2


def _copy(due: Due, number: int) -> Due:
    fields = {
        column.attname: getattr(due, column.attname) for column in Due._meta.concrete_fields if column.name != "id"
    }
    return Due(**{**fields, "starts_at": due.starts_at - (number + 1) * DAY})


def test_the_api_filters_by_the_row(cast: Cast, api_clients: ApiClients) -> None:
    match, visit = cast.match("proposed"), asked_visit(cast)
    due, asked = Due.objects.get(match=match), Due.objects.get(visit=visit)
    cted = api_clients.cted
    assert cted.ids("dues", match=str(match.pk)) == [str(due.pk)] == cted.ids("dues", need=str(match.need_id))
    assert cted.ids("dues", visit=str(visit.pk)) == [str(asked.pk)]
    assert api_clients.unodc.ids("dues", visit=str(visit.pk)) == []
    assert cted.get("dues/?match=x").status_code == 422
