"""The steps of a visit, from the agreement of the State to its reply, and the stage that follows from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Delivery, User
from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.documents import transitions as documents
from assistance.documents.transitions import attach
from assistance.dues import transitions as dues
from assistance.needs.models import Need
from assistance.recommendations import answers, procedure
from assistance.recommendations.letters import LABELS
from assistance.recommendations.models import Observation, Recommendation, Response
from assistance.recommendations.pending import pending_reports
from assistance.recommendations.tests import reports
from assistance.tests.cast import Cast, appoint
from assistance.visits.models import Section, Visit
from assistance.visits.pending import pending_visits
from assistance.visits.states import SEEN_BY_ALL, VisitFacts, VisitStage, stage_by_dates, visit_stage
from assistance.workflow import due_runs, editing
from assistance.workflow.models import Due
from entities.actors import actor_of
from entities.models import Appointment, Role
from files.tests import samples
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible, StaleSave
from web.periods import add_months

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)


@contextmanager
def invalid(field: str, words: str) -> Iterator[None]:
    """Expect Invalid at this field, with these words."""
    with pytest.raises(Invalid) as found:
        yield
    assert words in str(found.value.errors[field][0])


def appointed_long_ago() -> None:
    """Let everybody of the cast have been appointed for years, so that the past can be played."""
    Appointment.objects.update(since=date(2020, 1, 1))


def read(visit: Visit) -> Visit:
    return Visit.objects.select_related("state").get(pk=visit.pk)


def events(visit: Visit) -> list[str]:
    return list(visit.events.order_by("at", "pk").values_list("name", flat=True))


# ── The stage ────────────────────────────────────────────────────────────────
FLAGS = ("cancelled", "agreed", "draft_sent", "observed", "period_ended", "adopted", "final_sent", "replied")
ORDER = (  # the facts in the order in which they are looked for, with the stage of each
    ("cancelled", VisitStage.CANCELLED), ("followed", VisitStage.FOLLOWED_UP), ("replied", VisitStage.REPLY_IN),
    ("overdue", VisitStage.REPLY_DUE), ("final_sent", VisitStage.FINAL_SENT), ("adopted", VisitStage.ADOPTED),
    ("observed", VisitStage.OBSERVATIONS_IN), ("period_ended", VisitStage.NO_OBSERVATIONS),
    ("draft_sent", VisitStage.DRAFT_WITH_STATE), ("over", VisitStage.CONDUCTED), ("begun", VisitStage.UNDER_WAY),
    ("agreed", VisitStage.HOST_CONSENT),
)  # fmt: skip


def test_the_stage_over_all_facts() -> None:
    days = {"before": (3, 5), "during": (-1, 1), "last day": (-3, 0), "after": (-5, -1)}
    seen = set()
    for flags in product((False, True), repeat=len(FLAGS)):
        facts: dict[str, Any] = dict(zip(FLAGS, flags, strict=True))
        for (starts, ends), reply_by, followed in product(days.values(), (None, -1, 0, 30), (None, -1, 0, 1)):
            known = VisitFacts(
                today=TODAY, starts_on=TODAY + starts * DAY, ends_on=TODAY + ends * DAY,
                reply_by=None if reply_by is None else TODAY + reply_by * DAY,
                followed_up_on=None if followed is None else TODAY + followed * DAY, **facts,
            )  # fmt: skip
            true = {name for name, value in facts.items() if value}
            true |= {"followed"} if followed in (-1, 0) else set()
            true |= {"overdue"} if facts["final_sent"] and reply_by == -1 else set()
            true |= {"over"} if ends < 0 else set()
            true |= {"begun"} if starts <= 0 else set()
            wanted = next((stage for name, stage in ORDER if name in true), VisitStage.PLANNED)
            assert visit_stage(known) == wanted
            assert stage_by_dates(known) in SEEN_BY_ALL
            seen.add(wanted)
    assert seen == set(VisitStage)


# ── Before the visit ─────────────────────────────────────────────────────────
def planned(cast: Cast) -> Visit:
    today = timezone.now().date()
    return cast.visit(
        starts_on=today + 5 * DAY, ends_on=today + 9 * DAY, delegation=[cast.org("unodc"), cast.org("cted")]
    )


def test_the_agreement_of_the_state_is_recorded_before_the_visit_and_told_to_it_and_the_delegation(
    cast: Cast, told: Any
) -> None:
    visit = planned(cast)
    with invalid("agreed_on", "future"):
        procedure.record_host_consent(actor=cast.cted, visit=visit.pk, agreed_on=timezone.now().date() + DAY)
    with pytest.raises(Forbidden):
        procedure.record_host_consent(actor=cast.carana, visit=visit.pk)
    procedure.record_host_consent(actor=cast.cted, visit=visit.pk)
    assert read(visit).stage == VisitStage.HOST_CONSENT
    assert told("visit_agreed") == {"carana", "unodc"}
    with pytest.raises(Conflict, match="has been recorded"):
        procedure.record_host_consent(actor=cast.cted, visit=visit.pk)
    with pytest.raises(Conflict, match="has started"):
        procedure.record_host_consent(actor=cast.cted, visit=cast.visit().pk)


def test_a_cancelled_visit_goes_no_further(cast: Cast, told: Any) -> None:
    visit = reports.drafted(cast)
    procedure.cancel(actor=cast.cted, visit=visit.pk, reason="The Government asked for another date.")
    assert read(visit).stage == VisitStage.CANCELLED and told("visit_cancelled") == {"carana"}
    assert not Due.objects.filter(visit=visit, done_at=None).exists()
    with pytest.raises(Conflict, match="was cancelled"):
        procedure.observe(actor=cast.carana, visit=visit.pk, text="Late.")
    with pytest.raises(Conflict, match="was cancelled"):
        editing.edit(actor=cast.cted, model=Visit, pk=visit.pk, values={"kind": "focused"})
    with invalid("visit", "cancelled"):
        reports.recommended(cast, read(visit), 2)


def test_consent_is_no_longer_asked_about_a_cancelled_visit(cast: Cast) -> None:
    visit = reports.recommended(cast).visit
    consents.ask(actor=cast.cted, visit=visit.pk)
    (due,) = Due.objects.filter(visit=visit, kind="consent_answer", done_at=None)
    assert pending_visits(cast.carana)
    procedure.cancel(actor=cast.cted, visit=visit.pk, reason="It was held elsewhere.")
    due.refresh_from_db()
    assert due.done_at is not None and read(visit).consent_asked_at is None and not pending_visits(cast.carana)
    assert not Delivery.objects.filter(message="consent_asked", done_at=None, needs_action=True).exists()
    with pytest.raises(Conflict, match="was cancelled"):
        consents.ask(actor=cast.cted, visit=visit.pk)
    with pytest.raises(Conflict, match="not requested"):
        consents.decline(actor=cast.carana, visit=visit.pk, reason="No.")


def test_consent_is_not_asked_before_the_visit_has_begun(cast: Cast) -> None:
    visit = cast.section(planned(cast)).visit
    for _agreed in (False, True):
        with pytest.raises(Conflict, match="not started"):
            consents.ask(actor=cast.cted, visit=visit.pk)
        if not _agreed:
            procedure.record_host_consent(actor=cast.cted, visit=visit.pk)


def test_the_report_of_a_cancelled_visit_stays_as_it_is(cast: Cast) -> None:
    section = cast.section(cast.visit())
    procedure.cancel(actor=cast.cted, visit=section.visit_id, reason="It was held elsewhere.")
    with invalid("visit", "cancelled"):
        cast.section(read(section.visit), 2)
    with pytest.raises(Conflict, match="cancelled"):
        editing.edit(actor=cast.cted, model=Section, pk=section.pk, values={"text": "Changed."})


def test_a_letter_is_recorded_after_its_step_and_not_before_what_it_presupposes(cast: Cast) -> None:
    record, today = partial(procedure.record_letter, actor=cast.cted, number="CTED/7"), timezone.now().date()
    visit = reports.recommended(cast).visit
    for letter in LABELS:
        with pytest.raises(Conflict, match="does not yet belong"):
            record(visit=visit.pk, letter=letter, sent_on=today)
    drafted = reports.drafted(cast)
    for letter, first in (("draft-report", drafted.ends_on), ("observations-reminder", today)):
        with invalid("sent_on", "before"):
            record(visit=drafted.pk, letter=letter, sent_on=first - DAY)
        record(visit=drafted.pk, letter=letter, sent_on=first)
    with invalid("letter", "does not yet belong"):
        record(visit=drafted.pk, letter="final-report", sent_on=today)
    visit = reports.replied(cast).visit
    consents.ask(actor=cast.cted, visit=visit.pk)
    consents.decline(actor=cast.carana, visit=visit.pk, reason="Not now.")
    for letter in LABELS:
        record(visit=visit.pk, letter=letter, sent_on=today)


# ── The draft ────────────────────────────────────────────────────────────────
def test_a_draft_is_sent_once_the_visit_is_over_and_has_a_section(cast: Cast, told: Any) -> None:
    with pytest.raises(Conflict, match="not ended"):
        procedure.send_draft(actor=cast.cted, visit=planned(cast).pk)
    with pytest.raises(Conflict, match="Add a section"):
        procedure.send_draft(actor=cast.cted, visit=cast.visit().pk)
    visit = reports.drafted(cast)
    assert read(visit).stage == VisitStage.DRAFT_WITH_STATE and told("draft_sent") == {"carana"}
    due = Due.objects.get(visit=visit, kind="visit_observations")
    assert due.due_on == read(visit).observations_until == timezone.now().date() + 30 * DAY
    assert due.owed_by == cast.org("carana") and due.owed_to == cast.org("cted")
    with pytest.raises(Conflict, match="has been sent"):
        procedure.send_draft(actor=cast.cted, visit=visit.pk)


def test_observations_are_sent_until_the_day_several_times_and_read_by_cted_and_the_state(
    cast: Cast, told: Any
) -> None:
    visit = reports.drafted(cast)
    with invalid("text", "or attach a file"):
        procedure.observe(actor=cast.carana, visit=visit.pk, text=" ")
    with pytest.raises(Forbidden):
        procedure.observe(actor=cast.unodc, visit=visit.pk, text="Not mine.")
    for text in ("First.", "Second."):
        procedure.observe(actor=cast.carana, visit=visit.pk, text=text)
    found = Observation.objects.filter(visit=visit).order_by("number")
    assert [one.number for one in found] == [1, 2] and told("observations_received") == {"cted"}
    for name, sees in (("carana", 2), ("cted", 2), ("unoct", 0), ("unodc", 0), ("sumora", 0)):
        assert policy.visible(getattr(cast, name), Observation).filter(visit=visit).count() == sees, name
    with time_machine.travel(timezone.now() + 31 * DAY, tick=False), pytest.raises(Conflict, match="has ended"):
        procedure.observe(actor=cast.carana, visit=visit.pk, text="Third.")


def test_without_observations_the_report_goes_on_after_thirty_days(cast: Cast, told: Any) -> None:
    visit = reports.drafted(cast)
    with pytest.raises(Conflict, match="still send"):
        procedure.adopt(actor=cast.cted, visit=visit.pk)
    for days in (29, 30, 31):
        with time_machine.travel(timezone.now() + days * DAY + timedelta(hours=1), tick=False):
            due_runs.run(timezone.now())
            assert (read(visit).stage == VisitStage.NO_OBSERVATIONS) == (days > 29), days
    assert events(visit).count("no_observations") == 1 and told("no_observations") == {"carana", "cted"}
    with time_machine.travel(timezone.now() + 40 * DAY, tick=False):
        with pytest.raises(Conflict, match="has ended"):
            procedure.observe(actor=cast.carana, visit=visit.pk, text="Late.")
        procedure.adopt(actor=cast.cted, visit=visit.pk)


def test_cted_can_waive_the_observations(cast: Cast) -> None:
    visit = reports.drafted(cast)
    due = Due.objects.get(visit=visit, kind="visit_observations")
    dues.waive(actor=cast.cted, due=due.pk, reason="The Mission said there are none.")
    assert read(visit).stage == VisitStage.NO_OBSERVATIONS
    procedure.adopt(actor=cast.cted, visit=visit.pk)


def test_the_files_of_what_was_sent_never_change(cast: Cast) -> None:
    observation = reports.observed(cast, "", samples.note("observations.pdf"))
    draft = reports.answered(cast)
    attach(actor=cast.carana, parent=draft, file=samples.note())
    procedure.reply(actor=cast.carana, visit=draft.visit_id)
    draft.refresh_from_db()
    for row, document in ((observation, observation.documents.get()), (draft, draft.documents.get())):
        assert not documents.may_attach(cast.carana, row)
        assert not documents.may_change(cast.carana, document)
        with pytest.raises(Conflict, match="has been sent"):
            attach(actor=cast.carana, parent=row, file=samples.note())
        with pytest.raises(Conflict, match="has been sent"):
            documents.replace(actor=cast.carana, document=document.pk, file=samples.note())
        with pytest.raises(Conflict, match="has been sent"):
            documents.remove(actor=cast.carana, document=document.pk, reason="Wrong.")
        with pytest.raises(Forbidden):
            attach(actor=cast.cted, parent=row, file=samples.note())
    again = answers.save(actor=cast.carana, recommendation=draft.recommendation_id, said="planned", action="Next.")
    held = attach(actor=cast.carana, parent=again, file=samples.note())
    documents.remove(actor=cast.carana, document=held.pk, reason="Wrong.")


# ── The report ───────────────────────────────────────────────────────────────
def test_a_report_is_adopted_with_its_recommendations_numbered(cast: Cast, told: Any) -> None:
    visit = reports.observed(cast).visit
    reports.recommended(cast, visit, 3)
    with pytest.raises(Conflict, match="without a gap"):
        procedure.adopt(actor=cast.cted, visit=visit.pk)
    reports.recommended(cast, visit, 2)
    with invalid("adopted_on", "between"):
        procedure.adopt(actor=cast.cted, visit=visit.pk, adopted_on=timezone.now().date() + DAY)
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    assert read(visit).stage == VisitStage.ADOPTED and told("report_adopted") == {"carana"}
    assert set(Recommendation.objects.filter(visit=visit).values_list("adopted_on", flat=True)) == {
        read(visit).adopted_on
    }


def test_without_a_recommendation_nothing_is_adopted(cast: Cast) -> None:
    visit = cast.section(cast.visit()).visit
    procedure.send_draft(actor=cast.cted, visit=visit.pk)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="None.")
    with pytest.raises(Conflict, match="Record the recommendations"):
        procedure.adopt(actor=cast.cted, visit=visit.pk)


def test_two_persons_adopt_where_cted_requires_it(cast: Cast) -> None:
    reports.ask_for_two(cast)
    visit = reports.observed(cast).visit
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    assert read(visit).stage == VisitStage.OBSERVATIONS_IN and events(visit)[-1] == "adoption_proposed"
    with pytest.raises(Forbidden, match="colleague"):
        procedure.adopt(actor=cast.cted, visit=visit.pk)
    second = User.objects.create(email="second@example.org", name="second")
    appoint(second, cast.org("cted"), Role.ASSESSOR)
    procedure.adopt(actor=actor_of(second), visit=visit.pk)
    assert read(visit).stage == VisitStage.ADOPTED


@pytest.mark.parametrize("kind", [Recommendation, Section])
def test_the_second_person_cannot_change_the_report_and_confirm_it_alone(cast: Cast, kind: type[Any]) -> None:
    reports.ask_for_two(cast)
    visit = reports.observed(cast).visit
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    second = User.objects.create(email="second@example.org", name="second")
    appoint(second, cast.org("cted"), Role.ASSESSOR)
    part = kind.objects.get(visit=visit)
    editing.edit(actor=actor_of(second), model=kind, pk=part.pk, values={"text": "Receive it at all posts."})
    procedure.adopt(actor=actor_of(second), visit=visit.pk)
    assert read(visit).adopted_on is None and read(visit).adoption_proposed_by == second
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    assert read(visit).stage == VisitStage.ADOPTED


def test_both_persons_adopt_with_the_day_that_the_first_proposed(cast: Cast) -> None:
    reports.ask_for_two(cast)
    visit = reports.observed(cast).visit
    day = timezone.now().date()
    procedure.adopt(actor=cast.cted, visit=visit.pk, adopted_on=day)
    second = User.objects.create(email="second@example.org", name="second")
    appoint(second, cast.org("cted"), Role.ASSESSOR)
    with time_machine.travel(timezone.now() + 3 * DAY, tick=False):
        with invalid("adopted_on", "colleague proposed"):
            procedure.adopt(actor=actor_of(second), visit=visit.pk, adopted_on=day + DAY)
        procedure.adopt(actor=actor_of(second), visit=visit.pk)
    assert read(visit).adopted_on == day == Recommendation.objects.get(visit=visit).adopted_on


def test_new_observations_withdraw_a_proposed_adoption(cast: Cast) -> None:
    reports.ask_for_two(cast)
    visit = reports.observed(cast).visit
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="One more.")
    assert read(visit).adoption_proposed_by is None
    second = User.objects.create(email="second@example.org", name="second")
    appoint(second, cast.org("cted"), Role.ASSESSOR)
    procedure.adopt(actor=actor_of(second), visit=visit.pk)
    assert read(visit).adopted_on is None and read(visit).adoption_proposed_by == second


def test_what_is_changed_in_or_added_to_an_adopted_report_is_told_to_the_state(cast: Cast, told: Any) -> None:
    visit = reports.drafted(cast)
    names = ("section_recorded", "section_edited", "recommendation_recorded", "recommendation_edited")

    def change(number: int) -> None:
        found = read(visit)
        row, section = reports.recommended(cast, found, number), cast.section(found, number)
        editing.edit(actor=cast.cted, model=Section, pk=section.pk, values={"text": f"Changed {number}."})
        editing.edit(actor=cast.cted, model=Recommendation, pk=row.pk, values={"text": f"Changed {number}."})

    change(2)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="None.")
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    assert [told(name) for name in names] == [set()] * 4
    change(3)
    assert [told(name) for name in names] == [{"carana"}] * 4


def test_a_recommendation_changed_after_the_adoption_is_a_new_version_told_to_the_state(cast: Cast, told: Any) -> None:
    row = reports.adopted(cast).recommendations.get()
    assert told("recommendation_edited") == set()
    changed = editing.edit(
        actor=cast.cted, model=Recommendation, pk=row.pk, values={"text": "Receive it at all posts."}
    )
    assert changed.version == row.version + 1 and told("recommendation_edited") == {"carana"}


def test_the_final_report_asks_for_a_reply_and_puts_the_needs_to_the_state(cast: Cast, told: Any) -> None:
    need = cast.need()
    visit = reports.final(cast, needs=[need])
    assert read(visit).stage == VisitStage.FINAL_SENT and told("final_sent") == {"carana"}
    assert Need.objects.get(pk=need.pk).status == "put_to_state" and told("need_put_to_state") == {"carana"}
    due = Due.objects.get(visit=visit, kind="visit_reply")
    assert due.due_on == read(visit).reply_by == add_months(timezone.now().date(), 6)


@pytest.mark.parametrize(
    ("sent", "by"),
    [
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 7, 31)),
    ],
)
def test_six_months_end_with_the_month(cast: Cast, sent: date, by: date) -> None:
    appointed_long_ago()
    with time_machine.travel(f"{sent}T09:00:00+00:00", tick=False):
        visit = reports.final(cast)
        assert read(visit).reply_by == by and Due.objects.get(visit=visit, kind="visit_reply").due_on == by


def test_an_overdue_reply_is_told_once_and_still_taken(cast: Cast, told: Any) -> None:
    appointed_long_ago()
    after = timezone.now() - 2 * DAY
    with time_machine.travel(after - 186 * DAY, tick=False):
        visit = reports.final(cast)
    for moment in (after, after + DAY):
        with time_machine.travel(moment, tick=False):
            due_runs.run(timezone.now())
            assert read(visit).stage == VisitStage.REPLY_DUE
    assert events(visit).count("reply_overdue") == 1 and told("reply_overdue") == {"carana", "cted"}
    with time_machine.travel(after + 2 * DAY, tick=False):
        reports.answered(cast, visit)
        procedure.reply(actor=cast.carana, visit=visit.pk)
        assert read(visit).stage == VisitStage.REPLY_IN
    assert not Due.objects.filter(visit=visit, kind="visit_reply", done_at=None).exists()


def test_a_waived_reply_is_overdue_for_nobody_and_still_taken(cast: Cast) -> None:
    appointed_long_ago()
    after = timezone.now() - 2 * DAY
    with time_machine.travel(after - 186 * DAY, tick=False):
        visit = reports.final(cast)
    with time_machine.travel(after, tick=False):
        due_runs.run(timezone.now())
    assert read(visit).stage == VisitStage.REPLY_DUE and pending_reports(cast.cted) and pending_reports(cast.carana)
    due = Due.objects.get(visit=visit, kind="visit_reply")
    dues.waive(actor=cast.cted, due=due.pk, reason="The Government has changed.")
    assert (read(visit).stage, read(visit).reply_by) == (VisitStage.FINAL_SENT, None)
    assert not pending_reports(cast.cted) and not pending_reports(cast.carana)
    asked = Delivery.objects.filter(message__in=("final_sent", "reply_overdue"), needs_action=True, done_at=None)
    assert not asked.exists()
    reports.answered(cast, visit)
    procedure.reply(actor=cast.carana, visit=visit.pk)
    assert read(visit).stage == VisitStage.REPLY_IN


# ── The reply ────────────────────────────────────────────────────────────────
def test_a_reply_is_sent_together_once_each_recommendation_has_a_status(cast: Cast, told: Any) -> None:
    visit = reports.drafted(cast)
    reports.recommended(cast, visit, 2)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="None.")
    with pytest.raises(Conflict, match="not been sent"):
        reports.answered(cast, visit)
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    procedure.send_final(actor=cast.cted, visit=visit.pk)
    with pytest.raises(Conflict, match="Enter what was done"):
        procedure.reply(actor=cast.carana, visit=visit.pk)
    draft = reports.answered(cast, visit)
    assert not policy.visible(cast.cted, Response).exists() and policy.visible(cast.carana, Response).exists()
    with pytest.raises(Conflict, match="Missing: 2"):
        procedure.reply(actor=cast.carana, visit=visit.pk)
    second = visit.recommendations.get(number=2)
    with invalid("action", "what was done"):
        answers.save(actor=cast.carana, recommendation=second.pk, said="implemented")
    answers.save(actor=cast.carana, recommendation=second.pk, said="no_answer")
    procedure.reply(actor=cast.carana, visit=visit.pk)
    assert read(visit).stage == VisitStage.REPLY_IN and told("reply_received") == {"cted"}
    assert policy.visible(cast.cted, Response).count() == 2
    with pytest.raises(Conflict, match="Enter what was done"):
        procedure.reply(actor=cast.carana, visit=visit.pk)
    again = answers.save(actor=cast.carana, recommendation=second.pk, said="planned", action="Next year.")
    assert again.period == 2 and policy.visible(cast.cted, Response).count() == 2
    procedure.reply(actor=cast.carana, visit=visit.pk)
    assert [one.said for one in second.responses.order_by("period")] == ["no_answer", "planned"]
    draft.refresh_from_db()
    assert draft.period == 1


def test_two_people_who_enter_the_same_row_see_both_texts(cast: Cast) -> None:
    draft = reports.answered(cast)
    answers.save(
        actor=cast.carana, recommendation=draft.recommendation_id, said="planned", action="A.", version=draft.version
    )
    with pytest.raises(StaleSave):
        answers.save(
            actor=cast.carana, recommendation=draft.recommendation_id, said="implemented", action="B.",
            version=draft.version,
        )  # fmt: skip


def test_only_the_state_enters_a_reply(cast: Cast) -> None:
    row = reports.final(cast).recommendations.get()
    with pytest.raises(Forbidden):
        answers.save(actor=cast.cted, recommendation=row.pk, said="planned")
    with pytest.raises(NotVisible):
        answers.save(actor=cast.sumora, recommendation=row.pk, said="planned")


def test_what_was_sent_never_changes(cast: Cast) -> None:
    response, observation = reports.replied(cast), reports.observed(cast)
    for row, column in ((response, "said"), (observation, "number")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{column: "planned" if column == "said" else 9})


# ── The visit that follows ───────────────────────────────────────────────────
def test_a_follow_up_is_a_later_visit_to_the_same_state(cast: Cast) -> None:
    visit = reports.followed_up(cast)
    assert read(visit.follows).stage == VisitStage.FOLLOWED_UP
    today = timezone.now().date()
    for values in (
        {"state": cast.org("sumora"), "follows": visit},
        {"follows": visit, "starts_on": today - 40 * DAY, "ends_on": today - 39 * DAY},
    ):
        with invalid("follows", "earlier visit"):
            cast.visit(**{"starts_on": today, "ends_on": today + DAY, **values})
    procedure.cancel(actor=cast.cted, visit=visit.pk, reason="Not held.")
    assert read(visit.follows).stage == VisitStage.REPLY_IN
