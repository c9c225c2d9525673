"""Deadlines in lists, on pages and in the API: who sees them, who reminds, waives and snoozes, and what each refuses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.dues import transitions
from assistance.dues.models import Due, Snooze
from assistance.needs.models import Match
from assistance.tests.cast import Cast
from assistance.workflow import deadlines
from assistance.workflow.history import events_of
from assistance.workflow.models import DoneHow
from entities.actors import UNOCT
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


def verification(cast: Cast) -> Due:
    """Return what CTED owes carana since a delivery was reported."""
    return Due.objects.get(match=cast.match("delivered"), kind="verify")


def asked(cast: Cast) -> Due:
    """Return what carana owes CTED since its consent was asked for."""
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    return Due.objects.get(visit=visit)


def shown(client: Client, **query: str) -> list[Due]:
    return list(client.get(reverse("dues"), query).context["object_list"])


def typed(day: object) -> dict[str, object]:
    return {"until_day": day.day, "until_month": day.month, "until_year": day.year}  # type: ignore[attr-defined]


# ── Who sees what ────────────────────────────────────────────────────────────
@pytest.mark.turns(days=3)
def test_each_finds_what_they_owe_and_what_others_owe_on_its_tab(cast: Cast, sign_in: SignIn) -> None:
    owed, consent = verification(cast), asked(cast)
    carana, cted, unoct, unodc = map(sign_in, ("carana", "cted", "unoct", "unodc"))
    assert shown(carana) == [consent] and shown(carana, whose="others") == [owed]
    assert shown(cted) == [owed] and shown(cted, whose="others") == [consent]
    assert shown(unoct) == [] and shown(unoct, whose="others") == [owed], "nobody else knows of the request for consent"
    assert shown(unodc) == shown(unodc, whose="others") == []
    assert shown(sign_in("observer")) == [consent]
    for name in ("carana", "cted"):
        assert shown(sign_in(name), whose="overdue") == []
    with time_machine.travel(timezone.now() + 31 * DAY):
        assert shown(sign_in("cted"), whose="overdue") == [owed]


@pytest.mark.turns(days=3)
def test_who_does_not_see_the_row_sees_no_deadline_and_no_count(cast: Cast, sign_in: SignIn) -> None:
    due = Due.objects.get(match=cast.match("proposed"))
    unodc = sign_in("unodc")
    assert shown(unodc, whose="others") == [due]
    consents.withdraw(actor=cast.carana, rows=[due.match.need])
    for client in (unodc, sign_in("unoct"), sign_in("sumora")):
        assert shown(client, whose="others") == []
        counted = client.get(reverse("dues"), {"whose": "others", "part": "count"})
        assert counted.context["count"] == 0
        for page in ("due", "due-snooze", "due-decide"):
            assert client.get(reverse(page, args=[due.pk])).status_code == 404
    with pytest.raises(NotVisible):
        transitions.nudge(actor=cast.unodc, due=due.pk)


def test_the_list_names_who_owes_whom_under_the_other_party(cast: Cast, sign_in: SignIn) -> None:
    due = verification(cast)
    body = sign_in("carana").get(reverse("dues"), {"whose": "others"}).content.decode()
    assert "<h2><bdi>Cted</bdi></h2>" in body and "CTED owes Carana" in body
    assert "Screening at borders" in body and due.match.need.reference not in body.partition("<main")[0]
    assert "Verification of the assistance delivered" in body
    assert reverse("due-transition", args=[due.pk, "nudge"]) in body
    assert (
        reverse("due-transition", args=[due.pk, "nudge"]) not in sign_in("cted").get(reverse("dues")).content.decode()
    )
    by_day = sign_in("carana").get(reverse("dues"), {"whose": "others", "sort": "-due"})
    assert "<h2><bdi>" not in by_day.content.decode() and list(by_day.context["object_list"]) == [due]


def test_the_page_shows_the_facts_and_the_choices(cast: Cast, sign_in: SignIn) -> None:
    due = verification(cast)
    body = sign_in("carana").get(reverse("due", args=[due.pk])).content.decode()
    for text in (
        "Screening at borders",
        "No reminder sent yet",
        "Waive deadline",
        "Send reminder",
        "Ask me again later",
    ):
        assert text in body
    assert due.match.get_absolute_url() in body
    assert "The organization that owes this" in body and "The organization to which this is owed" in body


@pytest.mark.turns(days=3)
def test_who_owes_is_led_to_where_they_respond(cast: Cast, sign_in: SignIn) -> None:
    due, consent = verification(cast), asked(cast)
    for name, owed, row in (("cted", due, due.match.need), ("carana", consent, consent.visit)):
        for page in (reverse("dues"), owed.get_absolute_url()):
            body = sign_in(name).get(page).content.decode().partition("<main")[2]
            assert f'href="{row.get_absolute_url()}"' in body and "Respond" in body
    assert "Respond" not in sign_in("carana").get(due.get_absolute_url()).content.decode()
    shown = sign_in("cted").get(reverse("due-snooze", args=[due.pk])).content.decode()
    assert "Screening at borders" in shown and "Verification of the assistance delivered" in shown


@pytest.mark.turns(days=3)
def test_many_deadlines_cost_the_same_as_one(cast: Cast, sign_in: SignIn) -> None:
    client, used = sign_in("cted"), []
    for _ in range(2):
        for _n in range(3):
            cast.match("delivered")
            asked(cast)
        shown(client, whose="others")
        with CaptureQueriesContext(connection) as captured:
            shown(client, whose="others")
        used.append([one["sql"] for one in captured if "assistance_" in one["sql"] and "INSERT" not in one["sql"]])
    assert len(used[0]) == len(used[1]) <= 3, "the deadlines with their rows, and the reader's own days"


# ── Reminders by people ──────────────────────────────────────────────────────
def test_a_reminder_names_who_sends_it_and_is_sent_once_in_seven_days(cast: Cast, sign_in: SignIn) -> None:
    due = verification(cast)
    now = timezone.now()
    sign_in("carana").post(reverse("due-transition", args=[due.pk, "nudge"]))
    told = Delivery.objects.get(message="due_nudged", channel="mail")
    assert told.recipient == cast.users["cted"] and told.needs_action and told.subject == f"due:{due.pk}"
    assert "carana" in told.event_text and "Carana" in told.event_text and "Screening" not in told.event_text
    due.refresh_from_db()
    assert due.reminded_at and due.reminded_at >= now
    for actor in (cast.carana, cast.unoct):
        with pytest.raises(Conflict, match="You can send the next one on"):
            transitions.nudge(actor=actor, due=due.pk)
    with time_machine.travel(now + 7 * DAY + timedelta(minutes=5)):
        transitions.nudge(actor=cast.unoct, due=due.pk)
    assert [event.name for event in events_of(cast.carana, due.match)][-2:] == ["due_nudged", "due_nudged"]


def test_who_owes_neither_reminds_nor_waives(cast: Cast, sign_in: SignIn) -> None:
    due, consent = verification(cast), asked(cast)
    for actor, owed in ((cast.cted, due), (cast.carana, consent)):
        with pytest.raises(Forbidden):
            transitions.nudge(actor=actor, due=owed.pk)
        with pytest.raises(Forbidden):
            transitions.waive(actor=actor, due=owed.pk, reason="We need not.")
    with pytest.raises(Forbidden):
        transitions.waive(actor=cast.unoct, due=due.pk, reason="Not ours.")
    assert sign_in("cted").post(reverse("due-transition", args=[due.pk, "waive"]), {"reason": "x"}).status_code == 403


# ── Waivers ──────────────────────────────────────────────────────────────────
def test_a_waiver_ends_the_reminders_and_is_in_the_history_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    due = verification(cast)
    address = reverse("due-transition", args=[due.pk, "waive"])
    assert sign_in("carana").post(address, {"reason": " "}).status_code == 422
    deadlines.run(timezone.now() + 31 * DAY)
    assert sign_in("carana").post(address, {"reason": "We saw it ourselves."}).status_code == 302
    due.refresh_from_db()
    assert due.done_how == DoneHow.WAIVED and not due.is_overdue
    assert not Delivery.objects.filter(message="due_reminder", done_at=None, channel="portal").exists()
    event = events_of(cast.cted, due.match)[-1]
    assert (event.name, event.reason, event.due) == ("due_waived", "We saw it ourselves.", due)
    assert "due_waived" not in [one.name for one in events_of(cast.unodc, due.match)], "the provider is no party to it"
    assert deadlines.run(timezone.now() + 90 * DAY) == 0
    for step in (transitions.nudge, lambda **who: transitions.waive(**who, reason="Again.")):
        with pytest.raises(Conflict, match="has ended"):
            step(actor=cast.carana, due=due.pk)


def test_a_proposal_is_withdrawn_and_not_waived(cast: Cast) -> None:
    due = Due.objects.get(match=cast.match("proposed"))
    with pytest.raises(Conflict, match="cannot be waived"):
        transitions.waive(actor=cast.unodc, due=due.pk, reason="Take your time.")


# ── Days to be asked again ───────────────────────────────────────────────────
@pytest.mark.turns(days=3)
def test_who_snoozes_gets_no_reminder_before_that_day_and_one_on_it(cast: Cast, sign_in: SignIn) -> None:
    due = verification(cast)
    day = (timezone.now() + 40 * DAY).date()  # past the due day
    answer = sign_in("cted").post(reverse("due-snooze", args=[due.pk]), typed(day), follow=True)
    assert "You will be asked again on" in answer.content.decode()
    assert due.due_on and day > due.due_on
    for page in (reverse("dues"), due.get_absolute_url()):
        assert "You are asked again on" in sign_in("cted").get(page).content.decode()
    assert "You are asked again on" not in sign_in("carana").get(reverse("dues"), {"whose": "others"}).content.decode()
    mine = Delivery.objects.filter(message="due_reminder", recipient=cast.users["cted"], channel="mail")
    deadlines.run(due.starts_at + 31 * DAY)
    assert not mine.exists() and Due.objects.get(pk=due.pk).rung == 1, "others are reminded"
    for _ in range(2):
        deadlines.run(due.starts_at + 41 * DAY)
    assert mine.count() == 1 and Snooze.objects.get().asked_at


def test_a_reminder_that_waits_to_be_mailed_is_not_sent_to_who_snoozes(cast: Cast) -> None:
    due = Due.objects.get(match=cast.match("proposed"))
    cast.users["carana"].mail_rhythm = "daily"
    cast.users["carana"].save()
    deadlines.run(timezone.now() + 9 * DAY)
    waiting = Delivery.objects.filter(message="match_reminder", channel="mail", suppressed_at=None)
    assert waiting.exists()
    transitions.snooze(actor=cast.carana, due=due.pk, until=timezone.now().date() + 10 * DAY)
    assert not waiting.exists()


@pytest.mark.turns(3)
@pytest.mark.parametrize("days", [-400, -1, 0, 400])
def test_a_day_in_the_past_today_or_far_away_is_refused(cast: Cast, sign_in: SignIn, days: int) -> None:
    due = verification(cast)
    day = timezone.now().date() + days * DAY
    with pytest.raises(Invalid) as refused:
        transitions.snooze(actor=cast.cted, due=due.pk, until=day)
    assert "until" in refused.value.errors
    assert sign_in("cted").post(reverse("due-snooze", args=[due.pk]), typed(day)).status_code == 422
    assert not Snooze.objects.exists()


def test_who_is_no_party_does_not_snooze(cast: Cast, sign_in: SignIn) -> None:
    due = verification(cast)
    assert UNOCT not in (due.owed_by.slug, due.owed_to.slug)
    tomorrow = timezone.now().date() + DAY
    with pytest.raises(Forbidden):
        transitions.snooze(actor=cast.unoct, due=due.pk, until=tomorrow)
    assert sign_in("unoct").get(reverse("due-snooze", args=[due.pk])).status_code == 403
    assert sign_in("observer").get(reverse("due-snooze", args=[due.pk])).status_code == 403


def test_an_ended_deadline_is_not_snoozed(cast: Cast) -> None:
    match = cast.match("accepted")
    due = Due.objects.get(match=match, kind="match_answer")
    with pytest.raises(Conflict):
        transitions.snooze(actor=cast.carana, due=due.pk, until=timezone.now().date() + DAY)


# ── Both at once ─────────────────────────────────────────────────────────────
@pytest.mark.turns(days=3)
def test_the_deadlines_of_the_cast_are_seen_by_policy_as_the_page_shows_them(cast: Cast, sign_in: SignIn) -> None:
    verification(cast)
    asked(cast)
    cast.match("proposed")
    for name in ("carana", "cted", "unoct", "unodc", "sumora"):
        seen = set(policy.visible(getattr(cast, name), Due).filter(done_at=None))
        client = sign_in(name)
        assert seen == {*shown(client), *shown(client, whose="others")}, name
    assert Match.objects.count() == 2
