"""Pending work when an appointment changes hands: what the reader may know, and the successor's notifications."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import inbox
from assistance.consents import transitions as consents
from assistance.needs import transitions as needs
from assistance.tests.cast import Cast, appoint
from entities import appointments, pending_work
from entities.actors import actor_of
from entities.models import Appointment, Role
from entities.tests.factories import letter, person

pytestmark = pytest.mark.django_db


def held(cast: Cast, name: str) -> Appointment:
    return Appointment.objects.select_related("user", "organisation").get(user=cast.users[name])


def references(cast: Cast, whose: str, reader: str) -> set[str]:
    return {item.reference for item in pending_work.open_items(held(cast, whose), getattr(cast, reader))}


def test_a_desk_shows_what_waits_as_far_as_the_reader_may_know(cast: Cast) -> None:
    put, match = cast.need("put"), cast.match()
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    assert references(cast, "carana", "carana") == {put.reference, match.reference, visit.reference}
    assert references(cast, "carana", "unoct") == {match.reference}
    assert references(cast, "carana", "sumora") == set()


def test_the_successor_is_asked_what_the_predecessor_was_asked(cast: Cast) -> None:
    put, match = cast.need("put"), cast.match()
    leaver = cast.users["carana"]
    asked = {(row.message, row.subject) for row in inbox.actions(leaver)}
    assert asked == {("need_put_to_state", f"need:{put.pk}"), ("match_proposed", f"match:{match.pk}")}
    made = appointments.hand_over(
        actor=cast.carana, appointment=held(cast, "carana"), email="next@example.org", name="Next", letter=letter()
    )
    assert not inbox.actions(made.user)
    appointments.approve(actor=cast.unoct, appointment=made)
    assert {(row.message, row.subject) for row in inbox.actions(made.user)} == asked
    assert not inbox.notifications(leaver).filter(inbox.ASKED).exists()
    needs.agree(actor=actor_of(made.user), need=put.pk)
    assert {row.message for row in inbox.actions(made.user)} == {"match_proposed"}


def test_of_two_posts_at_one_office_the_one_still_held_keeps_its_asks(cast: Cast) -> None:
    leaver = cast.users["carana"]
    head = held(cast, "carana")
    own = appoint(leaver, cast.org("carana"), Role.ALTERNATE)
    cast.need("put")
    asked = {(row.message, row.subject) for row in inbox.actions(leaver)}
    assert asked
    for post, email in ((own, "next@example.org"), (head, "last@example.org")):
        made = appointments.hand_over(actor=cast.unoct, appointment=post, email=email, name="Next")
        second = actor_of(appoint(person(), cast.org("unoct"), Role.COORDINATOR).user)
        appointments.approve(actor=second, appointment=made)
        assert {(row.message, row.subject) for row in inbox.actions(made.user)} == asked
        assert {(row.message, row.subject) for row in inbox.actions(leaver)} == (asked if post == own else set())


def test_what_is_asked_of_another_office_stays_with_the_person(cast: Cast) -> None:
    appoint(cast.users["carana"], cast.org("sumora"), Role.ALTERNATE)
    put, other = cast.need("put"), cast.need("put", state=cast.org("sumora"))
    made = appointments.hand_over(
        actor=cast.carana, appointment=Appointment.objects.get(user=cast.users["carana"], organisation__slug="carana"),
        email="next@example.org", name="Next", letter=letter(),
    )  # fmt: skip
    appointments.approve(actor=cast.unoct, appointment=made)
    assert [row.subject for row in inbox.actions(made.user)] == [f"need:{put.pk}"]
    assert [row.subject for row in inbox.actions(cast.users["carana"])] == [f"need:{other.pk}"]


def test_open_tasks_of_somebody_else_are_named_by_title_and_not_called_the_readers_own(cast: Cast) -> None:
    put, match = cast.need("put", title="Put-title"), cast.match()
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    items = pending_work.open_items(held(cast, "carana"), cast.carana)
    assert {str(item.title) for item in items} == {put.title, match.need.title, "Visit to Carana"}
    assert all("your" not in str(item.text) for item in items)
    client = Client()
    client.force_login(cast.users["carana"], backend="accounts.sign_in.backend.AccountBackend")
    page = client.get(reverse("designation-hand-over", args=[held(cast, "carana").pk])).content.decode()
    assert page.index("Put-title") < page.index(put.reference) and "Need awaiting agreement by the State" in page
