"""Who sees what, for every stage of a need and every actor: the table of the domain rules, section 6, as a test."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from assistance import registry
from assistance.access import audiences, policy
from assistance.access.audiences import groups_of
from assistance.access.models import AudienceGrant, Restricted
from assistance.access.viewers import viewers_of
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.consents.queries import consents_of
from assistance.documents import transitions as documents
from assistance.documents.rules import sees_versions
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.offers import transitions as offers
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cases import VIEWERS, Cases, Row, all_cases, name_of
from assistance.tests.cast import COMPACT, MEMBERS, OUTSIDERS, OWNERS, POSTS, Cast, appoint
from assistance.visits.models import Section, Visit
from assistance.workflow.history import history_of
from assistance.workflow.models import Event
from entities.actors import Actor, actor_of, appointments_in
from entities.groups import MEMBERS as MEMBERS_GROUP
from entities.models import Appointment, Organisation, Role, WorkingGroup
from files.tests import samples
from web.exceptions import NotVisible

ALL = (*MEMBERS, *OUTSIDERS)


def seeing(cast: Cast, row: Need | Section | Visit | Offer | Match | Project) -> set[str]:
    return {name for name in ALL if policy.visible(getattr(cast, name), type(row)).filter(pk=row.pk).exists()}


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("draft", {"cted"}),
        ("put", OWNERS),
        ("agreed", OWNERS),
        ("shared", OWNERS | COMPACT),
    ],
)
def test_a_need_is_seen_by_exactly_those_its_stage_allows(cast: Cast, stage: str, expected: set[str]) -> None:
    assert seeing(cast, cast.need(stage)) == expected


def test_a_release_to_one_entity_reaches_only_that_entity(cast: Cast) -> None:
    assert seeing(cast, cast.need("shared", audience=["unodc"])) == OWNERS | {"unodc"}


def test_a_release_to_a_working_group_reaches_its_members_and_follows_them(cast: Cast) -> None:
    group = WorkingGroup.objects.create(
        slug="bmle", name="Border", group=cast.org("iom").group.__class__.objects.create(name="wg")
    )
    group.members.add(cast.org("iom"))
    need = cast.need("shared", audience=["bmle"])
    assert seeing(cast, need) == OWNERS | {"iom"}
    group.members.set([cast.org("unodc")])
    assert seeing(cast, need) == OWNERS | {"unodc"}


def test_a_narrower_release_replaces_the_wider_one(cast: Cast) -> None:
    need = cast.need("shared")
    consents.release(actor=cast.carana, rows=[need], audience=["iom"])
    assert seeing(cast, need) == OWNERS | {"iom"}


def test_a_release_ends_by_the_clock_and_not_by_a_job(cast: Cast) -> None:
    today = timezone.now().date()
    need = cast.need("shared", until=today)
    assert "unodc" in seeing(cast, need) and policy.organisation_sees(cast.org("unodc"), need)
    Need.objects.filter(pk=need.pk).update(ends_at=timezone.now())
    need.refresh_from_db()
    assert seeing(cast, need) == OWNERS and not policy.organisation_sees(cast.org("unodc"), need)


def test_a_withdrawn_release_is_gone_with_everything_that_hangs_on_it(cast: Cast) -> None:
    match = cast.match("accepted")
    consents.withdraw(actor=cast.carana, rows=[match.need])
    assert seeing(cast, match.need) == OWNERS
    assert seeing(cast, match) == OWNERS


def test_an_open_match_is_hidden_from_other_providers_until_it_is_confirmed(cast: Cast) -> None:
    match = cast.match("proposed")
    assert seeing(cast, match) == OWNERS | {"unodc", "unoct"}
    matches.accept(actor=cast.carana, match=match.pk)
    assert seeing(cast, match) == OWNERS | COMPACT


def test_sections_stay_with_cted_and_the_state_until_named(cast: Cast) -> None:
    visit = cast.visit()
    first, second = cast.section(visit, 1), cast.section(visit, 2)
    consents.release(actor=cast.carana, rows=[second], audience="compact")
    assert seeing(cast, visit) == OWNERS | COMPACT
    assert seeing(cast, first) == OWNERS
    assert seeing(cast, second) == OWNERS | COMPACT


def test_an_offer_is_its_providers_until_published_to_every_member(cast: Cast) -> None:
    offer = cast.offer(published=False)
    assert seeing(cast, offer) == {"unodc"}
    offers.publish(actor=cast.unodc, offer=offer.pk)
    assert seeing(cast, offer) == set(MEMBERS)
    offers.pause(actor=cast.unodc, offer=offer.pk)
    assert seeing(cast, offer) == {"unodc"}


def test_an_offer_for_named_states_reaches_them_and_the_coordinators(cast: Cast) -> None:
    offer = cast.offer(for_states=[cast.org("sumora")], visible_to_named_only=True)
    assert seeing(cast, offer) == {"unodc", "sumora", "cted", "unoct"}


def test_owners_are_those_who_see_a_row_whatever_is_published_or_confirmed(cast: Cast) -> None:
    def owners(row: Restricted) -> set[str]:
        row.refresh_from_db()
        return set(Organisation.objects.filter(group_id__in=groups_of(row.owners)).values_list("slug", flat=True))

    named = cast.offer(for_states=[cast.org("sumora")], visible_to_named_only=True)
    match = cast.match("accepted")
    for offer in (cast.offer(), named):
        assert owners(offer) == {"unodc"} and MEMBERS_GROUP not in groups_of(offer.owners)
    assert owners(match) == {"unodc", "carana", "cted", "unoct"} and MEMBERS_GROUP not in groups_of(match.owners)
    assert owners(match.need) == {"carana", "cted"}


def test_a_restricted_project_is_seen_by_the_organisations_it_names(cast: Cast) -> None:
    assert seeing(cast, cast.project()) == {"carana", "observer"} | COMPACT
    narrow = cast.project(is_restricted=True, partners=[(cast.org("iom"), "implementing")])
    assert seeing(cast, narrow) == {"unodc", "iom"}


@pytest.mark.parametrize("name", OUTSIDERS)
def test_people_without_a_running_appointment_see_nothing(cast: Cast, name: str) -> None:
    cast.match("accepted")
    actor = getattr(cast, name)
    for model in registry.models():
        assert not policy.visible(actor, model).exists()
    assert not actor.user.has_perm("assistance.view_need", Need.objects.get())


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", ALL)
def test_djangos_own_permission_api_gives_the_same_answer(cast: Cast, name: str) -> None:
    need = cast.need("shared", audience=["unodc"])
    user = User.objects.get(pk=cast.users[name].pk)
    assert user.has_perm("assistance.view_need", need) == (name in OWNERS | {"unodc"})
    assert not user.has_perm("assistance.change_need", need)


@pytest.mark.parametrize("end", ["until", "ended", "inactive", "unapproved"])
def test_an_ended_appointment_ends_the_right_at_the_next_question(cast: Cast, end: str) -> None:
    need = cast.need("shared")
    rows = Appointment.objects.filter(user=cast.users["unodc"])
    assert policy.visible(cast.unodc, Need).filter(pk=need.pk).exists()
    yesterday = timezone.now().date() - timedelta(days=1)
    if end == "until":
        rows.update(until=yesterday)
    elif end == "ended":
        rows.update(ended_at=timezone.now(), end_reason="Moved.")
    elif end == "unapproved":
        rows.update(approved_at=None)
    else:
        User.objects.filter(pk=cast.users["unodc"].pk).update(is_active=False)
    assert not policy.visible(cast.unodc, Need).exists()
    assert cast.users["unodc"] not in policy.people(need)


def test_the_mirror_who_sees_names_exactly_those_who_see(cast: Cast) -> None:
    rows = [cast.need("draft"), cast.need("put"), cast.need("shared"), cast.need("shared", audience=["unodc"])]
    rows += [cast.match("proposed"), cast.match("accepted"), cast.offer(), cast.project(), cast.visit()]
    for row in rows:
        assert {user.name for user in policy.people(row)} == seeing(cast, row), row
        who = viewers_of(cast.cted, row)
        assert who.people == len(seeing(cast, row))
        assert sum(line.people for line in who.organisations) == who.people


@pytest.mark.parametrize("name", POSTS)
def test_groups_of_an_actor_and_appointments_of_a_group_mirror_each_other(cast: Cast, name: str) -> None:
    actor: Actor = getattr(cast, name)
    for group in {grant.group_id for grant in AudienceGrant.objects.all()} | set(actor.groups):
        holders = Appointment.objects.current().filter(appointments_in([group])).values_list("user", flat=True)
        assert (group in actor.groups) == (actor.user.pk in holders)


HIDING = [cases for cases in all_cases() if registry.of(cases.model).hides_events]


@pytest.mark.turns(8)
@pytest.mark.parametrize("cases", HIDING, ids=name_of)
def test_a_history_is_of_one_thing_and_names_nothing_hidden(cast: Cast, cases: Cases) -> None:
    """An event that names a hidden row too is missing in the history of a row that both readers see."""
    need = cast.need("shared")
    subject = {"need": need} if cases.model is not Need else {"section": _released_section(cast)}
    case, knowing, other = next(_told_apart(cases))
    beside = {cases.name: case.make(cast)}
    shown = {"document": documents.attach(actor=cast.carana, parent=need, file=samples.note())}
    told = Event.objects.create(name="need_edited", at=timezone.now(), **subject, **beside)
    also = Event.objects.create(name="need_edited", at=timezone.now(), **{**shown, **subject})
    (row,) = subject.values()
    full, theirs = (list(history_of(getattr(cast, name), row)) for name in (knowing, other))
    assert told in full and also in full
    assert also in theirs and told not in theirs
    (name,) = subject
    assert {getattr(event, f"{name}_id") for event in (*full, *theirs)} == {row.pk}


def _released_section(cast: Cast) -> Section:
    section = cast.section(cast.visit())
    consents.release(actor=cast.carana, rows=[section], audience="compact")
    return section


def _told_apart(cases: Cases) -> Iterator[tuple[Row, str, str]]:
    """Yield rows with one who sees them and one who does not, both among those who see what is released to the Compact."""
    both = sorted(OWNERS | COMPACT)
    for case in cases.rows:
        yield from (
            (case, one, other) for one in both for other in both if one in case.readers and other not in case.readers
        )


def test_the_decisions_over_a_need_are_its_own_and_the_owners_to_read(cast: Cast) -> None:
    need, _other = cast.need("shared"), cast.need("shared")
    first = Consent.objects.get(needs=need)
    second = consents.release(actor=cast.carana, rows=[need], audience=["iom"])
    for name in ("carana", "observer", "cted"):
        assert list(consents_of(getattr(cast, name), need)) == [second, first], name
    for name in ("iom", "unoct", "sumora"):
        assert not consents_of(getattr(cast, name), need).exists(), name


def test_a_release_counts_each_person_and_organisation_once(cast: Cast) -> None:
    unodc, iom = cast.org("unodc"), cast.org("iom")
    appoint(cast.users["unodc"], unodc, Role.ALTERNATE)
    appoint(cast.users["unodc"], iom, Role.OBSERVER)
    owners = {cast.org("carana").group_id, cast.org("cted").group_id}
    assert policy.preview(owners, {unodc.group_id}) == (1, 1)
    assert policy.preview(owners, {unodc.group_id, iom.group_id}) == (2, 2)
    assert policy.preview(owners | {iom.group_id}, {iom.group_id}) == (0, 0)


# ── Each kind of row: the cases of its package ──
@pytest.fixture
def everybody(cast: Cast) -> Cast:
    """Return the cast with the donor contact."""
    cast.add_donor()
    return cast


def test_each_kind_of_row_has_its_cases() -> None:
    assert [cases.model for cases in all_cases()] == registry.models(), "assistance/<package>/tests/cases.py"


@pytest.mark.turns(8)
@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_who_sees_a_row_in_each_state(everybody: Cast, cases: Cases) -> None:
    actors = {name: getattr(everybody, name) for name in VIEWERS}
    for case in cases.rows:
        row = case.make(everybody)
        rows = type(row)._default_manager.filter(pk=row.pk)
        seeing = {name for name, actor in actors.items() if rows & policy.visible(actor, cases.model)}
        assert seeing == case.readers, case.state
        assert {user.name for user in policy.people(rows.get())} == seeing, case.state


@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_who_records_a_row_of_each_kind(everybody: Cast, cases: Cases) -> None:
    actors = {name: getattr(everybody, name) for name in VIEWERS}
    assert {name for name, actor in actors.items() if policy.may_create(actor, cases.model)} == set(cases.recorders)
    viewing = [dataclasses.replace(actor, viewer=everybody.unoct) for actor in actors.values()]
    assert not any(policy.may_create(actor, cases.model) for actor in viewing)


@pytest.mark.turns(3)
@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_who_edits_and_who_attaches_to_a_row_of_each_kind(everybody: Cast, cases: Cases) -> None:
    actors = {name: getattr(everybody, name) for name in VIEWERS}
    viewing = dataclasses.replace(everybody.cted, viewer=everybody.unoct)
    row = cases.rows[0].make(everybody)
    assert {name for name, actor in actors.items() if policy.may_edit(actor, row)} == set(cases.editors)
    assert {name for name, actor in actors.items() if policy.attacher(actor, row)} == set(cases.attachers)
    assert not policy.may_edit(viewing, row) and policy.attacher(viewing, row) is None


@pytest.mark.turns(8)
@pytest.mark.parametrize("cases", [cases for cases in all_cases() if cases.runs], ids=name_of)
def test_who_runs_each_transition(cast: Cast, cases: Cases) -> None:
    for step, (who, state) in cases.runs.items():
        row = cases.in_state(state).make(cast)
        transition = registry.of(cases.model).transitions[step]
        assert policy.may(getattr(cast, who), transition, row), step
        others = [name for name in ALL if name not in cases.in_state(state).readers]
        assert not [name for name in others if policy.may(getattr(cast, name), transition, row)], step


def test_those_who_attach_see_the_versions_of_a_document(cast: Cast) -> None:
    document = documents.attach(actor=cast.carana, parent=cast.need("shared"), file=samples.note())
    assert {name for name in ALL if sees_versions(getattr(cast, name), document)} == {"cted", "carana"}


def test_hidden_absent_and_malformed_keys_answer_alike(cast: Cast) -> None:
    hidden = cast.need("draft")
    answers = set()
    for key in (hidden.pk, "0" * 32, "no-such-key", "", "\x00", 12):
        with pytest.raises(NotVisible) as caught:
            policy.get(cast.unodc, Need, key)
        answers.add(str(caught.value))
    assert len(answers) == 1


def test_the_list_of_needs_costs_one_statement(cast: Cast, django_assert_num_queries: object) -> None:
    cast.need("shared")
    actor = cast.unodc
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(policy.visible(actor, Need)) == 1


def test_who_one_is_costs_one_statement(cast: Cast, django_assert_num_queries: object) -> None:
    user = User.objects.get(pk=cast.users["unodc"].pk)
    actor_of(user)  # reads the organisations, which are kept until one of them changes
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert actor_of(user).groups


def test_after_any_work_no_row_is_adrift(cast: Cast) -> None:
    visit = cast.visit()
    cast.section(visit)
    match = cast.match("delivered")
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Seen.")
    consents.withdraw(actor=cast.carana, rows=[match.need])
    assert list(audiences.drift(mend=False)) == []
