"""Quiet time: one mail with reminders a day to one person of each organisation, and nothing is lost; a real mail server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.mail import breaker, digests, dispatch, outbox
from accounts.models import Delivery, Digest, User
from accounts.tests.smtp import Sink
from assistance.dues import transitions
from assistance.needs import match_transitions as matches
from assistance.needs.models import Match
from assistance.tests.cast import Cast, appoint
from assistance.workflow import deadlines
from assistance.workflow.clocks import Rung
from assistance.workflow.models import Due, Event
from assistance.workflow.tests.test_clocks import clock
from entities.appointments import absence
from entities.models import Appointment, Role
from entities.tests.factories import person
from web.exceptions import Conflict

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2031, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def sink(settings: object) -> Iterator[Sink]:
    """Return a mail server that keeps what the portal sends."""
    breaker.note_answer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    with Sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port  # type: ignore[attr-defined]
        yield server


@pytest.fixture(autouse=True)
def people_in_start(cast: Cast) -> None:
    """Let the people of the cast act in the days of these tests."""
    since, until = START - 90 * DAY, START.date() + 400 * DAY
    Appointment.objects.filter(until=None).update(since=since.date(), approved_at=since, confirm_by=until)


def colleague(cast: Cast, role: str, organisation: str = "carana", name: str = "colleague") -> User:
    row = appoint(person(f"{name}@example.org"), cast.org(organisation), role, since=START.date() - 90 * DAY)
    Appointment.objects.filter(pk=row.pk).update(approved_at=START - 90 * DAY, confirm_by=START.date() + 400 * DAY)
    return row.user


def deliver(at: datetime, *, forget: bool = False) -> None:
    """Send at this moment what the workers would send by then; with `forget` mark single mails as sent unseen."""
    with time_machine.travel(at, tick=False):
        digests.open_digests()
        single = Delivery.objects.waiting().filter(channel="mail", in_digest=False, digest=None, due_at__lte=at)
        if forget:
            single.update(sent_at=at)
        dispatch.send(*map(str, single.values_list("pk", flat=True)))
        dispatch.send_digest(*map(str, Digest.objects.waiting().values_list("pk", flat=True)))


def reminders(sink: Sink) -> list[tuple[str, str]]:
    """Return recipient and text of each mail so far that has a reminder."""
    texts = [(mail["To"], mail["Subject"] + mail.get_body(("plain",)).get_content()) for mail in sink.mails]  # type: ignore[union-attr]
    return [(to, text) for to, text in texts if "reminder" in text]


def proposed(cast: Cast, at: datetime = START, who: str = "unodc") -> Match:
    with time_machine.travel(at, tick=False):
        match = cast.match("proposed", who=who)
    deliver(at + timedelta(minutes=1), forget=True)
    return match


def run(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return deadlines.run()


def in_inbox(user: User, message: str) -> int:
    return Delivery.objects.filter(recipient=user, channel="portal", message=message).count()


# ── One mail a day ───────────────────────────────────────────────────────────
def test_reminders_of_one_day_come_in_one_mail(cast: Cast, sink: Sink) -> None:
    found = [proposed(cast, START + n * HOUR) for n in range(3)]
    run(START + 9 * DAY + 3 * HOUR)
    deliver(START + 9 * DAY + 3 * HOUR + timedelta(minutes=15))
    ((to, text),) = reminders(sink)
    assert to == "carana@example.org"
    assert all(match.need.reference in text for match in found)
    assert in_inbox(cast.users["carana"], "match_reminder") == 3


def test_a_later_reminder_of_the_day_is_in_the_mail_of_the_next(cast: Cast, sink: Sink) -> None:
    first, second = proposed(cast), proposed(cast, START + 5 * HOUR)
    day = START + 9 * DAY
    run(day)
    deliver(day + timedelta(minutes=15))
    run(day + 5 * HOUR)
    for hours in (6, 7, 10):
        deliver(day + hours * HOUR)
    assert [first.need.reference in text for _to, text in reminders(sink)] == [True], "one mail that day"
    assert in_inbox(cast.users["carana"], "match_reminder") == 2, "it stands in the portal at once"
    deliver(day + 24 * HOUR)
    assert len(reminders(sink)) == 2
    assert second.need.reference in reminders(sink)[1][1] and first.need.reference not in reminders(sink)[1][1]
    deliver(day + 30 * HOUR)
    assert len(reminders(sink)) == 2, "each once"


def test_a_reminder_that_comes_alone_is_an_ordinary_mail(cast: Cast, sink: Sink) -> None:
    match = proposed(cast)
    run(START + 9 * DAY)
    deliver(START + 9 * DAY + timedelta(minutes=15))
    (mail,) = sink.mails
    assert mail["Subject"] == f"{match.need.reference}: match awaiting your response (reminder)"


def test_other_mail_is_sent_at_once_as_before(cast: Cast, sink: Sink) -> None:
    with time_machine.travel(START, tick=False):
        cast.match("proposed")
    deliver(START + timedelta(minutes=1))
    assert any(mail["To"] == "carana@example.org" for mail in sink.mails)


def test_who_gets_digests_finds_reminders_in_them(cast: Cast, sink: Sink) -> None:
    User.objects.filter(pk=cast.users["carana"].pk).update(mail_rhythm="daily")
    match = proposed(cast)
    deliver(START + DAY, forget=True)
    before = len(sink.mails)
    run(START + 9 * DAY)
    deliver(START + 9 * DAY + HOUR)
    assert len(sink.mails) == before
    deliver(START + 10 * DAY)
    assert len(reminders(sink)) == 1 and match.need.reference in reminders(sink)[0][1]


def test_an_answered_request_is_not_mailed_any_more(cast: Cast, sink: Sink) -> None:
    match = proposed(cast)
    run(START + 9 * DAY)
    with time_machine.travel(START + 9 * DAY + timedelta(minutes=5), tick=False):
        matches.decline(actor=cast.carana, match=match.pk, reason="Not now.")
    deliver(START + 9 * DAY + HOUR, forget=True)
    deliver(START + 10 * DAY, forget=True)
    assert reminders(sink) == []


def test_changing_how_often_mail_comes_lets_no_reminder_out_alone(cast: Cast, sink: Sink) -> None:
    found = [proposed(cast), proposed(cast)]
    run(START + 9 * DAY)
    with time_machine.travel(START + 9 * DAY + timedelta(minutes=1), tick=False):
        user = User.objects.get(pk=cast.users["carana"].pk)
        for rhythm in ("weekly", "at_once"):
            user.mail_rhythm = rhythm
            user.save()
            outbox.reschedule(user)
    deliver(START + 9 * DAY + HOUR)
    ((_to, text),) = reminders(sink)
    assert all(match.need.reference in text for match in found)


# ── One person ───────────────────────────────────────────────────────────────
def test_one_named_person_gets_the_mail_and_the_others_find_it_in_the_portal(cast: Cast, sink: Sink) -> None:
    alternate = colleague(cast, Role.ALTERNATE)
    proposed(cast)
    run(START + 9 * DAY)
    deliver(START + 9 * DAY + HOUR)
    assert [to for to, _text in reminders(sink)] == ["carana@example.org"]
    assert in_inbox(alternate, "match_reminder") == 1 == in_inbox(cast.users["carana"], "match_reminder")
    assert Delivery.objects.get(recipient=alternate, message="match_reminder").needs_action


def test_a_first_notice_goes_to_all_of_them(cast: Cast, sink: Sink) -> None:
    colleague(cast, Role.ALTERNATE)
    with time_machine.travel(START, tick=False):
        cast.match("proposed")
    deliver(START + timedelta(minutes=1))
    told = {mail["To"] for mail in sink.mails}
    assert {"carana@example.org", "colleague@example.org"} <= told


@pytest.mark.turns(3)
@pytest.mark.parametrize("named", ["deputy", "alternate", "nobody else"])
def test_while_the_focal_point_is_away_a_deputy_or_the_alternate_is_named(cast: Cast, sink: Sink, named: str) -> None:
    if named != "nobody else":
        colleague(cast, Role.ALTERNATE, name="alternate")
    deputy = colleague(cast, Role.ASSESSOR, name="deputy") if named == "deputy" else None
    proposed(cast)
    post, day = Appointment.objects.get(user=cast.users["carana"]), START + 9 * DAY
    with time_machine.travel(day, tick=False):
        absence.be_absent(actor=cast.carana, appointment=post, since=day.date(), until=day.date() + 2 * DAY)
        if deputy:
            absence.name_deputy(actor=cast.carana, appointment=post, deputy=deputy)
    Due.objects.update(next_at=day)
    if named == "nobody else":  # days on which nobody acts do not count: a person sends the reminder
        with time_machine.travel(day, tick=False):
            transitions.nudge(actor=cast.unodc, due=Due.objects.get(kind="match_answer").pk)
    run(day)
    deliver(day + HOUR, forget=True)
    who = "carana" if named == "nobody else" else named
    assert [to for to, _text in reminders(sink)] == [f"{who}@example.org"]


def test_who_wishes_to_be_left_alone_is_not_named(cast: Cast, sink: Sink) -> None:
    colleague(cast, Role.ALTERNATE)
    due = Due.objects.get(match=proposed(cast))
    with time_machine.travel(START + 8 * DAY, tick=False):
        transitions.snooze(actor=cast.carana, due=due.pk, until=START.date() + 15 * DAY)
    run(START + 9 * DAY)
    deliver(START + 9 * DAY + HOUR)
    assert [to for to, _text in reminders(sink)] == ["colleague@example.org"]
    run(START + 15 * DAY)
    deliver(START + 15 * DAY + HOUR)
    assert [to for to, _text in reminders(sink)][1:] == ["carana@example.org"], "asked again on the day of their own"


def test_an_organisation_gets_one_mail_a_day_also_where_another_person_is_named(cast: Cast, sink: Sink) -> None:
    alternate = colleague(cast, Role.ALTERNATE)
    first, second = proposed(cast), proposed(cast, START + 3 * HOUR)
    day = START + 9 * DAY
    run(day)
    deliver(day + timedelta(minutes=15))
    with time_machine.travel(day + HOUR, tick=False):
        transitions.snooze(actor=cast.carana, due=Due.objects.get(match=second).pk, until=day.date() + 5 * DAY)
    run(day + 3 * HOUR)
    for hours in (4, 6, 11):
        deliver(day + hours * HOUR)
    assert [to for to, _text in reminders(sink)] == ["carana@example.org"]
    assert in_inbox(alternate, "match_reminder") == 2
    deliver(day + DAY)
    assert [to for to, _text in reminders(sink)] == ["carana@example.org", "colleague@example.org"]
    assert second.need.reference in reminders(sink)[1][1] and first.need.reference not in reminders(sink)[1][1]


def test_reminders_of_two_organisations_are_two_mails(cast: Cast, sink: Sink) -> None:
    proposed(cast)
    with time_machine.travel(START, tick=False):
        need = cast.need("shared")
        matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("iom"), share=40)
    deliver(START + timedelta(minutes=1), forget=True)
    run(START + 9 * DAY)
    deliver(START + 9 * DAY + HOUR)
    assert sorted(to for to, _text in reminders(sink)) == ["carana@example.org", "iom@example.org"]


# ── Who is not reminded ──────────────────────────────────────────────────────
def test_a_suggestion_of_the_last_three_days_is_not_reminded_of(cast: Cast) -> None:
    with time_machine.travel(START, tick=False):
        match = matches.propose(actor=cast.cted, need=cast.need("shared").pk, provider=cast.org("unodc"), share=40)
        due = Due.objects.get(match=match)
    for hours in (0, 71):
        with (
            time_machine.travel(START + hours * HOUR, tick=False),
            pytest.raises(Conflict, match="You can send a reminder on"),
        ):
            transitions.nudge(actor=cast.cted, due=due.pk)
    with time_machine.travel(START + 72 * HOUR, tick=False):
        transitions.nudge(actor=cast.cted, due=due.pk)
    with pytest.raises(ValueError, match="within the days"):
        clock(days=30, quiet_days=3, rungs=(Rung(2, from_start=True),))


def test_who_has_declined_is_never_reminded_of_the_same_again(cast: Cast, sink: Sink) -> None:
    with time_machine.travel(START, tick=False):
        need = cast.need("shared")
        match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=40)
        matches.decline(actor=cast.unodc, match=match.pk, reason="No capacity.")
    with time_machine.travel(START + 5 * DAY, tick=False), pytest.raises(Conflict, match="has ended"):
        transitions.nudge(actor=cast.cted, due=Due.objects.get(match=match).pk)
    with time_machine.travel(START + 10 * DAY, tick=False):
        again = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=40)
        other = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("iom"), share=40)
    due = Due.objects.get(match=again)
    assert due.is_silent and not Due.objects.get(match=other).is_silent
    with (
        time_machine.travel(START + 14 * DAY, tick=False),
        pytest.raises(Conflict, match="has declined the same before"),
    ):
        transitions.nudge(actor=cast.cted, due=due.pk)
    for days in (20, 32):
        run(START + days * DAY)
    asked = Event.objects.filter(name__in=("match_reminder", "match_last_call"))
    assert not asked.filter(match=again).exists() and asked.filter(match=other).count() == 2
    run(START + 56 * DAY)
    again.refresh_from_db()
    assert again.status == "lapsed", "it ends as others do"
    deliver(timezone.now(), forget=True)
