"""The dashboard shows each role its pending work, and counts nothing the user may not see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import inbox
from accounts.models import Delivery, User
from assistance.consents import transitions as consents
from assistance.dashboard import by_pillar
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.tests.cast import MEMBERS, Cast, appoint
from assistance.workflow.engine import record
from entities import appointments
from entities.models import Pillar, Role
from entities.tests.factories import person


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_everybody_appointed_has_a_dashboard(cast: Cast, client: Client, name: str) -> None:
    cast.match("delivered")
    client.force_login(cast.users[name], backend="accounts.sign_in.backend.AccountBackend")
    answer = client.get("/")
    assert answer.status_code == 200, answer.content
    answer = client.get("/needs/")
    assert answer.status_code == 200, answer.content


def opened(cast: Cast, client: Client, name: str, address: str = "/") -> Any:
    client.force_login(cast.users[name], backend="accounts.sign_in.backend.AccountBackend")
    return client.get(address)


def test_what_is_due_first_stands_first_named_by_its_title_with_its_action_beside_it(
    cast: Cast, client: Client
) -> None:
    never, later, late = cast.match("in_delivery"), cast.match("in_delivery"), cast.match("in_delivery")
    today = timezone.now().date()
    Need.objects.filter(pk=late.need_id).update(title="Late-title", deadline=today - timedelta(days=3))
    Need.objects.filter(pk=later.need_id).update(deadline=today + timedelta(days=9))
    answer = opened(cast, client, "unodc")
    tasks = answer.context["tasks"]
    assert [task.reference for task in tasks] == [late.reference, later.reference, never.reference]
    body = answer.content.decode()
    assert "Overdue by 3 days" in body and "In 9 days" in body and body.count(">Report delivery<") == 3
    row = body[body.index("Late-title") :]
    assert row.index("Carana") < row.index(late.reference), "the code stands last"
    assert reverse("match-decide", args=[late.pk]) in body
    assert reverse("match-transition", args=[late.pk, "deliver"]) not in body, "the button is never the answer itself"


def test_the_day_on_which_assistance_is_required_is_not_the_day_on_which_a_task_is_due(
    cast: Cast, client: Client
) -> None:
    day = timezone.now().date() + timedelta(days=240)
    soon, first = cast.need("put", title="Soon-title", deadline=day), cast.need("put", title="First-title")
    Need.objects.filter(pk=first.pk).update(put_to_state_at=timezone.now() - timedelta(days=5))
    cast.need("draft", deadline=day)
    done = cast.match("delivered").need
    Need.objects.filter(pk=done.pk).update(deadline=day)
    answer = opened(cast, client, "carana")
    verify_by = timezone.now().date() + timedelta(days=30)  # a task of CTED, for which the State may act
    assert [task.due for task in answer.context["tasks"]] == [verify_by, None, None]
    assert [task.reference for task in answer.context["tasks"]][1:] == [first.reference, soon.reference], "by age"
    body = answer.content.decode()
    tasks = body[body.index('id="tasks"') : body.index("</section>", body.index('id="tasks"'))]
    assert "In 240 days" not in tasks and tasks.count("Required by") == 2
    answer = opened(cast, client, "cted")
    assert {(task.due, task.required_by) for task in answer.context["tasks"]} == {(None, day), (verify_by, day)}


@pytest.mark.turns(days=3)
def test_a_task_names_its_kind_of_action_and_so_does_the_page_that_it_opens(cast: Cast, client: Client) -> None:
    cast.need("put")
    cast.need("draft")
    for stage in ("proposed", "accepted", "in_delivery", "delivered"):
        cast.match(stage)
    matches.propose(actor=cast.cted, need=cast.need("shared").pk, provider=cast.org("unodc"), share=100)
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    expected = {
        "carana": ["Respond", "Respond", "Respond", "Verify assistance"],
        "cted": ["Send to Member State", "Verify assistance"],
        "unodc": ["Report delivery", "Respond", "Start delivery"],
    }
    for name, actions in expected.items():
        tasks = opened(cast, client, name).context["tasks"]
        assert sorted(str(task.action) for task in tasks) == actions, name
        for task in tasks:
            page = client.get(task.url).content.decode()
            assert f"<title>{task.action}: " in page and "<form" not in page[page.index("decide-how") :], task.url


def test_whoever_may_verify_has_the_task_and_is_asked(cast: Cast, client: Client) -> None:
    match = cast.match("delivered")
    for name in ("carana", "cted"):
        answer = opened(cast, client, name)
        assert [task.reference for task in answer.context["tasks"]] == [match.need.reference], name
        assert {row.message for row in inbox.actions(cast.users[name])} == {"match_delivered"}, name
    for name in ("observer", "unodc", "sumora", "unoct"):
        assert opened(cast, client, name).context["tasks"] == [], name
    appoint(cast.users["carana"], cast.org("unodc"), Role.ALTERNATE)
    assert opened(cast, client, "carana").context["tasks"] == [], "whoever provided it does not verify it"
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Seen.")
    assert opened(cast, client, "cted").context["tasks"] == []
    assert not inbox.actions(cast.users["cted"]) and not inbox.actions(cast.users["carana"])


def test_nominations_are_tasks_of_those_who_may_approve_them(cast: Cast, client: Client) -> None:
    row = appointments.nominate(
        actor=cast.unoct, organisation=cast.org("iom"), role=Role.ALTERNATE, email="new@example.org", name="New Person"
    )
    assert opened(cast, client, "unoct").context["tasks"] == [], "whoever nominated does not approve"
    second = appoint(person(), cast.org("unoct"), Role.COORDINATOR).user
    client.force_login(second, backend="accounts.sign_in.backend.AccountBackend")
    answer = client.get("/")
    (task,) = answer.context["tasks"]
    assert (task.url, str(task.action)) == (reverse("designation", args=[row.pk]), "Respond")
    body = answer.content.decode()
    assert "New Person" in body and "IOM" in body and "Nomination awaiting approval" in body
    for name in ("carana", "iom", "cted"):
        assert "New Person" not in opened(cast, client, name).content.decode(), name


def test_messages_about_one_matter_are_one_row_and_read_together(cast: Cast, client: Client) -> None:
    match = cast.match("delivered")
    title = match.need.title
    answer = opened(cast, client, "unoct", "/inbox/")
    (entry,) = [entry for entry in answer.context["informs"] if entry.first.subject == f"match:{match.pk}"]
    assert entry.more >= 2 and entry.matter.title == title and entry.is_new
    body = answer.content.decode()
    assert f"{entry.more} more messages about this" in body and title in body
    assert body.count(reverse("inbox-open", args=[entry.first.pk])) == 1
    client.get(reverse("inbox-open", args=[entry.first.pk]))
    again = client.get("/inbox/").context["informs"]
    assert not next(e for e in again if e.first.subject == entry.first.subject).is_new
    assert all(e.first.subject != entry.first.subject for e in client.get("/").context["news"])


def test_nothing_hidden_is_named(cast: Cast, client: Client) -> None:
    match = cast.match("delivered")
    opened(cast, client, "unoct", "/inbox/")
    consents.withdraw(actor=cast.carana, rows=[match.need])
    body = opened(cast, client, "unoct", "/inbox/").content.decode() + client.get("/").content.decode()
    assert match.need.title not in body


@pytest.mark.turns(2)
@pytest.mark.parametrize("address", ["/", "/inbox/"])
def test_names_cost_the_same_for_one_matter_and_for_many(cast: Cast, client: Client, address: str) -> None:
    def cost() -> int:
        opened(cast, client, "carana", address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    day = timezone.now().date() + timedelta(days=9)
    cast.need("put", deadline=day)
    cast.match()
    cast.match("delivered")
    one = cost()
    for _number in range(3):
        cast.need("put", deadline=day)
        cast.match()
        cast.match("delivered")
    assert cost() == one


def test_what_came_since_the_last_sign_in_is_listed_though_it_was_read(cast: Cast, client: Client) -> None:
    cast.match("delivered")
    person = cast.users["carana"]
    Delivery.objects.filter(recipient=person).update(read_at=timezone.now())
    answer = opened(cast, client, "carana")
    assert answer.context["news"] == [] and "Recent notifications" in answer.content.decode()
    User.objects.filter(pk=person.pk).update(last_visit_at=timezone.now() - timedelta(days=1))
    answer = opened(cast, client, "carana")
    assert answer.context["news"] and "New since your last sign-in" in answer.content.decode()
    User.objects.filter(pk=person.pk).update(last_visit_at=timezone.now() + timedelta(minutes=1))
    assert opened(cast, client, "carana").context["news"] == []


def test_the_days_of_deadlines_are_marked_in_their_month_and_lead_to_the_records(cast: Cast, client: Client) -> None:
    day = timezone.now().date() + timedelta(days=40)
    one = cast.need("agreed", title="One-title", deadline=day)
    body = opened(cast, client, "carana").content.decode()
    month = body[body.index('<table class="month">') : body.index("</table>", body.index('<table class="month">'))]
    assert f"{day:%B %Y}" in month and month.count("month-due") == 1
    assert f'href="{one.get_absolute_url()}" title="One-title">{day.day}<' in month
    cast.need("agreed", title="Two-title", deadline=day)
    body = opened(cast, client, "carana").content.decode()
    assert f'href="#due-{day}" title="One-title; Two-title">{day.day}<' in body and body.count(f'id="due-{day}"') == 1
    assert "2 deadlines" in body


def asked(cast: Cast, name: str) -> set[str]:
    """Return the messages by which the inbox of this person asks for something now."""
    return {row.message for row in inbox.actions(cast.users[name])}


def test_a_request_is_done_in_the_inbox_when_it_is_answered_by_a_release_in_part(cast: Cast, client: Client) -> None:
    visit = cast.visit()
    first, second = cast.section(visit), cast.section(visit, 2)
    for released in ([first], [second]):
        consents.ask(actor=cast.cted, visit=visit.pk)
        assert asked(cast, "carana") == {"consent_asked"} and opened(cast, client, "carana").context["tasks"]
        consents.release(actor=cast.carana, rows=released)
        assert asked(cast, "carana") == set() and opened(cast, client, "carana").context["tasks"] == []


def test_a_request_is_done_in_the_inbox_when_its_match_moves_on_or_its_need_is_closed(cast: Cast) -> None:
    match = matches.propose(actor=cast.cted, need=cast.need("shared").pk, provider=cast.org("unodc"), share=100)
    record("match_reminder", match, actor=None)
    assert asked(cast, "unodc") == {"match_suggested", "match_reminder"}
    matches.accept(actor=cast.unodc, match=match.pk)
    assert asked(cast, "unodc") == set() and asked(cast, "carana") == {"match_proposed"}
    matches.accept(actor=cast.carana, match=match.pk)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.", documents="Attendance list.")
    assert asked(cast, "cted") == {"match_delivered"} == asked(cast, "carana")
    needs.close(actor=cast.cted, need=match.need_id, reason="no_longer_needed")
    assert asked(cast, "cted") == set() == asked(cast, "carana")


def test_consents_and_the_overview_of_states_are_in_the_menu_of_those_who_read_them(cast: Cast, client: Client) -> None:
    for name in MEMBERS:
        urls = {place.url for place in opened(cast, client, name).context["places"]}
        assert (reverse("consents") in urls) == (name in ("carana", "sumora", "observer", "cted")), name
        assert reverse("states-map") in urls, name


def test_shares_of_pillars_add_up_to_a_hundred(cast: Cast) -> None:
    for number in range(2):
        Pillar.objects.get_or_create(code=f"X{number}", defaults={"order": 7 + number, "short": "X", "title": "X"})
    keys = list(Pillar.objects.values_list("pk", flat=True))
    rows = by_pillar(dict(zip(keys, (2, 15, 2), strict=False)))
    assert sum(row["share"] for row in rows) == 100 and [row["count"] for row in rows[:3]] == [2, 15, 2]
    assert {row["share"] for row in by_pillar({})} == {0}


def test_the_end_of_a_release_says_of_what(cast: Cast, client: Client) -> None:
    visit = cast.visit()
    sections = [cast.section(visit, number) for number in (1, 2)]
    day = timezone.now().date() + timedelta(days=20)
    one, two = cast.need("agreed", title="One-title"), cast.need("agreed", title="Two-title")
    consents.release(actor=cast.carana, rows=[one], until=day)
    consents.release(actor=cast.carana, rows=[*sections, two], until=day)

    def titles(name: str) -> list[str]:
        deadlines = opened(cast, client, name).context["deadlines"]
        return [str(row.matter.title) for row in deadlines if row.text == "End of release"]

    assert sorted(titles("carana")) == [
        "Release of sections 1 and 2 and need “Two-title”", "Release of “One-title” (need)"
    ]  # fmt: skip
    assert titles("unodc") == []
    body = opened(cast, client, "carana", reverse("consents")).content.decode()
    assert "“One-title” (need)" in body and "Sections 1 and 2 · Need “Two-title”" in body
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    consents.release(actor=cast.carana, rows=[cast.need("agreed", title="Three-title")], until=day)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)
