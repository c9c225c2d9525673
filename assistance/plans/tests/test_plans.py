"""Plans from draft to agreement and the next version; steps from a report to verification by somebody else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Delivery
from assistance.access import policy
from assistance.consultations.tests import rounds
from assistance.needs.models import Need
from assistance.plans import editions, help_requests, queries, transitions
from assistance.plans.models import ActionPlan, PlanStep, StepComment
from assistance.plans.states import StepStatus
from assistance.plans.tests import made
from assistance.projects.models import Project
from assistance.requests.specificity import check_of
from assistance.tests.cast import Cast
from assistance.workflow import editing
from assistance.workflow.history import history_of
from assistance.workflow.models import Due, Event
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db


def errors_of(call: Any) -> dict[str, Any]:
    with pytest.raises(Invalid) as caught:
        call()
    return dict(caught.value.errors)


# ── Drafts ───────────────────────────────────────────────────────────────────
def test_a_roadmap_takes_state_programme_and_requirement_from_its_consultation(cast: Cast) -> None:
    consultation = rounds.consultation(cast)
    plan = made.roadmap(cast, consultation)
    assert (plan.state, plan.programme, plan.instrument) == (
        consultation.state, consultation.programme, consultation.instrument,
    )  # fmt: skip
    assert plan.round.status == "closed" and plan.edition == 1


def test_a_roadmap_before_a_round_is_closed_is_refused(cast: Cast) -> None:
    consultation = rounds.consultation(cast)
    rounds.opened(cast, consultation)
    with pytest.raises(Conflict, match="Close a round"):
        made.roadmap(cast, consultation)


def test_a_second_roadmap_of_a_requirement_leads_to_the_first(cast: Cast) -> None:
    plan = made.roadmap(cast)
    with pytest.raises(Conflict, match=plan.reference) as caught:
        made.roadmap(cast, plan.consultation)
    assert caught.value.url == plan.get_absolute_url()


def test_cted_drafts_roadmaps_and_unoct_national_plans(cast: Cast) -> None:
    values = {"kind": "national_plan", "state": cast.org("carana"), "title": "x", "starts_on": timezone.now().date()}
    values |= {"ends_on": timezone.now().date(), "language": "en"}
    with pytest.raises(Forbidden):
        editing.create(actor=cast.cted, model=ActionPlan, values=values)
    assert made.national(cast).programme is None
    with pytest.raises(Forbidden):
        editing.create(actor=cast.cted, model=PlanStep, values={"plan": made.national(cast)})


# ── Steps ────────────────────────────────────────────────────────────────────
def test_a_number_that_is_no_number_is_refused_at_its_field(cast: Cast) -> None:
    plan = made.roadmap(cast)
    for unit, typed in (("number", "N/A"), ("percent", "120")):
        found = errors_of(lambda: made.step(cast, plan, indicator="Airports", unit=unit, target=typed))  # noqa: B023
        assert set(found) == {"target"}
    worse = {"indicator": "Delay", "unit": "number", "baseline": "5", "target": "2"}
    assert set(errors_of(lambda: made.step(cast, plan, **worse))) == {"target"}
    assert made.step(cast, plan, lower_is_better=True, **worse).target == "2"


def test_a_ring_of_dependencies_is_refused_and_named(cast: Cast) -> None:
    plan = made.roadmap(cast)
    first = made.step(cast, plan, number="1")
    second = made.step(cast, plan, number="2", depends_on=[first])
    third = made.step(cast, plan, number="3", depends_on=[second])

    def close() -> None:
        editing.edit(actor=cast.cted, model=PlanStep, pk=first.pk, values={"depends_on": [third]})

    assert "1 → 3 → 2 → 1" in str(errors_of(close)["depends_on"][0])
    other = made.step(cast, number="1")
    wrong = errors_of(lambda: made.step(cast, plan, number="4", depends_on=[other]))
    assert set(wrong) == {"depends_on"}


def test_a_step_that_moves_keeps_the_number_under_which_it_was_agreed(cast: Cast) -> None:
    plan = made.agreed(cast)
    transitions.revise(actor=cast.carana, action_plan=plan.pk, reason="A new round.")
    row = plan.steps.get()
    for number in ("2.1", "3"):
        row = editing.edit(actor=cast.cted, model=PlanStep, pk=row.pk, values={"number": number})
    assert row.former_numbers == ["1", "2.1"] and row.place == "003"


def test_steps_sort_by_the_parts_of_their_numbers(cast: Cast) -> None:
    plan = made.roadmap(cast)
    for number in ("10", "2", "1.10", "1.9", "1"):
        made.step(cast, plan, number=number)
    assert [step.number for step in queries.steps_of(cast.carana, plan)] == ["1", "1.9", "1.10", "2", "10"]
    for number in ("0", "1.", "a", "1.2.3.4.5"):
        with pytest.raises(Invalid):
            made.step(cast, plan, number=number)
    assert set(errors_of(lambda: made.step(cast, plan, number="2"))) == {"number"}


def test_a_priority_of_the_round_gives_indicator_baseline_and_target(cast: Cast) -> None:
    plan = made.roadmap(cast)
    parameter = plan.round.parameters.get()
    row = made.step(cast, plan, parameter=parameter.pk)
    assert (row.indicator, row.unit, row.baseline, row.target) == ("Airports connected", "number", "2", "4")
    other = made.step(cast, plan, number="2", parameter=parameter, target="3")
    assert other.target == "3" and other.parameter == parameter
    foreign = rounds.closed(cast).parameters.get()
    assert set(errors_of(lambda: made.step(cast, plan, number="3", parameter=foreign.pk))) == {"parameter"}


def test_obligations_and_costs_are_written_with_the_step(cast: Cast) -> None:
    costs = [{"what": "Gateway", "amount": Decimal("120.50"), "currency": "EUR"}]
    costs += [{"what": "Training", "amount": Decimal("80"), "currency": "EUR"}]
    costs += [{"what": "Flights", "amount": Decimal("50"), "currency": "USD"}]
    obligations = [{"instrument": rounds.instrument(), "provision": "para. 12"}]
    row = made.step(cast, costs=costs, obligations=obligations)
    assert queries.sums_of(row.costs.all()) == {"EUR": Decimal("200.50"), "USD": Decimal("50")}
    assert row.obligations.get().provision == "para. 12"
    version = row.version
    row = editing.edit(actor=cast.cted, model=PlanStep, pk=row.pk, values={"costs": costs})
    assert row.version == version
    bad = {"costs": [{"what": "", "amount": Decimal("-1"), "currency": "XXX"}]}
    found = errors_of(lambda: editing.edit(actor=cast.cted, model=PlanStep, pk=row.pk, values=bad))
    assert set(found) == {"costs.0.what", "costs.0.amount", "costs.0.currency"}


# ── Agreement ────────────────────────────────────────────────────────────────
def test_a_plan_goes_to_the_state_and_back_with_comments_and_is_agreed(cast: Cast) -> None:
    plan = made.roadmap(cast)
    with pytest.raises(Conflict, match="at least one step"):
        transitions.put(actor=cast.cted, action_plan=plan.pk)
    step = made.step(cast, plan)
    plan = transitions.put(actor=cast.cted, action_plan=plan.pk)
    assert plan.answer_by == plan.put_on + timedelta(days=30)
    with pytest.raises(Conflict):
        editing.edit(actor=cast.cted, model=PlanStep, pk=step.pk, values={"title": "Another"})
    transitions.comment_on_step(actor=cast.carana, plan_step=step.pk, text="يرجى ذكر الوحدة المسؤولة.")
    assert queries.comments_on(cast.cted, plan) == [] and len(queries.comments_on(cast.carana, plan)) == 1
    plan = transitions.comment(actor=cast.carana, action_plan=plan.pk)
    assert plan.status == "draft" and [one.step for one in queries.comments_on(cast.cted, plan)] == [step]
    editing.edit(actor=cast.cted, model=PlanStep, pk=step.pk, values={"responsible_body": "Passenger Information Unit"})
    plan = transitions.put(actor=cast.cted, action_plan=plan.pk)
    plan = transitions.agree(actor=cast.carana, action_plan=plan.pk)
    step.refresh_from_db()
    assert (plan.status, step.agreed_in, plan.editions.get().number) == ("agreed", 1, 1)
    names = set(Event.objects.filter(plan_step=step).values_list("name", flat=True))
    assert names == {"step_recorded", "step_commented", "step_edited", "step_agreed"}
    assert Due.objects.get(plan_step=step, kind="step_due", done_at=None).owed_by == step.state


def test_returning_a_plan_without_a_word_is_refused(cast: Cast) -> None:
    plan = made.put(cast)
    assert set(errors_of(lambda: transitions.comment(actor=cast.carana, action_plan=plan.pk))) == {"text"}
    transitions.comment(actor=cast.carana, action_plan=plan.pk, text="Too many steps at once.")
    assert StepComment.objects.get().step is None


def test_the_next_version_leaves_the_agreed_one_as_it_was(cast: Cast) -> None:
    plan = made.roadmap(cast)
    kept, gone = made.step(cast, plan, number="1"), made.step(cast, plan, number="2", title="Buy readers")
    made.agreed(cast, plan)
    later = rounds.closed(cast, rounds.opened(cast, plan.consultation))
    plan = transitions.revise(actor=cast.cted, action_plan=plan.pk, reason="The second round has ended.")
    assert (plan.edition, plan.round, plan.status) == (2, later, "draft")
    editing.edit(actor=cast.cted, model=PlanStep, pk=kept.pk, values={"title": "Connect two airports"})
    transitions.drop(actor=cast.cted, plan_step=gone.pk, reason="Bought already.")
    made.step(cast, plan, number="2", title="Staff the unit")
    plan = made.agreed(cast, plan)
    second, first = plan.editions.all()
    assert [kept["title_en"] for kept in first.steps] == ["Connect the third airport", "Buy readers"]
    found = editions.compared(first, second, "en")
    assert [(one.kind, one.title) for one in found] == [
        ("removed", "Buy readers"), ("changed", "Connect two airports"), ("added", "Staff the unit"),
    ]  # fmt: skip
    assert found[1].fields == (("Action", "Connect the third airport", "Connect two airports"),)


def test_a_version_keeps_period_costs_and_obligations(cast: Cast) -> None:
    plan = made.roadmap(cast)
    step = made.step(cast, plan, number="1")
    first = made.agreed(cast, plan).editions.get()
    transitions.revise(actor=cast.cted, action_plan=plan.pk, reason="It takes longer.")
    ends, cost = plan.ends_on + timedelta(days=31), {"what": "Readers", "amount": Decimal("500"), "currency": "EUR"}
    editing.edit(actor=cast.cted, model=ActionPlan, pk=plan.pk, values={"title": "Longer", "ends_on": ends})
    obligations = [{"instrument": rounds.instrument(), "provision": "OP 12"}]
    values = {"costs": [cost], "obligations": obligations, "help_types": ["training"], "lower_is_better": True}
    editing.edit(actor=cast.cted, model=PlanStep, pk=step.pk, values=values)
    second = made.agreed(cast, plan).editions.first()
    of_plan, of_step = editions.compared(first, second, "en")
    assert [label for label, _old, _new in of_plan.fields] == ["Title", "To"] and of_plan.number == ""
    assert {label: new for label, _old, new in of_step.fields} == {
        "Obligations": "S/RES/2396 (2017) OP 12", "Costs": "Readers 500.00 EUR", "Lower is better": "Yes",
        "Types of assistance": "Training",
    }  # fmt: skip
    assert first.header["title_en"] == plan.title != "Longer"


def test_a_released_plan_is_not_revised_before_a_withdrawal(cast: Cast) -> None:
    plan = made.released(cast)
    assert plan.steps.get().audience == plan.audience
    with pytest.raises(Conflict, match="after a withdrawal"):
        transitions.revise(actor=cast.carana, action_plan=plan.pk, reason="x")


# ── Reports and verification ─────────────────────────────────────────────────
def test_a_step_of_high_priority_needs_a_file_and_somebody_else_who_verifies(cast: Cast) -> None:
    step = made.going_on(cast, "unodc", priority="high")
    found = errors_of(lambda: transitions.finish(actor=cast.carana, plan_step=step.pk, evidence="Done."))
    assert set(found) == {"file"}
    transitions.finish(actor=cast.carana, plan_step=step.pk, evidence="Done.", file=made.file())
    with pytest.raises(Forbidden):
        transitions.verify(actor=cast.unodc, plan_step=step.pk)
    with pytest.raises(Forbidden):
        transitions.verify(actor=cast.carana, plan_step=step.pk)
    step = transitions.verify(actor=cast.cted, plan_step=step.pk, note="Looked at the records.")
    assert [one.said for one in step.reports.all()] == ["finished", "verified"]


def test_a_supporting_entity_sees_and_reports_its_step_once_it_is_agreed(cast: Cast) -> None:
    plan = made.national(cast)
    row = made.step(cast, plan, supporters=[cast.org("iom")])
    with pytest.raises(NotVisible):
        transitions.report(actor=cast.iom, plan_step=row.pk, said="ongoing")
    made.agreed(cast, plan)
    step = transitions.report(actor=cast.iom, plan_step=row.pk, said="ongoing", text="Two courses held.")
    assert step.status == "ongoing" and step.reports.get().organisation == cast.org("iom")
    reason = errors_of(lambda: transitions.report(actor=cast.iom, plan_step=row.pk, said="delayed"))
    assert set(reason) == {"text"}
    with pytest.raises(NotVisible):
        transitions.put(actor=cast.iom, action_plan=plan.pk)


def test_an_entity_named_in_a_new_version_sees_the_step_once_that_is_agreed(cast: Cast) -> None:
    plan = made.national(cast)
    row = made.step(cast, plan, supporters=[cast.org("iom")])
    made.agreed(cast, plan)
    transitions.revise(actor=cast.unoct, action_plan=plan.pk, reason="Another entity helps.")
    editing.edit(actor=cast.unoct, model=PlanStep, pk=row.pk, values={"supporters": [cast.org("unodc")]})
    assert policy.visible(cast.iom, PlanStep).get() == row and not policy.visible(cast.unodc, PlanStep)
    made.agreed(cast, plan)
    assert policy.visible(cast.unodc, PlanStep).get() == row and not policy.visible(cast.iom, PlanStep)


def test_a_value_is_read_by_the_unit_of_the_indicator(cast: Cast) -> None:
    row = made.going_on(cast, indicator="Airports", unit="number", baseline="2", target="4")
    wrong = errors_of(lambda: transitions.report(actor=cast.carana, plan_step=row.pk, said="ongoing", value="N/A"))
    assert set(wrong) == {"value"}
    transitions.report(actor=cast.carana, plan_step=row.pk, said="ongoing", value="3")
    assert row.reports.get().value == "3"
    without = made.going_on(cast)
    found = errors_of(lambda: transitions.report(actor=cast.carana, plan_step=without.pk, said="ongoing", value="3"))
    assert set(found) == {"value"}


def test_two_people_who_report_at_once_are_told(cast: Cast) -> None:
    row = made.going_on(cast)
    transitions.report(actor=cast.carana, plan_step=row.pk, said="ongoing", version=row.version)
    with pytest.raises(Conflict):
        transitions.report(actor=cast.carana, plan_step=row.pk, said="delayed", text="x", version=row.version)


def test_a_step_sent_back_is_ongoing_and_counts_as_not_claimed(cast: Cast) -> None:
    row = made.finished(cast)
    assert queries.progress_of([row]).claimed == 1
    row = transitions.send_back(actor=cast.cted, plan_step=row.pk, reason="The records end in April.")
    found = queries.progress_of([row])
    assert (row.status, found.claimed, found.verified, found.of) == ("ongoing", 0, 0, 1)


@pytest.mark.turns(4)
@pytest.mark.parametrize("status", StepStatus.values)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_overdue_stands_beside_the_status(cast: Cast, status: str, days: int) -> None:
    row = made.step(cast, due=timezone.now().date() + timedelta(days=300))
    row.status, row.due = status, timezone.now().date() + timedelta(days=days)
    wanted = days < 0 and status in ("not_started", "ongoing", "delayed", "on_standby")
    assert row.is_overdue is wanted


# ── A request from a step ────────────────────────────────────────────────────
def test_a_request_from_a_step_meets_eight_of_ten_lines(cast: Cast) -> None:
    plan = made.roadmap(cast)
    finding = rounds.finding(cast, intervention="IOM trained 24 officers in 2024.")
    made_round = plan.round
    type(made_round.findings.get()).objects.filter(round=made_round).update(intervention=finding["intervention"])
    made.step(
        cast, plan, parameter=made_round.parameters.get().pk, title="A unit of 12 analysts working in shifts",
        help_area="Training of the unit in the analysis of passenger data", help_types=["training"],
        responsible_body="Passenger Information Unit, Ministry of the Interior",
    )  # fmt: skip
    made.agreed(cast, plan)
    row = help_requests.ask(actor=cast.carana, plan_step=plan.steps.get().pk)
    found = check_of(row)
    missing = {line.name for line in found.lines if not line.is_met}
    assert (found.met, found.of) == (8, 10) and missing == {"quantity", "asked_elsewhere"}, missing
    assert queries.linked(cast.carana, plan.steps.get())["requests"] == [row]
    assert queries.linked(cast.cted, plan.steps.get())["requests"] == []  # a draft is the affair of its State
    with pytest.raises(Forbidden):
        help_requests.ask(actor=cast.cted, plan_step=plan.steps.get().pk)
    assert Need.objects.count() == 0


# ── What a reading of the code found ─────────────────────────────────────────
def test_the_unit_stays_once_a_value_was_reported(cast: Cast) -> None:
    row = made.going_on(cast, indicator="Unit decreed", unit="yes_no", baseline="no", target="yes")
    transitions.report(actor=cast.carana, plan_step=row.pk, said="ongoing", value="yes")
    transitions.revise(actor=cast.cted, action_plan=row.plan_id, reason="Measured otherwise.")
    values = {"unit": "number", "baseline": "1", "target": "3"}
    found = errors_of(lambda: editing.edit(actor=cast.cted, model=PlanStep, pk=row.pk, values=values))
    assert set(found) == {"unit"}


def test_another_consultation_on_the_same_requirement_leads_to_its_roadmap(cast: Cast) -> None:
    plan = made.roadmap(cast)
    again = rounds.consultation(cast, provision=plan.provision)
    with pytest.raises(Conflict, match=plan.reference):
        made.roadmap(cast, again)


def test_somebody_is_left_to_verify_a_step(cast: Cast) -> None:
    assert set(errors_of(lambda: made.step(cast, supporters=[cast.org("cted")]))) == {"supporters"}
    assert made.step(cast, made.national(cast), supporters=[cast.org("cted")])


def test_a_correction_keeps_projects_that_its_editor_does_not_see(cast: Cast) -> None:
    project = cast.project()
    row = made.step(cast, projects=[project])
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"is_restricted": True})
    row = editing.edit(actor=cast.cted, model=PlanStep, pk=row.pk, values={"title": "Connect it", "projects": []})
    assert list(row.projects.all()) == [project]


def test_a_link_to_the_round_before_stays_in_a_new_version(cast: Cast) -> None:
    plan = made.roadmap(cast)
    parameter = plan.round.parameters.get()
    row = made.step(cast, plan, parameter=parameter.pk)
    made.agreed(cast, plan)
    rounds.closed(cast, rounds.opened(cast, plan.consultation))
    transitions.revise(actor=cast.cted, action_plan=plan.pk, reason="The second round has ended.")
    values = {"parameter": parameter.pk, "indicator": "Airports that send data"}
    row = editing.edit(actor=cast.cted, model=PlanStep, pk=row.pk, values=values)
    assert (row.parameter, row.indicator) == (parameter, "Airports that send data")


def test_a_step_depends_on_planned_steps_only(cast: Cast) -> None:
    plan = made.roadmap(cast)
    gone = made.step(cast, plan, number="1")
    gone = transitions.drop(actor=cast.cted, plan_step=gone.pk, reason="Done otherwise.")
    assert set(errors_of(lambda: made.step(cast, plan, number="2", depends_on=[gone]))) == {"depends_on"}


def test_an_agreed_step_is_removed_once_the_state_agrees(cast: Cast) -> None:
    plan = made.roadmap(cast)
    step, other = made.step(cast, plan, number="1", supporters=[cast.org("unodc")]), made.step(cast, plan, number="2")
    made.agreed(cast, plan)
    transitions.revise(actor=cast.cted, action_plan=plan.pk, reason="Less is enough.")
    step = transitions.drop(actor=cast.cted, plan_step=step.pk, reason="Done otherwise.")
    assert (step.status, step.leaves) == ("not_started", True)
    assert queries.progress_of(queries.steps_of(cast.carana, plan)).of == 2
    assert Due.objects.get(plan_step=step, kind="step_due").done_at is None
    transitions.report(actor=cast.unodc, plan_step=step.pk, said="ongoing")
    with pytest.raises(Conflict, match="removed already"):
        transitions.drop(actor=cast.cted, plan_step=step.pk, reason="Again.")
    assert not transitions.keep(actor=cast.cted, plan_step=step.pk).leaves
    transitions.drop(actor=cast.cted, plan_step=step.pk, reason="Done otherwise.")
    made.step(cast, plan, number="1", title="Another")
    with pytest.raises(Conflict, match="has its number"):
        transitions.keep(actor=cast.cted, plan_step=step.pk)
    edition = made.agreed(cast, plan).editions.first()
    step.refresh_from_db()
    assert (step.status, step.leaves) == ("dropped", False)
    assert [one["title_en"] for one in edition.steps] == ["Another", other.title]
    assert Due.objects.get(plan_step=step, kind="step_due").done_at is not None
    told = Delivery.objects.filter(message="step_removed").values_list("recipient__name", flat=True)
    assert set(told) == {"unodc", "cted"}


def test_a_comment_is_known_to_others_once_the_plan_is_returned(cast: Cast) -> None:
    step = made.with_state(cast)
    transitions.comment_on_step(actor=cast.carana, plan_step=step.pk, text="Name the unit.")

    def known(who: str) -> bool:
        return history_of(getattr(cast, who), step).filter(name="step_commented").exists()

    assert known("carana") and not known("cted") and not known("unodc")
    transitions.comment(actor=cast.carana, action_plan=step.plan_id)
    assert known("cted") and known("unodc")


def test_a_step_says_what_it_considers(cast: Cast) -> None:
    plan = made.roadmap(cast)
    wrong = errors_of(lambda: made.step(cast, plan, human_rights="considered"))
    assert set(wrong) == {"human_rights_note"}
    step = made.step(cast, plan, human_rights="considered", human_rights_note="Data are deleted after six months.")
    made.agreed(cast, plan)
    request = help_requests.ask(actor=cast.carana, plan_step=step.pk)
    assert request.human_rights_note == "Data are deleted after six months."


def test_unoct_verifies_steps_of_national_plans_alone(cast: Cast) -> None:
    own = made.of_national_plan(cast)
    transitions.finish(actor=cast.iom, plan_step=own.pk, evidence="Held.")
    transitions.send_back(actor=cast.unoct, plan_step=own.pk, reason="Which unit?")
    asked = Delivery.objects.filter(message="step_sent_back").exclude(done_at__isnull=False)
    assert set(asked.values_list("recipient__name", flat=True)) == {"carana", "iom", "cted"}
    transitions.finish(actor=cast.iom, plan_step=own.pk, evidence="Held, by the unit.")
    assert transitions.verify(actor=cast.unoct, plan_step=own.pk).status == "verified"
    other = made.finished(cast)
    with pytest.raises(Forbidden):
        transitions.verify(actor=cast.unoct, plan_step=other.pk)
