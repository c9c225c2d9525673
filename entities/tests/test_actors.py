"""Actors: rights follow from appointments that run today, and the inverse query finds the same users."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from entities.actors import actor_of, appointments_in, post_in_words
from entities.groups import COMPACT, DONORS, MEMBERS, STANDING, STATES
from entities.models import Appointment, Kind, Phase, Role
from entities.tests.factories import appointment, organisation, person, working_group

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = timedelta(days=1)


def test_actor_and_audience_mirror_each_other_for_every_kind_role_and_group() -> None:
    kinds = [(kind, donor) for kind in Kind for donor in (False, True)]
    offices = [organisation(kind=kind, is_donor=donor) for kind, donor in kinds]
    offices.append(organisation("council-body-in-compact", Kind.SECURITY_COUNCIL_BODY, in_compact=True))
    groups = [
        working_group("one", offices[0], offices[3], offices[-1]),
        working_group("two", offices[3]),
        working_group(),
    ]
    held = [appointment(office, role) for office, role in product(offices, Role)]
    every_group = [*STANDING, *(group.group_id for group in groups), *(office.group_id for office in offices)]
    actors = {one.pk: actor_of(one.user) for one in held}
    for group in every_group:
        reached = set(Appointment.objects.filter(appointments_in([group])).values_list("pk", flat=True))
        assert reached == {pk for pk, actor in actors.items() if group in actor.groups}, group
    pair = [groups[0].group_id, DONORS]
    reached = set(Appointment.objects.filter(appointments_in(pair)).values_list("pk", flat=True))
    assert reached == {pk for pk, actor in actors.items() if actor.groups & set(pair)}


@pytest.mark.parametrize(
    ("kind", "fields", "role", "standing"),
    [
        (Kind.MEMBER_STATE, {}, Role.FOCAL_POINT, {MEMBERS, STATES}),
        (Kind.OBSERVER_STATE, {}, Role.OBSERVER, {MEMBERS, STATES}),
        (Kind.COMPACT_ENTITY, {}, Role.ALTERNATE, {MEMBERS, COMPACT}),
        (Kind.SECURITY_COUNCIL_BODY, {"in_compact": True}, Role.ASSESSOR, {MEMBERS, COMPACT}),
        (Kind.SECURITY_COUNCIL_BODY, {}, Role.FOCAL_POINT, {MEMBERS}),
        (Kind.PARTNER, {}, Role.PARTNER_CONTACT, {MEMBERS}),
        (Kind.PARTNER, {"is_donor": True}, Role.DONOR_CONTACT, {MEMBERS, DONORS}),
        (Kind.MEMBER_STATE, {"is_donor": True}, Role.DONOR_CONTACT, {MEMBERS, STATES, DONORS}),
        (Kind.MEMBER_STATE, {"is_donor": True}, Role.FOCAL_POINT, {MEMBERS, STATES}),
        (Kind.PARTNER, {}, Role.DONOR_CONTACT, {MEMBERS}),
    ],
)
def test_standing_groups_follow_from_office_and_role(kind: str, fields: dict, role: str, standing: set[int]) -> None:
    held = appointment(organisation(kind=kind, **fields), role)
    assert actor_of(held.user).groups == standing | {held.organisation.group_id}


@pytest.mark.parametrize(
    ("since", "fields", "active", "phase"),
    [
        (TODAY - DAY, {}, True, Phase.RUNNING),
        (TODAY, {}, True, Phase.RUNNING),
        (TODAY + DAY, {}, True, Phase.COMING),
        (TODAY - 9 * DAY, {"until": TODAY - DAY}, True, Phase.OVER),
        (TODAY - 9 * DAY, {"until": TODAY}, True, Phase.RUNNING),
        (TODAY - 9 * DAY, {"until": TODAY + DAY}, True, Phase.RUNNING),
        (TODAY, {"until": TODAY}, True, Phase.RUNNING),
        (TODAY - DAY, {"ended_at": timezone.now()}, True, Phase.ENDED),
        (TODAY - DAY, {"approved_at": None}, True, Phase.AWAITING),
        (TODAY - 9 * DAY, {"approved_at": None, "until": TODAY - DAY}, True, Phase.OVER),
        (TODAY - DAY, {"approved_at": None, "ended_at": timezone.now()}, True, Phase.ENDED),
        (TODAY - 9 * DAY, {"confirm_by": TODAY}, True, Phase.RUNNING),
        (TODAY - 9 * DAY, {"confirm_by": TODAY - DAY}, True, Phase.LAPSED),
        (TODAY - 9 * DAY, {"confirm_by": TODAY - DAY}, False, Phase.LAPSED),
        (TODAY - 9 * DAY, {"confirm_by": TODAY - DAY, "until": TODAY - DAY}, True, Phase.OVER),
        (TODAY - 9 * DAY, {"confirm_by": TODAY - DAY, "approved_at": None}, True, Phase.AWAITING),
        (TODAY - 9 * DAY, {"confirm_by": TODAY - DAY, "ended_at": timezone.now()}, True, Phase.ENDED),
        (TODAY - DAY, {}, False, Phase.CLOSED),
        (TODAY + DAY, {}, False, Phase.COMING),
    ],
)
def test_a_right_exists_only_while_the_appointment_runs(since: date, fields: dict, active: bool, phase: Phase) -> None:
    held = appointment(organisation(), of=person(is_active=active), since=since, **fields)
    actor = actor_of(held.user)
    assert (held.phase, bool(actor.appointments)) == (phase, phase == Phase.RUNNING)
    assert bool(actor.groups) == (phase == Phase.RUNNING)
    assert Appointment.objects.current().exists() == (phase == Phase.RUNNING)
    assert [one for one in Phase if Appointment.objects.in_phase(one).exists()] == [phase]


def test_a_person_with_two_offices_holds_the_groups_of_both_and_each_once() -> None:
    state, entity = organisation(kind=Kind.MEMBER_STATE), organisation()
    group = working_group("both", state, entity)
    of = person()
    appointment(state, Role.ALTERNATE, of)
    appointment(entity, Role.OBSERVER, of)
    appointment(entity, Role.FOCAL_POINT, of)
    actor = actor_of(of)
    assert actor.groups == {MEMBERS, STATES, COMPACT, state.group_id, entity.group_id, group.group_id}
    assert {one.pk for one in actor.organisations} == {state.pk, entity.pk} and len(actor.organisations) == 2
    assert actor.acts_for(entity.pk) and actor.acting_for[entity.pk].role == Role.FOCAL_POINT


def test_an_observer_reads_and_acts_for_nobody() -> None:
    held = appointment(organisation("unoct"), Role.OBSERVER)
    actor = actor_of(held.user)
    assert actor.groups and not actor.acting_for and not actor.is_unoct


@pytest.mark.parametrize(
    ("kind", "in_compact", "offers", "is_state"),
    [
        (Kind.MEMBER_STATE, False, True, True),
        (Kind.OBSERVER_STATE, False, True, True),
        (Kind.COMPACT_ENTITY, True, True, False),
        (Kind.COMPACT_ENTITY, False, True, False),
        (Kind.SECURITY_COUNCIL_BODY, True, False, False),
        (Kind.SECURITY_COUNCIL_BODY, False, False, False),
        (Kind.PARTNER, False, True, False),
    ],
)
def test_in_whose_name_assistance_is_offered_and_states_speak(
    kind: str, in_compact: bool, offers: bool, is_state: bool
) -> None:
    office = organisation(kind=kind, in_compact=in_compact)
    acting = actor_of(appointment(office).user)
    assert acting.providers() == [office] * offers and acting.states() == [office] * is_state
    reading = actor_of(appointment(office, Role.OBSERVER).user)
    assert reading.providers() == reading.states() == []


def test_what_a_token_does_not_carry_gives_no_right_and_is_not_forgotten() -> None:
    carried, other, read, never = (organisation() for _ in range(4))
    of = person()
    held = appointment(carried, of=of)
    appointment(other, of=of)
    appointment(read, Role.OBSERVER, of)
    actor = actor_of(of, within=[held.pk])
    assert actor.organisations == (carried,) and actor.groups == {MEMBERS, COMPACT, carried.group_id}
    stands = {office: actor.stands_for(office.pk) for office in (carried, other, read, never)}
    assert stands == {carried: True, other: True, read: False, never: False}
    assert not actor.acts_for(other.pk) and not actor_of(of).elsewhere


def test_the_log_names_a_post_in_english_whoever_acts() -> None:
    held = appointment(organisation("unodc", name_ar="المكتب"), Role.ALTERNATE)
    with translation.override("ar"):
        assert str(held.get_role_display()) != "Alternate focal point"
        assert post_in_words(held) == "UNODC, Alternate focal point"


def test_nobody_is_nobody(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        assert not actor_of(AnonymousUser()).groups
    administrator = person(is_superuser=True, is_staff=True)
    assert not actor_of(administrator).appointments and not actor_of(administrator).groups


def test_who_i_am_takes_one_statement(django_assert_num_queries: object) -> None:
    offices = [organisation() for _ in range(3)]
    working_group("wide", *offices)
    of = person()
    for office in offices:
        appointment(office, of=of)
    actor_of(of)  # reads the organisations, which are kept until one of them changes
    with django_assert_num_queries(1):
        actor = actor_of(of)
        assert len(actor.organisations) == 3 and actor.offices
