"""Release plans, published by one or two persons: only texts that were read are released, by those who asked."""

import threading
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import pgettext

from accounts.models import Delivery, User
from assistance import registry
from assistance.access import audiences, policy
from assistance.consents import plans, two_person
from assistance.consents import transitions as consents
from assistance.consents.models import Consent, ReleasePlan, TwoPersonRule
from assistance.consents.states import PROPOSAL_STANDS, ReleasePlanStatus
from assistance.consents.summaries import versions
from assistance.needs.models import Need
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast, appoint
from assistance.tests.reports import choice, reported_visit, second, soon
from assistance.visits.models import Section, Visit
from assistance.workflow import deadlines, editing
from entities.actors import Actor, actor_of
from entities.models import Role
from files.tests import samples
from web.exceptions import Conflict, DomainError, Forbidden, Invalid, NotVisible, StaleSave


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return reported_visit(cast)


@pytest.fixture
def colleague(cast: Cast) -> Actor:
    """Return a second person of carana."""
    user = User.objects.create(email="deputy@carana.example", name="deputy")
    appoint(user, cast.org("carana"), Role.ALTERNATE)
    cast.users["deputy"] = user
    return actor_of(user)


@pytest.fixture
def two(cast: Cast, colleague: Actor) -> Actor:
    """Switch on the two-person rule of carana; return the second person."""
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    return colleague


def planned(cast: Cast, visit: Visit) -> ReleasePlan:
    """Return a plan: section 2 for the Compact until a date, the need for a partner without an end."""
    plan = plans.plan(actor=cast.carana, visit=visit.pk, rows=[second(visit)], until=soon())
    need = visit.needs.get()
    return plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[need], audience=["searcct"])


def sees(cast: Cast, name: str, row: Section | Need) -> bool:
    return policy.visible(getattr(cast, name), type(row)).filter(pk=row.pk).exists()


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh-hans"])
def test_a_plan_given_up_is_named_in_its_history_as_in_its_status(language: str) -> None:
    with translation.override(language):
        label = registry.event_label("release_discarded")
        stopped = pgettext("mail status", "Not sent (stopped)")
        assert stopped not in (label, str(ReleasePlanStatus.GIVEN_UP.label)), "of a mail that could not be sent"
        assert label != "Release plan discarded"


# ── A plan ───────────────────────────────────────────────────────────────────
def test_a_plan_releases_nothing_and_publishing_releases_each_row_to_its_own_readers(cast: Cast, visit: Visit) -> None:
    plan, need = planned(cast, visit), visit.needs.get()
    assert not Consent.objects.exists() and not sees(cast, "unodc", second(visit))
    done = plans.publish(actor=cast.carana, release_plan=plan.pk, remark="As agreed.")
    assert done.status == ReleasePlanStatus.PUBLISHED and done.consents.count() == 2
    assert sees(cast, "unodc", second(visit)) and not sees(cast, "unodc", need)
    assert sees(cast, "partner", need) and not sees(cast, "partner", second(visit))
    assert {consent.reason for consent in done.consents.all()} == {"As agreed."}
    assert {consent.until for consent in done.consents.all()} == {soon(), None}
    assert list(audiences.drift(mend=False)) == []
    with pytest.raises(Conflict):
        plans.publish(actor=cast.carana, release_plan=plan.pk)


def test_a_text_changed_since_it_was_put_in_the_plan_releases_nothing_at_all(cast: Cast, visit: Visit) -> None:
    plan = planned(cast, visit)
    editing.edit(actor=cast.cted, model=Section, pk=second(visit).pk, values={"text": "Rewritten."})
    with pytest.raises(StaleSave):
        plans.publish(actor=cast.carana, release_plan=plan.pk)
    assert not Consent.objects.exists() and ReleasePlan.objects.get().status == ReleasePlanStatus.DRAFT
    plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[second(visit)])
    assert plans.publish(actor=cast.carana, release_plan=plan.pk).status == ReleasePlanStatus.PUBLISHED


def test_a_plan_speaks_for_one_visit_and_takes_only_what_can_be_released(cast: Cast, visit: Visit) -> None:
    plan, other = planned(cast, visit), reported_visit(cast)
    with pytest.raises(Forbidden):
        plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[second(other)])
    with pytest.raises(Conflict):
        plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[cast.need("put", visit=visit, source="visit")])
    for wrong in ({"audience": ["absent"]}, {"until": soon(-1)}):
        with pytest.raises(Invalid):
            plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[second(visit)], **wrong)  # type: ignore[arg-type]
    for line in plan.lines.all():
        plans.take_out(actor=cast.carana, release_plan=plan.pk, line=line.pk)
    with pytest.raises(Conflict):
        plans.publish(actor=cast.carana, release_plan=plan.pk)


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", [n for n in (*MEMBERS, *OUTSIDERS) if n != "carana"])
def test_a_plan_is_the_states_own_affair(cast: Cast, visit: Visit, name: str) -> None:
    plan, actor = planned(cast, visit), getattr(cast, name)
    own = name == "observer"
    assert policy.visible(actor, ReleasePlan).exists() == own
    verbs: list[Any] = [plans.publish, plans.confirm, plans.give_up]
    for verb in verbs:
        with pytest.raises(Forbidden if own else NotVisible):
            verb(actor=actor, release_plan=plan.pk)
    plans.publish(actor=cast.carana, release_plan=plan.pk)
    assert policy.visible(actor, ReleasePlan).exists() == own


# ── Two persons ──────────────────────────────────────────────────────────────
def test_what_is_proposed_gives_no_right_until_a_colleague_confirms(cast: Cast, visit: Visit, two: Actor) -> None:
    plan = planned(cast, visit)
    proposal = plans.publish(actor=cast.carana, release_plan=plan.pk, remark="Please.")
    assert proposal.status == ReleasePlanStatus.PROPOSED and not Consent.objects.exists()
    assert list(
        Delivery.objects.filter(message="release_proposed").values_list("recipient__name", flat=True).distinct()
    ) == ["deputy"]
    with pytest.raises(Forbidden):
        plans.confirm(actor=cast.carana, release_plan=plan.pk)
    done = plans.confirm(actor=two, release_plan=plan.pk)
    assert done.status == ReleasePlanStatus.PUBLISHED and (done.proposed_by, done.published_by) == (
        cast.users["carana"],
        two.user,
    )
    assert sees(cast, "unodc", second(visit)) and sees(cast, "partner", visit.needs.get())
    assert not Delivery.objects.filter(
        message="release_proposed", needs_action=True, done_at=None, channel="portal"
    ).exists()
    assert list(audiences.drift(mend=False)) == []


def test_nobody_is_their_own_second_person_under_another_appointment(cast: Cast, visit: Visit, two: Actor) -> None:
    plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    appoint(cast.users["carana"], cast.org("carana"), Role.ALTERNATE)
    with pytest.raises(Forbidden):
        plans.confirm(actor=cast.carana, release_plan=ReleasePlan.objects.get().pk)


def test_no_transition_releases_without_the_second_person(cast: Cast, visit: Visit, two: Actor) -> None:
    with pytest.raises(consents.SecondNeeded):
        consents.release(actor=cast.carana, rows=[second(visit)])
    made = plans.submit(actor=cast.carana, rows=[second(visit)], reason="Quick.")
    assert isinstance(made, ReleasePlan) and made.status == ReleasePlanStatus.PROPOSED and made.remark == "Quick."
    assert not Consent.objects.exists()


@pytest.mark.turns(9)
@pytest.mark.parametrize(
    ("first", "then", "alone"),
    [
        ({}, {"audience": ["unodc"]}, True),
        ({}, {"until": "soon"}, True),
        ({"until": "soon"}, {"until": "later"}, False),
        ({"until": "soon"}, {"until": None}, False),
        ({"audience": ["unodc"]}, {"audience": ["unodc", "iom"]}, False),
        ({"audience": ["unodc"]}, {"audience": "compact"}, False),
        ({}, {"audience": ["compact", "donors"]}, False),
        ({"audience": ["compact", "states"]}, {"audience": ["sumora"]}, True),
        ({"audience": ["unodc"]}, {"audience": ["searcct"]}, False),
    ],
)
def test_to_narrow_takes_one_person_and_to_widen_two(
    cast: Cast, visit: Visit, colleague: Actor, first: dict[str, Any], then: dict[str, Any], alone: bool
) -> None:
    days = {"soon": soon(), "later": soon(60)}
    first, then = (
        {k: days.get(v, v) if isinstance(v, str) else v for k, v in values.items()} for values in (first, then)
    )
    consents.release(actor=cast.carana, rows=[second(visit)], **first)
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    made = plans.submit(actor=cast.carana, rows=[second(visit)], **then)
    assert isinstance(made, Consent) is alone
    consents.withdraw(actor=cast.carana, rows=[second(visit)])
    assert not sees(cast, "unodc", second(visit)), "withdrawing is always immediate"


def test_a_proposal_is_returned_with_a_reason_and_proposed_again(cast: Cast, visit: Visit, two: Actor) -> None:
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    with pytest.raises(Invalid):
        plans.send_back(actor=two, release_plan=plan.pk, reason=" ")
    plans.send_back(actor=two, release_plan=plan.pk, reason="Leave out the partner.")
    assert Delivery.objects.filter(message="release_returned", recipient=cast.users["carana"]).exists()
    with pytest.raises(Conflict):
        plans.confirm(actor=two, release_plan=plan.pk)
    again = plans.publish(actor=two, release_plan=plan.pk)
    assert again.proposed_by == two.user, "now the other one is the second person"
    with pytest.raises(Forbidden):
        plans.confirm(actor=two, release_plan=plan.pk)
    assert plans.confirm(actor=cast.carana, release_plan=plan.pk).status == ReleasePlanStatus.PUBLISHED


def test_a_text_changed_under_a_proposal_is_not_released_by_its_confirmation(
    cast: Cast, visit: Visit, two: Actor
) -> None:
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    editing.edit(actor=cast.cted, model=Section, pk=second(visit).pk, values={"text": "Rewritten."})
    with pytest.raises(StaleSave):
        plans.confirm(actor=two, release_plan=plan.pk)
    assert not Consent.objects.exists() and ReleasePlan.objects.get().status == ReleasePlanStatus.PROPOSED


def test_a_proposal_stands_fourteen_days_to_the_second(cast: Cast, visit: Visit, two: Actor) -> None:
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    assert plan.proposed_at is not None
    end = plan.proposed_at + PROPOSAL_STANDS
    with time_machine.travel(end, tick=False):
        with pytest.raises(Conflict):
            plans.confirm(actor=two, release_plan=plan.pk)
        assert deadlines.run() == 1 and deadlines.run() == 0
        assert ReleasePlan.objects.get().status == ReleasePlanStatus.DRAFT
        assert Delivery.objects.filter(message="release_lapsed").exists()
        anew = ReleasePlan.objects.get()
        assert (anew.proposed_by, anew.proposed_as, anew.proposed_at) == (None, None, None)


@pytest.mark.parametrize("how", ["lapsed", "returned"])
def test_a_plan_that_nobody_confirmed_takes_two_persons_again(cast: Cast, visit: Visit, two: Actor, how: str) -> None:
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    if how == "lapsed":
        ReleasePlan.objects.update(proposed_at=timezone.now() - PROPOSAL_STANDS)
        deadlines.run()
    else:
        plans.send_back(actor=two, release_plan=plan.pk, reason="Not section 2.")
    plans.plan(actor=two, release_plan=plan.pk, visit=visit.pk, rows=[second(visit)], audience=["states"])
    assert plans.publish(actor=two, release_plan=plan.pk).status == ReleasePlanStatus.PROPOSED
    assert not Consent.objects.exists()
    assert plans.confirm(actor=cast.carana, release_plan=plan.pk).status == ReleasePlanStatus.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_exactly_one_wins(cast: Cast, visit: Visit, two: Actor) -> None:
    third = User.objects.create(email="third@carana.example", name="third")
    appoint(third, cast.org("carana"), Role.ALTERNATE)
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def confirm(actor: Actor) -> None:
        try:
            start.wait()
            plans.confirm(actor=actor, release_plan=plan.pk)
            outcomes.append("won")
        except DomainError as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=[actor]) for actor in (two, actor_of(third))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Conflict", "won"] and Consent.objects.count() == 2


# ── The rule itself ──────────────────────────────────────────────────────────
def test_the_rule_is_switched_on_by_a_focal_point_and_off_by_two_people(cast: Cast, colleague: Actor) -> None:
    state = cast.org("carana")
    with pytest.raises(Forbidden):
        two_person.switch_on(actor=colleague, state=state)
    for name in ("sumora", "cted", "unoct", "partner", "nobody"):
        with pytest.raises(NotVisible):
            two_person.switch_on(actor=getattr(cast, name), state=state)
    with pytest.raises(Forbidden):
        two_person.switch_on(actor=cast.observer, state=state)
    two_person.switch_on(actor=cast.carana, state=state)
    with pytest.raises(Conflict):
        two_person.agree_off(actor=colleague, state=state)
    two_person.ask_off(actor=cast.carana, state=state)
    with pytest.raises(Forbidden):
        two_person.agree_off(actor=cast.carana, state=state)
    assert consents.asks_for_two(state.pk), "asking ends nothing"
    assert Delivery.objects.filter(message="two_person_off_asked", recipient=colleague.user, needs_action=True).exists()
    two_person.keep_on(actor=colleague, state=state)
    with pytest.raises(Conflict):
        two_person.agree_off(actor=colleague, state=state)
    two_person.ask_off(actor=cast.carana, state=state)
    two_person.agree_off(actor=colleague, state=state)
    assert not consents.asks_for_two(state.pk) and TwoPersonRule.objects.get().off_asked_by is None


# ── Pages ────────────────────────────────────────────────────────────────────
def test_the_builder_is_walked_from_plan_to_confirmation(cast: Cast, sign_in: Any, visit: Visit, two: Actor) -> None:
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    assert client.post(address, choice(second(visit), step="save"))["Location"] == address
    page = client.get(address)
    assert page.context["draft"].lines.count() == 1 and '|compact" checked' in page.content.decode()
    data = choice(second(visit))
    data["cells"].append(f"need:{visit.needs.get().pk}|searcct")
    answer = client.post(address, {**data, "organisations": ["searcct"]})
    plan = ReleasePlan.objects.get()
    act = reverse("release-plan-transition", args=[plan.pk, "publish"])
    assert answer["Location"] == act
    shown = client.get(act)
    assert "Text-of-two" in shown.content.decode() and shown.context["difference"].gaining == (4, 4)
    answer = client.post(act, {"remark": "Please.", "version": ReleasePlan.objects.get().version})
    assert answer.status_code == 302 and ReleasePlan.objects.get().status == ReleasePlanStatus.PROPOSED
    confirm = reverse("release-plan-transition", args=[plan.pk, "confirm"])
    assert client.get(confirm).status_code == 403
    other = sign_in("deputy")
    shown = other.get(reverse("release-plan", args=[plan.pk]))
    assert "Text-of-two" in shown.content.decode() and confirm in shown.content.decode()
    assert other.post(confirm, {"version": shown.context["object"].version}).status_code == 302
    body = client.get(reverse("consent", args=[Consent.objects.first().pk])).content.decode()  # type: ignore[union-attr]
    assert "All versions of this release" in body and "proposed by carana" in body


def test_what_is_no_longer_ticked_leaves_the_plan(cast: Cast, sign_in: Any, visit: Visit) -> None:
    plan = planned(cast, visit)
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    page = client.get(address)
    ticked = {cell.value for line in page.context["grid"].rows for cell in line.cells if cell.is_ticked}
    assert len(ticked) >= 2, "the plan is shown as it was saved"
    assert client.post(address, choice(second(visit), step="save")).status_code == 302
    assert [line.row for line in plan.lines.all()] == [second(visit)]


def test_a_note_verbale_stays_with_a_plan_that_was_returned(cast: Cast, sign_in: Any, visit: Visit, two: Actor) -> None:
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk, note_verbale=samples.note())
    plans.send_back(actor=two, release_plan=plan.pk, reason="Say more.")
    act, client = reverse("release-plan-transition", args=[plan.pk, "publish"]), sign_in("carana")
    assert plan.note_verbale.name in client.get(act).content.decode()
    answer = client.post(act, {"remark": "More.", "version": ReleasePlan.objects.get().version})
    assert answer.status_code == 302
    again = ReleasePlan.objects.get()
    assert (again.note_verbale, again.status) == (plan.note_verbale, ReleasePlanStatus.PROPOSED)


def test_a_need_of_no_visit_has_its_versions_too(cast: Cast, sign_in: Any) -> None:
    need = cast.need("shared", audience=["unodc"])
    consents.withdraw(actor=cast.carana, rows=[need])
    consents.release(actor=cast.carana, rows=[need], audience=["iom"])
    assert [[after for _row, _before, after in version.rows] for version in versions(cast.carana, None, [need])] == [
        [["Iom"]], [[]], [["Unodc"]]
    ]  # fmt: skip
    body = sign_in("carana").get(reverse("consent", args=[Consent.objects.latest("given_at").pk])).content.decode()
    assert "All versions of this release" in body


def test_the_rule_of_two_persons_says_who_can_see_it(cast: Cast, sign_in: Any, two: Actor) -> None:
    answer = sign_in("carana").get(reverse("two-persons", args=["carana"]))
    assert [reader.name for reader in answer.context["who"].organisations] == ["Carana"]
    assert "Who can see this" in answer.content.decode()


def test_who_proposed_is_told_to_the_people_of_the_state_alone(cast: Cast, visit: Visit, two: Actor) -> None:
    plan = plans.publish(actor=cast.carana, release_plan=planned(cast, visit).pk)
    plans.confirm(actor=two, release_plan=plan.pk)
    for name, told in (("carana", cast.users["carana"]), ("cted", None)):
        (version,) = versions(getattr(cast, name), visit)
        assert (version.first.plan and version.first.plan.proposed_by) == told


def test_a_plan_is_previewed_with_the_eyes_of_its_readers(cast: Cast, sign_in: Any, visit: Visit) -> None:
    plan, client = planned(cast, visit), sign_in("carana")
    need = reverse("need-as", args=[visit.needs.get().pk])
    section = reverse("section-as", args=[second(visit).pk])
    assert "Text-of-need" in client.get(need, {"reader": "searcct", "plan": plan.pk}).content.decode()
    assert client.get(need, {"reader": "unodc", "plan": plan.pk}).context["unseen"]
    assert "Text-of-two" in client.get(section, {"reader": "unodc", "plan": plan.pk}).content.decode()
    assert not Consent.objects.exists()


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", [*MEMBERS, *OUTSIDERS])
def test_each_role_gets_its_answer_on_every_page(cast: Cast, sign_in: Any, visit: Visit, name: str) -> None:
    plan, client = planned(cast, visit), sign_in(name)
    sees_visit = name in ("observer", "cted", "unoct", "unodc", "iom")
    own, outside = name in ("carana", "observer"), name in OUTSIDERS

    def expect(address: str, code: int) -> None:
        assert client.get(address).status_code == (403 if outside else code), address

    expect(reverse("visit-share", args=[visit.pk]), 200 if name == "carana" else 403 if sees_visit else 404)
    expect(reverse("release-plan", args=[plan.pk]), 200 if own else 404)
    expect(reverse("release-plan-note", args=[plan.pk]), 404)
    for step in ("publish", "give-up"):
        expect(
            reverse("release-plan-transition", args=[plan.pk, step]), 200 if name == "carana" else 403 if own else 404
        )
    expect(reverse("release-plan-transition", args=[plan.pk, "absent"]), 404)
    expect(reverse("two-persons", args=["carana"]), 200 if own else 404)
    expect(reverse("two-persons", args=["absent"]), 404)


def test_an_open_tab_on_a_withdrawn_release_is_told_so_and_keeps_its_words(
    cast: Cast, sign_in: Any, visit: Visit
) -> None:
    client, address = sign_in("carana"), reverse("section-withdraw", args=[second(visit).pk])
    consents.release(actor=cast.carana, rows=[second(visit)])
    assert client.get(address).status_code == 200
    consents.withdraw(actor=cast.carana, rows=[second(visit)])
    answer = client.post(address, {"reason": "Kept reason."})
    body = answer.content.decode()
    assert (
        answer.status_code == 409 and "has not been released and cannot be withdrawn" in body and "Kept reason." in body
    )


def test_the_builder_costs_the_same_for_one_line_and_for_three(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client = sign_in("carana")
    plan = plans.plan(actor=cast.carana, visit=visit.pk, rows=[second(visit)])

    def cost() -> list[int]:
        found = []
        for address in (reverse("visit-share", args=[visit.pk]), reverse("release-plan", args=[plan.pk])):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    single = cost()
    plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[visit.sections.get(number=1)], audience=["unodc"])
    plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[visit.needs.get()], audience=["searcct", "iom"])
    assert cost() == single


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_pages_render_in_other_languages(cast: Cast, sign_in: Any, visit: Visit, language: str) -> None:
    plan, client = planned(cast, visit), sign_in("carana")
    client.cookies["django_language"] = language
    for name, of in (("visit-share", visit.pk), ("release-plan", plan.pk), ("two-persons", "carana")):
        answer = client.get(reverse(name, args=[of]))
        assert answer.status_code == 200 and f'lang="{language}"' in answer.content.decode()
