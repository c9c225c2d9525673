"""Transitions of appointments for all roles: who may nominate, approve and end, and what happens to the user."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Channel, Delivery, User
from entities import appointments
from entities.actors import Actor, actor_of
from entities.models import Appointment, Kind, Organisation, Phase, Role
from entities.tests.factories import appointment, letter, organisation, person
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def candidate(focal: Actor, entity: Organisation) -> Appointment:
    return nominate(focal, entity)


def nominate(actor: Actor, at: Organisation, role: str = Role.ALTERNATE, **fields: object) -> Appointment:
    values = {"email": "New.Person@Example.org", "name": "New Person", "letter": letter()} | fields
    return appointments.nominate(actor=actor, organisation=at, role=role, **values)


# ── nominate ─────────────────────────────────────────────────────────────────
def test_a_focal_point_nominates_for_the_own_organisation_and_nothing_is_open_yet(candidate: Appointment) -> None:
    assert candidate.user.email == "new.person@example.org" and not candidate.user.has_usable_password()
    assert candidate.phase == Phase.AWAITING
    assert not actor_of(candidate.user).appointments
    assert not Delivery.objects.filter(recipient=candidate.user).exists()


def test_a_focal_point_nominates_for_no_other_organisation(focal: Actor) -> None:
    with pytest.raises(Forbidden):
        nominate(focal, organisation())
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_a_coordinator_nominates_for_any_organisation(coordinator: Actor) -> None:
    assert (
        nominate(coordinator, organisation(kind=Kind.MEMBER_STATE), Role.FOCAL_POINT).nominated_by == coordinator.user
    )


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.FOCAL_POINT, Role.COORDINATOR)])
def test_other_roles_nominate_nobody(role: Role, entity: Organisation, unoct: Organisation) -> None:
    for at in (entity, unoct):
        with pytest.raises(Forbidden):
            nominate(actor_of(appointment(at, role).user), entity)


def test_a_coordinator_role_elsewhere_gives_nothing(entity: Organisation) -> None:
    with pytest.raises(Forbidden):
        nominate(actor_of(appointment(entity, Role.COORDINATOR).user), entity)


def test_a_known_address_means_that_person_in_any_case(focal: Actor, entity: Organisation) -> None:
    known = person("new.person@example.org", name="Known")
    made = nominate(focal, entity, email=" NEW.person@example.ORG ", name="Other")
    assert made.user == known and made.user.name == "Known" and made.named_as == "Other"


def test_a_look_alike_of_a_known_address_names_nobody_who_is_known(focal: Actor, entity: Organisation) -> None:
    person("new.person@example.org", name="Known")
    for written in ("new.per\u017fon@example.org", "\uff4eew.person@example.org", "new.person\u200b@example.org"):
        with pytest.raises(Invalid) as refusal:
            nominate(focal, entity, email=written, name="Other")
        assert list(refusal.value.errors) == ["email"]
    assert nominate(focal, entity, email="new.person@example.org.", name="Same").user.name == "Known"


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": "a\x00b@example.org"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "  "}, "name"),
        ({"role": Role.ASSESSOR}, "role"),
        ({"role": Role.COORDINATOR}, "role"),
        ({"role": Role.PARTNER_CONTACT}, "role"),
        ({"role": Role.DONOR_CONTACT}, "role"),
        ({"role": "king"}, "role"),
        ({"until": timezone.now().date() - DAY}, "until"),
        ({"since": date.max}, "since"),
        ({"since": date.min}, "since"),
        ({"until": date.max}, "until"),
        ({"since": timezone.now().date() + 2 * DAY, "until": timezone.now().date() + DAY}, "until"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    fields: dict[str, object], field: str, focal: Actor, entity: Organisation
) -> None:
    people = User.objects.count()
    with pytest.raises(Invalid) as refused:
        nominate(focal, entity, **fields)
    assert list(refused.value.errors) == [field]
    assert User.objects.count() == people


@pytest.mark.parametrize(
    ("slug", "kind", "donor", "roles"),
    [
        ("kenya", Kind.MEMBER_STATE, False, {"focal_point", "alternate", "observer"}),
        ("norway", Kind.MEMBER_STATE, True, {"focal_point", "alternate", "donor_contact", "observer"}),
        ("unodc", Kind.COMPACT_ENTITY, False, {"focal_point", "alternate", "observer"}),
        ("cted", Kind.SECURITY_COUNCIL_BODY, False, {"focal_point", "alternate", "assessor", "observer"}),
        ("unoct", Kind.COMPACT_ENTITY, False, {"focal_point", "alternate", "coordinator", "observer"}),
        ("gctf", Kind.PARTNER, False, {"partner_contact", "observer"}),
        ("eu", Kind.PARTNER, True, {"partner_contact", "donor_contact", "observer"}),
    ],
)
def test_roles_follow_from_the_organisation(slug: str, kind: str, donor: bool, roles: set[str]) -> None:
    assert set(appointments.roles_at(Organisation(slug=slug, kind=kind, is_donor=donor))) == roles


def test_the_same_role_is_not_held_twice(focal: Actor, entity: Organisation, candidate: Appointment) -> None:
    with pytest.raises(Conflict):
        nominate(focal, entity)
    assert nominate(focal, entity, Role.OBSERVER).user == candidate.user


def test_after_a_term_ran_out_the_person_can_be_nominated_again(focal: Actor, entity: Organisation) -> None:
    old = appointment(entity, Role.ALTERNATE, person("new.person@example.org"), until=timezone.now().date() - DAY)
    assert nominate(focal, entity).user == old.user
    old.refresh_from_db()
    assert old.phase == Phase.ENDED and old.end_reason


# ── approve ──────────────────────────────────────────────────────────────────
def test_approval_gives_access_and_invites(coordinator: Actor, candidate: Appointment) -> None:
    approved = appointments.approve(actor=coordinator, appointment=candidate)
    assert approved.phase == Phase.RUNNING and approved.approved_by == coordinator.user
    assert actor_of(candidate.user).appointments
    mail = Delivery.objects.get(recipient=candidate.user)
    assert (mail.recipient, mail.message, mail.channel, mail.values) == (candidate.user, "invitation", Channel.MAIL, {})


def test_who_has_a_password_is_not_invited_again(coordinator: Actor, focal: Actor, entity: Organisation) -> None:
    person("new.person@example.org", password="a long enough pass phrase")
    made = nominate(focal, entity)
    appointments.approve(actor=coordinator, appointment=made)
    told = Delivery.objects.filter(recipient=made.user)
    assert set(told.values_list("message", flat=True)) == {"appointment_begun"}


@pytest.mark.known_leak(62)  # somebody approved their own request: Nautobot CVE-2026-83805
def test_nobody_approves_the_own_nomination(coordinator: Actor, second: Actor, entity: Organisation) -> None:
    made = nominate(coordinator, entity)
    with pytest.raises(Forbidden):
        appointments.approve(actor=coordinator, appointment=made)
    assert appointments.approve(actor=second, appointment=made).phase == Phase.RUNNING


def test_nobody_approves_themselves(coordinator: Actor, focal: Actor, entity: Organisation) -> None:
    made = nominate(focal, entity, email=coordinator.user.email)
    assert not appointments.awaiting(coordinator).exists()
    with pytest.raises(Forbidden):
        appointments.approve(actor=coordinator, appointment=made)


@pytest.mark.turns(2)
@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
@pytest.mark.parametrize("slug", ["unoct", "entity"])
def test_no_other_role_approves(
    role: Role, slug: str, unoct: Organisation, entity: Organisation, candidate: Appointment
) -> None:
    actor = actor_of(appointment(Organisation.objects.get(slug=slug), role).user)
    with pytest.raises((Forbidden, NotVisible)):
        appointments.approve(actor=actor, appointment=candidate)
    candidate.refresh_from_db()
    assert candidate.phase == Phase.AWAITING


def test_what_is_not_awaiting_cannot_be_approved(coordinator: Actor, candidate: Appointment) -> None:
    appointments.approve(actor=coordinator, appointment=candidate)
    with pytest.raises(Conflict) as refused:
        appointments.approve(actor=coordinator, appointment=candidate)
    assert refused.value.transitions
    appointments.end(actor=coordinator, appointment=candidate, reason="Left")
    with pytest.raises(Conflict) as refused:
        appointments.approve(actor=coordinator, appointment=candidate)
    assert refused.value.transitions == ()


def test_a_closed_account_is_not_let_in(coordinator: Actor, candidate: Appointment) -> None:
    User.objects.filter(pk=candidate.user_id).update(is_active=False)
    with pytest.raises(Conflict):
        appointments.approve(actor=coordinator, appointment=candidate)


def test_what_awaits_a_coordinator(coordinator: Actor, second: Actor, focal: Actor, candidate: Appointment) -> None:
    assert list(appointments.awaiting(coordinator)) == [candidate] == list(appointments.awaiting(second))
    assert not appointments.awaiting(focal).exists()


# ── end ──────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["coordinator", "focal"])
def test_unoct_and_the_own_focal_point_end_at_once(
    who: str, request: pytest.FixtureRequest, entity: Organisation
) -> None:
    held = appointment(entity, Role.ALTERNATE)
    actor = request.getfixturevalue(who)
    ended = appointments.end(actor=actor, appointment=held, reason="  Moved to\nanother post ")
    assert (ended.end_reason, ended.ended_by) == ("Moved to another post", actor.user)
    assert not actor_of(held.user).appointments


def test_ending_a_nomination_refuses_it(coordinator: Actor, candidate: Appointment) -> None:
    appointments.end(actor=coordinator, appointment=candidate, reason="Unknown to the ministry")
    candidate.refresh_from_db()
    assert candidate.phase == Phase.ENDED and not candidate.approved_at


@pytest.mark.parametrize("reason", ["", "  \n", "\x00", "x" * 301])
def test_an_end_needs_a_reason_that_fits(reason: str, coordinator: Actor, entity: Organisation) -> None:
    held = appointment(entity)
    with pytest.raises(Invalid) as refused:
        appointments.end(actor=coordinator, appointment=held, reason=reason)
    assert list(refused.value.errors) == ["reason"]


def test_what_has_ended_stays_as_it_ended(coordinator: Actor, entity: Organisation) -> None:
    held = appointment(entity)
    appointments.end(actor=coordinator, appointment=held, reason="First")
    with pytest.raises(Conflict):
        appointments.end(actor=coordinator, appointment=held, reason="Second")
    held.refresh_from_db()
    assert held.end_reason == "First"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.FOCAL_POINT])
def test_no_other_role_ends(role: Role, entity: Organisation) -> None:
    held = appointment(entity)
    with pytest.raises((Forbidden, NotVisible)):
        appointments.end(actor=actor_of(appointment(entity, role).user), appointment=held, reason="No")


def test_people_of_other_organisations_learn_nothing(focal: Actor) -> None:
    held = appointment(organisation(kind=Kind.MEMBER_STATE))
    verbs: list[Callable[[], object]] = [
        lambda: appointments.end(actor=focal, appointment=held, reason="No"),
        lambda: appointments.approve(actor=focal, appointment=held),
        lambda: appointments.invite(actor=focal, appointment=held),
    ]
    for verb in verbs:
        with pytest.raises(NotVisible):
            verb()
    assert not appointments.visible_appointments(focal).filter(pk=held.pk).exists()


# ── invite, appoint ──────────────────────────────────────────────────────────
def test_an_invitation_is_sent_again_until_the_person_has_come_in(
    coordinator: Actor, focal: Actor, candidate: Appointment
) -> None:
    with pytest.raises(Conflict):
        appointments.invite(actor=focal, appointment=candidate)
    appointments.approve(actor=coordinator, appointment=candidate)
    appointments.invite(actor=focal, appointment=candidate)
    assert Delivery.objects.filter(message="invitation", recipient=candidate.user).count() == 2
    candidate.user.set_password("a long enough pass phrase")
    candidate.user.save()
    with pytest.raises(Conflict):
        appointments.invite(actor=focal, appointment=candidate)


def test_appoint_needs_nobody_for_the_first_of_a_site(unoct: Organisation) -> None:
    made = appointments.appoint(user=person(), organisation=unoct, role=Role.COORDINATOR)
    assert made.phase == Phase.RUNNING and appointments.is_coordinator(actor_of(made.user))
    with pytest.raises(Conflict):
        appointments.appoint(user=made.user, organisation=unoct, role=Role.COORDINATOR)
    with pytest.raises(Invalid):
        appointments.appoint(user=made.user, organisation=unoct, role=Role.ASSESSOR)
