"""Memberships: what lets people see more takes two people, is logged, and is told to the States concerned."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Delivery, User
from assistance.access import policy
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from audit.models import Entry
from entities import memberships
from entities.actors import Actor, actor_of
from entities.groups import COMPACT, DONORS
from entities.models import Belongs, MembershipChange, Organisation, Role, WorkingGroup
from entities.tests.factories import appointment, organisation
from portal.tests.leak_world import BACKEND
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

LIST, NEW = "/who/memberships/", "/who/memberships/new/"


@pytest.fixture
def group(cast: Cast) -> WorkingGroup:
    return WorkingGroup.objects.establish(slug="wg", name_en="Working group on borders")


@pytest.fixture
def partner(cast: Cast) -> Organisation:
    return organisation("partner-x", kind="partner", name_en="Partner X")


@pytest.fixture
def reader(partner: Organisation) -> User:
    return appointment(partner, Role.PARTNER_CONTACT).user


@pytest.fixture
def root(cast: Cast) -> Actor:
    return actor_of(User.objects.create_superuser("root@example.org", "a long one", name="Root"))


@pytest.fixture
def unoct(cast: Cast) -> Actor:
    return actor_of(cast.users["unoct"])


@pytest.fixture
def released(cast: Cast, group: WorkingGroup) -> Need:
    return cast.need("shared", audience=["wg"])


def proposed(actor: Actor, partner: Organisation, group: WorkingGroup | None, **changes: Any) -> MembershipChange:
    to = Belongs.WORKING_GROUP if group else Belongs.COMPACT
    values = {"organisation": partner, "to": to, "group": group, "adds": True, "reason": "By letter.", **changes}
    return memberships.propose(actor=actor, **values)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sees(user: User, need: Need) -> bool:
    return policy.visible(actor_of(user), Need).filter(pk=need.pk).exists()


# ── Two people ───────────────────────────────────────────────────────────────
def test_a_membership_opens_what_was_released_when_a_second_person_confirms(
    cast: Cast, root: Actor, unoct: Actor, group: WorkingGroup, partner: Organisation, reader: User, released: Need
) -> None:
    change = proposed(root, partner, group)
    assert not sees(reader, released) and change.is_open
    with pytest.raises(Forbidden):
        memberships.confirm(actor=root, change=change)
    assert not sees(reader, released)
    gain = memberships.gain_of(change)
    assert (gain.people, dict(gain.rows)["needs"], gain.states) == (1, 1, {cast.org("carana").pk})
    memberships.confirm(actor=unoct, change=change)
    assert sees(reader, released) and list(group.members.all()) == [partner]
    with pytest.raises(Conflict):
        memberships.confirm(actor=unoct, change=change)


def test_what_they_see_already_is_no_gain(
    cast: Cast, root: Actor, group: WorkingGroup, partner: Organisation, released: Need
) -> None:
    other = WorkingGroup.objects.establish(slug="other", name_en="Other")
    change = proposed(root, partner, other)
    assert memberships.gain_of(change).rows == () and memberships.gain_of(change).people == 0
    group.members.add(partner)
    cast.need("shared", audience=["wg", "other"])
    assert memberships.gain_of(change).rows == ()


@pytest.mark.parametrize(("to", "standing"), [(Belongs.COMPACT, COMPACT), (Belongs.DONORS, DONORS)])
def test_the_standing_audiences_take_two_as_well(
    root: Actor, unoct: Actor, partner: Organisation, reader: User, to: Belongs, standing: int
) -> None:
    appointment(partner, Role.DONOR_CONTACT, of=reader)
    change = proposed(unoct, partner, None, to=to.value)
    assert standing not in actor_of(reader).groups
    memberships.confirm(actor=root, change=change)
    assert standing in actor_of(reader).groups


def test_to_take_sight_away_one_person_is_enough(
    root: Actor, group: WorkingGroup, partner: Organisation, reader: User, released: Need
) -> None:
    group.members.add(partner)
    change = proposed(root, partner, group, adds=False)
    assert not sees(reader, released) and change.confirmed and not group.members.exists()


def test_a_rejected_proposal_changes_nothing_and_says_why(
    root: Actor, unoct: Actor, group: WorkingGroup, partner: Organisation
) -> None:
    change = proposed(root, partner, group)
    with pytest.raises(Conflict):
        proposed(unoct, partner, group)
    with pytest.raises(Invalid):
        memberships.reject(actor=unoct, change=change, reason="\u200b ")
    memberships.reject(actor=unoct, change=change, reason="No letter came.")
    change.refresh_from_db()
    assert change.confirmed is False and change.refusal == "No letter came." and not group.members.exists()
    assert Delivery.objects.filter(message="membership_decided", recipient=root.user).count() == 2
    again = proposed(root, partner, group)
    memberships.reject(actor=root, change=again, reason="My mistake.")
    with pytest.raises(Invalid):
        proposed(root, partner, group, adds=False)


def test_the_database_refuses_one_person_for_both(root: Actor, partner: Organisation, group: WorkingGroup) -> None:
    change = proposed(root, partner, group)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE entities_membershipchange SET confirmed = true, decided_by_id = proposed_by_id, decided_at = now()"
            " WHERE id = %s",
            [change.pk],
        )


@pytest.mark.parametrize("who", ["carana", "unodc", "cted", "nobody"])
def test_nobody_else_proposes_or_decides(
    cast: Cast, root: Actor, group: WorkingGroup, partner: Organisation, who: str
) -> None:
    actor, change = actor_of(cast.users[who]), proposed(root, partner, group)
    with pytest.raises(Forbidden):
        proposed(actor, partner, None)
    for step in (
        lambda: memberships.confirm(actor=actor, change=change),
        lambda: memberships.reject(actor=actor, change=change, reason="x"),
        lambda: memberships.find(actor, change.pk),
    ):
        with pytest.raises(NotVisible):
            step()
    client = signed_in(cast.users[who])
    for address in (LIST, NEW, f"{LIST}{change.pk}/decide/"):
        assert client.get(address).status_code == 403
    assert client.get(f"{LIST}{change.pk}/").status_code == (403 if who == "nobody" else 404)


# ── Log and messages ─────────────────────────────────────────────────────────
def test_every_step_is_logged_and_the_state_reads_what_concerns_it(
    cast: Cast, root: Actor, unoct: Actor, group: WorkingGroup, partner: Organisation, released: Need
) -> None:
    memberships.confirm(actor=unoct, change=proposed(root, partner, group))
    entries = list(Entry.objects.filter(kind="membership").order_by("id"))
    assert [entry.detail for entry in entries] == [
        "proposed: partner-x → wg", "joined: working group wg", "confirmed: partner-x → wg",
    ]  # fmt: skip
    assert [list(entry.states) for entry in entries] == [[], [], [cast.org("carana").pk]]
    group.members.clear()
    partner.is_donor = True
    partner.save()
    assert [entry.detail for entry in Entry.objects.filter(kind="membership").order_by("-id")[:2]] == [
        "is_donor: True", "all left: working group wg",
    ]  # fmt: skip


def test_the_states_whose_releases_are_widened_are_told_and_no_others(
    cast: Cast, root: Actor, unoct: Actor, group: WorkingGroup, partner: Organisation, released: Need
) -> None:
    change = proposed(root, partner, group)
    asked = Delivery.objects.filter(message="membership_proposed", channel="portal")
    assert {row.recipient for row in asked} == {unoct.user, cast.users["admin"]} and all(
        row.needs_action for row in asked
    )
    assert not Delivery.objects.filter(message="membership_widened").exists()
    memberships.confirm(actor=unoct, change=change)
    told = Delivery.objects.filter(message="membership_widened")
    assert {row.recipient for row in told} == {cast.users["carana"]}
    assert not Delivery.objects.filter(message="membership_proposed", channel="portal", done_at=None).exists()
    page = signed_in(cast.users["carana"]).get(told[0].path)
    assert page.status_code == 200 and "Partner X" in page.content.decode()
    assert "Root" not in page.content.decode() and "By letter." not in page.content.decode()
    assert signed_in(cast.users["sumora"]).get(told[0].path).status_code == 404


# ── Pages ────────────────────────────────────────────────────────────────────
def test_the_pages_propose_and_confirm(
    root: Actor, unoct: Actor, group: WorkingGroup, partner: Organisation, reader: User, released: Need
) -> None:
    administrator, coordinator = signed_in(root.user), signed_in(unoct.user)
    sent = {"step": "join", "organisation": str(partner.pk), "to": "group:wg", "reason": "By letter."}
    assert administrator.post(NEW, sent).status_code == 302
    change = MembershipChange.objects.get()
    decide = reverse("membership-decide", args=[change.pk])
    assert administrator.post(decide, {"decision": "confirm"}).status_code == 422 and not sees(reader, released)
    shown = coordinator.get(decide).content.decode()
    assert "Partner X" in shown and "States whose releases they could read" in shown
    assert coordinator.get(LIST).status_code == administrator.get(LIST).status_code == 200
    assert coordinator.post(decide, {"decision": "confirm"}).status_code == 302 and sees(reader, released)
    assert coordinator.get(decide).status_code == 409
    assert coordinator.get(LIST).status_code == 200


def test_a_step_needs_a_recent_proof(root: Actor, partner: Organisation, group: WorkingGroup) -> None:
    client = signed_in(root.user)
    session = client.session
    session["proved_at"] = 0
    session.save()
    sent = {"step": "join", "organisation": str(partner.pk), "to": "group:wg", "reason": "By letter."}
    assert client.post(NEW, sent).status_code == 403 and not MembershipChange.objects.exists()
