"""Every transition for every state and every actor: only the actors and source states of the table are allowed."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Delivery
from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.coverage import coverage
from assistance.needs.models import Match, Need
from assistance.needs.states import MatchStatus, NeedFacts, NeedStatus, need_status
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.visits.models import Visit
from assistance.workflow import deadlines, editing
from assistance.workflow.engine import available_transitions, run_transition
from assistance.workflow.models import Event
from web.exceptions import Conflict, DomainError, Forbidden, Invalid, NotVisible, StaleSave

VALUES: dict[str, dict[str, Any]] = {
    "verify": {"outcome": "met", "note": "Seen."},
    "close": {"reason": "no_longer_needed"},
    "decline": {"reason": "Not now."},
    "retract": {"reason": "No staff."},
    "deliver": {"note": "Done.", "documents": "Attendance list."},
    "decline-consent": {"reason": "Not now."},
    "report-after-year": {"answer": "working"},
    "take-note": {"reason": "Read."},
    "reopen": {"reason": "Found again."},
    "report": {"what": "A course."},
    "could-not-help": {"reason": "No staff."},
    "not-reachable": {"reason": "No answer."},
    "dispute": {"reason": "We answered."},
    "feedback": {"useful": 4, "on_time": True, "would_ask_again": True},
}


def at_each_status(cast: Cast, model: type[Restricted]) -> list[tuple[str, Any]]:
    """Return one row of the model for each status, set directly: the rules must hold for any row."""
    rows = []
    for status in model._meta.get_field("status").choices:  # type: ignore[union-attr]
        row = cast.match("delivered").need if model is Need else {Offer: cast.offer, Match: cast.match}[model]()
        more = {"merged_into": cast.offer()} if status[0] == OfferStatus.MERGED else {}
        model._default_manager.filter(pk=row.pk).update(status=status[0], **more)
        rows.append((status[0], row))
    return rows


@pytest.mark.turns(9)
@pytest.mark.slow
@pytest.mark.parametrize("model", [Need, Offer, Match])
def test_a_step_is_possible_exactly_for_the_tables_actor_from_the_tables_states(cast: Cast, model: Any) -> None:
    actors = {name: getattr(cast, name) for name in (*MEMBERS, *OUTSIDERS)}
    into = {"into": cast.offer()}
    values = {**VALUES, "merge": into, "propose-merge": into}
    today = timezone.now().date()
    visit = cast.visit(kind="follow_up", starts_on=today, ends_on=today)
    values["reopen"] = {**values["reopen"], "visit": visit}
    for status, row in at_each_status(cast, model):
        for name, step in registry.of(model).transitions.items():
            if step.own_page:
                continue
            for who, actor in actors.items():
                outcome = try_step(name, model, row.pk, actor, values.get(name, {}))
                sees = policy.visible(actor, model).filter(pk=row.pk).exists()
                fresh = policy.visible(actor, model).filter(pk=row.pk).first()
                if not sees:
                    assert outcome is NotVisible, (status, name, who)
                elif not policy.may(actor, step, fresh):
                    assert outcome is Forbidden, (status, name, who)
                elif status not in step.sources:
                    assert outcome is Conflict, (status, name, who)
                listed = fresh is not None and step in available_transitions(actor, fresh)
                assert (outcome is None) == listed, (status, name, who, outcome)


def try_step(name: str, model: Any, pk: object, actor: Any, values: dict[str, Any]) -> type[DomainError] | None:
    """Return the type of the error the transition raised, or None; its changes are rolled back."""
    try:
        with transaction.atomic():
            run_transition(name, model, pk, actor=actor, **values)
            transaction.set_rollback(True)
    except DomainError as error:
        return type(error)
    return None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, NeedStatus.DRAFT),
        ({"put": True}, NeedStatus.PUT_TO_STATE),
        ({"put": True, "agreed": True}, NeedStatus.AGREED),
        ({"released": True}, NeedStatus.SHARED),
        ({"released": True, "matches": (("proposed", False),)}, NeedStatus.UNDER_CONSIDERATION),
        ({"released": True, "matches": (("declined", False),)}, NeedStatus.SHARED),
        ({"released": True, "matches": (("accepted", False),), "confirmed_share": 60}, NeedStatus.MATCHED_IN_PART),
        ({"released": True, "matches": (("accepted", False),), "confirmed_share": 100}, NeedStatus.MATCHED),
        ({"matches": (("accepted", False), ("delivered", False))}, NeedStatus.IN_DELIVERY),
        ({"matches": (("delivered", False),)}, NeedStatus.DELIVERED),
        ({"matches": (("delivered", True),), "outcome": "partly_met"}, NeedStatus.PARTLY_MET),
        ({"matches": (("delivered", True), ("accepted", False)), "outcome": "partly_met"}, NeedStatus.MATCHED_IN_PART),
        ({"closed": True, "matches": (("delivered", False),)}, NeedStatus.CLOSED),
    ],
)
def test_a_status_follows_from_facts(facts: dict[str, Any], expected: NeedStatus) -> None:
    base = {"closed": False, "put": False, "agreed": False, "released": False, "matches": (), "confirmed_share": 0}
    assert need_status(NeedFacts(**{**base, **facts})) == expected


def test_delivery_alone_never_turns_a_need_green(cast: Cast) -> None:
    match = cast.match("delivered")
    assert Need.objects.get().status == NeedStatus.DELIVERED
    with pytest.raises(Forbidden):
        needs.verify(actor=cast.unodc, need=match.need_id, outcome="met", note="We did it.")


def test_shares_over_the_whole_are_refused_at_their_field(cast: Cast) -> None:
    need = cast.need("shared")
    for share in (0, 101, -5, 10**21):
        with pytest.raises(Invalid) as caught:
            matches.propose(actor=cast.unodc, need=need.pk, share=share)
        assert "share" in caught.value.errors
    cast.match("accepted", need=need, share=70)
    with pytest.raises(Invalid) as caught:
        matches.propose(actor=cast.iom, need=need.pk, share=40)
    assert "30" in str(caught.value.errors["share"][0])


def test_the_second_of_two_proposals_that_do_not_both_fit_is_refused(cast: Cast) -> None:
    need = cast.need("shared")
    first, second = cast.match(need=need, share=60), cast.match(need=need, share=60, who="iom")
    matches.accept(actor=cast.carana, match=first.pk)
    with pytest.raises(Conflict):
        matches.accept(actor=cast.carana, match=second.pk)
    assert coverage(need)["confirmed"] == 60


def test_a_suggestion_is_answered_by_the_provider_before_the_state(cast: Cast) -> None:
    need = cast.need("shared")
    match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("iom"), share=50)
    assert match.status == MatchStatus.SUGGESTED
    with pytest.raises(Forbidden):
        matches.accept(actor=cast.carana, match=match.pk)
    matches.accept(actor=cast.iom, match=match.pk)
    match.refresh_from_db()
    assert match.status == MatchStatus.PROPOSED
    matches.accept(actor=cast.carana, match=match.pk)
    asked = Delivery.objects.filter(message="match_proposed", needs_action=True, channel="portal")
    assert {d.recipient.name for d in asked} == {"carana"} and all(d.done_at for d in asked)


def test_what_was_proposed_is_taken_back_by_the_side_that_proposed_it(cast: Cast) -> None:
    need = cast.need("shared")
    suggestion = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("iom"), share=50)
    proposal = matches.propose(actor=cast.unodc, need=need.pk, share=50)
    for match, own, others in (
        (suggestion, cast.cted, (cast.iom, cast.carana)),
        (proposal, cast.unodc, (cast.cted, cast.carana)),
    ):
        for other in others:
            with pytest.raises(Forbidden):
                matches.retract(actor=other, match=match.pk, reason="Not mine.")
        assert matches.retract(actor=own, match=match.pk, reason="No staff.").status == MatchStatus.RETRACTED


def test_a_need_is_not_offered_to_a_provider_who_does_not_see_it(cast: Cast) -> None:
    need = cast.need("shared", audience=["unodc"])
    with pytest.raises(Invalid):
        matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("iom"))
    with pytest.raises(NotVisible):
        matches.propose(actor=cast.iom, need=need.pk)


def test_a_stale_save_is_refused_with_both_texts(cast: Cast) -> None:
    need = cast.need("draft")
    editing.edit(actor=cast.cted, model=Need, pk=need.pk, values={"title": "Second"}, version=need.version)
    with pytest.raises(StaleSave) as caught:
        editing.edit(actor=cast.cted, model=Need, pk=need.pk, values={"title": "Third"}, version=need.version)
    assert (caught.value.theirs["title"], caught.value.yours["title"]) == ("Second", "Third")


def test_text_a_state_has_released_can_no_longer_be_changed(cast: Cast) -> None:
    section = cast.section(cast.visit())
    consents.release(actor=cast.carana, rows=[section])
    with pytest.raises(Conflict):
        editing.edit(actor=cast.cted, model=type(section), pk=section.pk, values={"text": "Other"})


@pytest.mark.parametrize("stage", ["draft", "put"])
def test_a_need_not_agreed_cannot_be_released(cast: Cast, stage: str) -> None:
    need = cast.need(stage)
    with pytest.raises((Conflict, NotVisible)):
        consents.release(actor=cast.carana, rows=[need])


@pytest.mark.parametrize("name", ["cted", "unoct", "unodc", "observer", "sumora"])
def test_only_the_state_itself_releases_and_withdraws(cast: Cast, name: str) -> None:
    need = cast.need("shared")
    for act in (consents.release, consents.withdraw):
        with pytest.raises((Forbidden, NotVisible)):
            act(actor=getattr(cast, name), rows=[need])


def test_a_release_names_what_is_wrong(cast: Cast) -> None:
    need = cast.need("agreed")
    for values, field in (
        ({"audience": ["nobody-here"]}, "audience"),
        ({"audience": []}, "audience"),
        ({"until": timezone.now().date() - timedelta(days=1)}, "until"),
        ({"rows": []}, ""),
    ):
        with pytest.raises(Invalid) as caught:
            consents.release(actor=cast.carana, **{"rows": [need], **values})
        assert field in caught.value.errors


def test_consents_and_events_cannot_be_changed_or_deleted(cast: Cast) -> None:
    cast.need("shared")
    for change in (
        lambda: Event.objects.update(name="x"),
        lambda: Event.objects.all().delete(),
        lambda: Consent.objects.update(until=timezone.now().date()),
        lambda: Consent.needs.through.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_partly_met_spreads_the_share_over_what_was_delivered(cast: Cast) -> None:
    need = cast.need("shared")
    cast.match("delivered", need=need, share=67)
    cast.match("delivered", need=need, share=33, who="iom")
    needs.verify(actor=cast.cted, need=need.pk, outcome="partly_met", share=50, note="Half.")
    assert coverage(need) == {"claimed": 50, "confirmed": 50, "verified": 50, "open": 50}
    assert sorted(need.matches.values_list("verified_share", flat=True)) == [16, 34]


def test_silence_is_reminded_called_and_lapses_each_once(cast: Cast) -> None:
    match = cast.match("proposed")
    now = timezone.now()
    seen = []
    for day in (8, 9, 10, 20, 21, 22, 44, 45, 46):
        deadlines.run(now + timedelta(days=day))
        deadlines.run(now + timedelta(days=day))
        verbs = Event.objects.filter(match=match).exclude(name="match_proposed").order_by("at")
        seen.append(list(verbs.values_list("name", flat=True)))
    assert [len(s) for s in seen] == [0, 1, 1, 1, 2, 2, 2, 3, 3]
    assert seen[-1] == ["match_reminder", "match_last_call", "match_lapsed"]
    match.refresh_from_db()
    assert match.status == MatchStatus.LAPSED and match.need.status != "x"
    assert Need.objects.get().status == NeedStatus.SHARED


def test_an_ended_release_moves_the_status_back_for_its_owners(cast: Cast) -> None:
    need = cast.need("shared", until=timezone.now().date())
    tomorrow = timezone.now() + timedelta(days=1)
    assert deadlines.run(tomorrow) == 1
    assert deadlines.run(tomorrow) == 0
    assert Event.objects.filter(need=need, name="consent_expired").count() == 1


def test_asking_for_consent_needs_something_to_release(cast: Cast) -> None:
    visit = cast.visit()
    with pytest.raises(Conflict):
        consents.ask(actor=cast.cted, visit=visit.pk)
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    with pytest.raises(Conflict):
        consents.ask(actor=cast.cted, visit=visit.pk)
    consents.decline(actor=cast.carana, visit=visit.pk, reason="Not yet.")
    assert Visit.objects.get().consent_asked_at is None


@pytest.mark.django_db(transaction=True)
def test_of_acceptances_at_once_exactly_one_wins() -> None:
    cast = Cast()
    need = cast.need("shared")
    pks = [cast.match(need=need, share=60).pk, cast.match(need=need, share=60, who="iom").pk]
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def accept(pk: object) -> None:
        actor = cast.carana
        start.wait()
        try:
            matches.accept(actor=actor, match=pk)
            outcomes.append("won")
        except Conflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(pks[i % 2],)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told"] * 5 + ["won"]
    assert coverage(need)["confirmed"] == 60
