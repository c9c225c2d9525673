"""Who can see a row: exactly the organisations that policy lets see it are listed, each with its access reasons."""

from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Prefetch
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from assistance.access import audiences, policy, rules
from assistance.access.models import Audience, Restricted
from assistance.access.rules import ReasonKind
from assistance.access.viewers import Viewers, viewers_of
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.needs import match_transitions as matches
from assistance.needs.models import Need
from assistance.projects import rules as projects
from assistance.projects.models import Party
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import Cast, appoint
from assistance.tests.reports import reported_visit, second, soon
from assistance.workflow import announcements
from entities.actors import actor_of
from entities.models import Appointment, Kind, Organisation, Role, WorkingGroup
from portal.tests.sampling import sample


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Return the cast, with a donor State that has a focal point and a donor contact, and a working group."""
    donor = Organisation.objects.establish(
        slug="donoria", name="Donoria", kind=Kind.MEMBER_STATE, iso3="XDO", is_donor=True
    )
    for role in (Role.DONOR_CONTACT, Role.FOCAL_POINT):
        appoint(User.objects.create(email=f"{role}@donoria.example", name=role), donor, role)
    WorkingGroup.objects.establish(slug="borders", name="Border management").members.add(cast.org("searcct"))
    return cast


def seeing(row: Restricted) -> dict[str, int]:
    """Return organisation → number of its people who see the row, by asking policy for each person."""
    found: dict[str, int] = {}
    for appointment in Appointment.objects.select_related("user", "organisation"):
        actor = actor_of(appointment.user)
        runs = appointment.organisation in actor.organisations
        if runs and policy.visible(actor, type(row)).filter(pk=row.pk).exists():
            found[appointment.organisation.slug] = found.get(appointment.organisation.slug, 0) + 1
    return found


def listed(who: Viewers) -> dict[str, int]:
    return {line.organisation.slug: line.people for line in who.organisations}


def check(cast: Cast, row: Restricted) -> None:
    """Assert that the list names exactly those who see the row, each with reasons that apply to them."""
    row = type(row)._default_manager.get(pk=row.pk)
    who = viewers_of(cast.cted, row)
    assert listed(who) == seeing(row), row
    facts = list(rules.access_reasons(row))
    for line in who.organisations:
        assert line.reasons and "unknown" not in {reason.kind for reason in line.reasons}
        holders = Appointment.objects.current().filter(organisation=line.organisation)
        groups = frozenset[int]().union(*(actor_of(holder.user).groups for holder in holders))
        for reason in line.reasons:
            assert any(fact.kind == reason.kind and fact.group in groups for fact in facts), (row, reason)
            assert reason.kind != ReasonKind.CONSENT or (
                reason.until == row.released_until and not policy.has_ended(row)
            )


WORDS = ("compact", "states", "donors", "unodc", "iom", "searcct", "sumora", "donoria", "borders", "carana", "unoct")


@pytest.mark.turns(days=3)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.slow
def test_for_any_release_the_line_is_what_policy_applies(crowd: Cast, data: Any) -> None:
    with transaction.atomic():
        need = crowd.need("agreed")
        for _turn in range(data.draw(st.integers(1, 3))):
            audience = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
            until = data.draw(st.sampled_from([None, timezone.now().date(), soon()]))
            consents.release(actor=crowd.carana, rows=[need], audience=audience, until=until)
            if data.draw(st.booleans()):
                consents.withdraw(actor=crowd.carana, rows=[need])
        if data.draw(st.booleans()):
            Need.objects.filter(pk=need.pk, released_until__isnull=False).update(ends_at=timezone.now())
        check(crowd, need)
        transaction.set_rollback(True)


@pytest.mark.turns(9)
@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_every_kind_of_row_lists_those_who_see_it(crowd: Cast, cases: Cases) -> None:
    for case in sample(cases.rows, 2):  # test_policy asks about all of them
        check(crowd, case.make(crowd))


def test_what_a_working_group_is_released_lists_its_members(crowd: Cast) -> None:
    visit = reported_visit(crowd)
    given = consents.release(actor=crowd.carana, rows=[second(visit)], audience=["compact", "borders"])
    match = crowd.match("proposed")
    for row in (visit, *visit.sections.all(), given, match, match.need):
        check(crowd, row)
    matches.accept(actor=crowd.carana, match=match.pk)
    check(crowd, match)


def test_the_reasons_are_told_in_words(crowd: Cast) -> None:
    visit = reported_visit(crowd)
    consents.release(
        actor=crowd.carana, rows=[second(visit)], until=soon(),
        audience=["compact", "sumora", "borders", "donors"],
    )  # fmt: skip
    told = {
        line.name: [reason.text for reason in line.reasons]
        for line in viewers_of(crowd.cted, second(visit)).organisations
    }
    assert told == {
        "Cted": ["CTED, which records and follows up", "Released to the entities of the Compact"],
        "Carana": ["The State concerned"],
        "Donoria": ["Released to donor contacts"],
        "Sumora": ["Named in the release"],
        "Searcct": ["Released to the working group Border management"],
        "Unoct": ["Released to the entities of the Compact"],
        "Unodc": ["Released to the entities of the Compact"],
        "Iom": ["Released to the entities of the Compact"],
    }  # fmt: skip
    project = crowd.project(is_restricted=True, partners=[(crowd.org("iom"), "implementing")])
    told = {
        line.name: [reason.text for reason in line.reasons] for line in viewers_of(crowd.iom, project).organisations
    }
    assert told == {"Unodc": ["Leads the project"], "Iom": ["Partner: Implementing"]}


@pytest.mark.parametrize(("name", "knows"), [("carana", True), ("observer", True), ("cted", True), ("unodc", False)])
def test_the_number_of_a_consent_is_told_to_those_who_see_the_consent(
    crowd: Cast, sign_in: Any, name: str, knows: bool
) -> None:
    need = crowd.need("shared", until=soon())
    consent = need.consents.get()
    named = [
        reason.consent.reference
        for line in viewers_of(getattr(crowd, name), need).organisations
        for reason in line.reasons
        if reason.consent
    ]
    assert set(named) == ({consent.reference} if knows else set())
    body = sign_in(name).get(reverse("need", args=[need.pk])).content.decode()
    assert (consent.reference in body, str(consent.pk) in body) == (knows, knows)
    assert "Released to the entities of the Compact" in body


def test_an_end_that_has_passed_leaves_the_owners_alone(crowd: Cast) -> None:
    need = crowd.need("shared", until=timezone.now().date())
    Need.objects.filter(pk=need.pk).update(ends_at=timezone.now())
    need.refresh_from_db()
    who = viewers_of(crowd.cted, need)
    assert set(listed(who)) == {"carana", "cted"} and who.until is None


def test_an_audience_somebody_tampered_with_is_listed_as_it_works_and_called_unexplained(crowd: Cast) -> None:
    need = crowd.need("agreed")
    wide = audiences.audience_of({*need.audience.groups, crowd.org("sumora").group_id})
    Need.objects.filter(pk=need.pk).update(audience=wide)
    need.refresh_from_db()
    line = next(line for line in viewers_of(crowd.cted, need).organisations if line.name == "Sumora")
    assert [reason.kind for reason in line.reasons] == ["unknown"]
    assert Audience.objects.filter(pk=wide.pk).exists()


def test_the_line_costs_the_same_for_two_organisations_and_for_nine(crowd: Cast) -> None:
    narrow, wide = crowd.need("shared", audience=["unodc"]), crowd.need("shared", audience=list(WORDS))

    def cost(need: Need) -> int:
        row = Need.objects.get(pk=need.pk)
        actor = crowd.carana
        with CaptureQueriesContext(connection) as captured:
            assert viewers_of(actor, row).organisations
        return len(captured)

    assert cost(narrow) == cost(wide) <= 11


def test_a_section_released_to_a_partner_says_nothing_of_the_visit(crowd: Cast, sign_in: Any) -> None:
    visit = reported_visit(crowd)
    first, section = visit.sections.order_by("number")
    consents.release(actor=crowd.carana, rows=[first, section], audience=["searcct"])
    client = sign_in("partner")
    body = client.get(reverse("section", args=[section.pk])).content.decode()
    assert visit.reference not in body and str(visit.pk) not in body and section.reference in body
    assert reverse("section", args=[first.pk]) in body, "the other released section is found from here"
    announcements.announce_waiting()
    bell = client.get("/inbox/").content.decode()
    assert visit.reference not in bell and "2 sections of visit reports" in bell


# ── Access reasons ──
def test_the_last_word_of_a_state_is_the_same_one_by_one_and_read_ahead(cast: Cast) -> None:
    one_by_one, at_once, withdrawn = cast.need("shared"), cast.need("agreed"), cast.need("shared")
    for audience in (["iom"], ["unodc"], ["iom"], ["unodc"], ["iom"]):
        consents.release(actor=cast.carana, rows=[one_by_one], audience=audience)
    with time_machine.travel(timezone.now(), tick=False):  # at equal times, the highest key wins
        for audience in (["iom"], ["unodc"], ["iom"], ["unodc"], ["iom"], ["unodc"]):
            consents.release(actor=cast.carana, rows=[at_once], audience=audience)
    consents.withdraw(actor=cast.carana, rows=[withdrawn])
    rows = Need.objects.filter(pk__in=[one_by_one.pk, at_once.pk, withdrawn.pk])
    alone = {row.pk: rules.consent_in_force(row) for row in rows}
    assert {pk for pk, consent in alone.items() if consent is None} == {withdrawn.pk}
    ahead = list(rows.prefetch_related(Prefetch("consents", Consent.objects.order_by("id"))))
    with CaptureQueriesContext(connection) as asked:
        assert {row.pk: rules.last_release(row.consents.all()) for row in ahead} == alone
    assert len(asked) == 0


def test_a_kind_of_row_that_nobody_gave_a_rule_is_refused(cast: Cast) -> None:
    with pytest.raises(LookupError, match="Nobody has registered Restricted"):
        list(rules.access_reasons(Restricted.__new__(Restricted)))


def test_a_partner_that_is_only_a_name_lets_nobody_see(cast: Cast) -> None:
    project = cast.project(is_restricted=True, partners=[(cast.org("iom"), "implementing")])
    Party.objects.create(project=project, name="A foundation", role="funding")
    facts = {(reason.group, reason.kind) for reason in rules.access_reasons(project)}
    assert facts == {(cast.org("unodc").group_id, projects.LEAD), (cast.org("iom").group_id, projects.PARTNER)}


# ── Parts of a page with other readers ──
def parts(who: Viewers) -> list[tuple[str, int, int]]:
    return [(str(part.label), part.people, part.organisations) for part in who.parts]


def test_dates_of_a_visit_and_its_report_have_a_line_each(cast: Cast) -> None:
    visit = reported_visit(cast)
    dates = (
        "Dates and type of the visit",
        policy.people(visit).count(),
        len(viewers_of(cast.cted, visit).organisations),
    )
    report = policy.people(second(visit)).count()
    assert report < dates[1], "few read what many know of"
    assert parts(viewers_of(cast.carana, visit)) == [dates, ("Report text", report, 2)]
    consents.release(actor=cast.carana, rows=[second(visit)], audience=["unodc"])
    assert parts(viewers_of(cast.carana, visit)) == [dates, ("Section 1", report, 2), ("Section 2", report + 1, 3)]
    (own,) = [line for line in parts(viewers_of(cast.unodc, visit)) if line != dates]
    assert own[0] == "Report text", "whoever reads one section is not told of the others"
    assert viewers_of(cast.unoct, visit).parts == (), "nothing beside the dates is shown there"


def test_the_lines_cost_the_same_for_one_section_and_for_many(cast: Cast) -> None:
    visit = reported_visit(cast)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            viewers_of(cast.carana, visit)
        return len(asked)

    one = cost()
    for number in range(3, 9):
        cast.section(visit, number)
    assert cost() == one
