"""Rounds of consultations: what closes them, what the State says, what compares them, and bad values."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Delivery
from assistance import measures
from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.consultations import queries, transitions
from assistance.consultations.models import Consultation, Round
from assistance.consultations.tests import rounds as made
from assistance.measures import IndicatorUnit
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.workflow import due_runs, editing
from assistance.workflow.history import history_of
from web.exceptions import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db


def test_a_round_without_a_target_is_not_closed_and_the_priority_is_named(cast: Cast) -> None:
    row = made.opened(cast)
    with pytest.raises(Conflict, match="at least one finding"):
        transitions.close(actor=cast.cted, round=row.pk)
    made.filled(cast, row, parameters=[])
    with pytest.raises(Conflict, match="at least one priority"):
        transitions.close(actor=cast.cted, round=row.pk)
    made.filled(cast, row, parameters=[made.parameter(target=""), made.parameter(name="Officers trained")])
    with pytest.raises(Conflict, match="“Airports connected”"):
        transitions.close(actor=cast.cted, round=row.pk)
    made.filled(cast, row)
    done = transitions.close(actor=cast.cted, round=row.pk)
    assert (done.status, done.comments_until) == ("closed", timezone.now().date() + timedelta(days=30))
    told = {
        name: set(Delivery.objects.filter(message=name).values_list("recipient__name", flat=True))
        for name in ("round_opened", "round_closed")
    }
    assert told == {"round_opened": {"carana", "unoct", "unodc"}, "round_closed": {"carana", "unoct", "unodc"}}


def test_the_state_comments_within_thirty_days(cast: Cast) -> None:
    row = made.closed(cast)
    due = row.dues.get()
    assert (due.owed_by.slug, due.owed_to.slug, due.done_at) == ("carana", "cted", None)
    with pytest.raises(Forbidden):
        transitions.comment(actor=cast.unodc, round=row.pk, text="Yes.")
    with pytest.raises(Invalid):
        transitions.comment(actor=cast.carana, round=row.pk, text=" ")
    transitions.comment(actor=cast.carana, round=row.pk, text="The third airport was connected in May.")
    due.refresh_from_db()
    assert due.done_at is not None
    Round.objects.filter(pk=row.pk).update(comments_until=timezone.now().date() - timedelta(days=1))
    with pytest.raises(Conflict, match="over"):
        transitions.comment(actor=cast.carana, round=row.pk, text="And the fourth.")


def test_one_round_is_open_at_a_time_and_a_closed_one_stays_as_it_is(cast: Cast) -> None:
    row = made.opened(cast)
    with pytest.raises(Conflict, match="A round is open"):
        made.opened(cast, row.consultation)
    made.closed(cast, row)
    with pytest.raises(Conflict, match="closed cannot be changed"):
        made.filled(cast, row)
    assert made.opened(cast, row.consultation).number == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "number", "baseline": "N/A"}, "baseline"),
        ({"baseline_on": timezone.now().date() + timedelta(days=3)}, "baseline_on"),
        ({"unit": "percent", "target": "101"}, "target"),
        ({"unit": "percent", "target": "-1"}, "target"),
        ({"unit": "yes_no", "baseline": "perhaps", "target": ""}, "baseline"),
        ({"unit": "level", "target": "half", "baseline": ""}, "target"),
        ({"unit": "miles"}, "unit"),
        ({"name": " "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"baseline": "4", "target": "2"}, "target"),
        ({"baseline": "1e999999"}, "baseline"),
        ({"baseline": "NaN"}, "baseline"),
        ({"target_by": timezone.now().date() - timedelta(days=1)}, "target_by"),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_told_at_its_field(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    row = made.opened(cast)
    with pytest.raises(Invalid) as problem:
        made.filled(cast, row, parameters=[made.parameter(), made.parameter(**changes)])
    assert set(problem.value.errors) == {f"parameters.1.{field}"}
    assert not row.parameters.exists()


def test_a_lower_target_needs_a_tick_and_arabic_digits_are_numbers(cast: Cast) -> None:
    lower = made.parameter(baseline="٤", target="2", lower_is_better=True)
    row = made.filled(cast, parameters=[lower])
    stored = row.parameters.get()
    assert (stored.baseline, stored.target) == ("4", "2")


def test_a_level_belongs_to_an_instrument(cast: Cast) -> None:
    with pytest.raises(Invalid) as problem:
        made.filled(cast, findings=[made.finding(cast, instrument=None)])
    assert set(problem.value.errors) == {"findings.0.instrument"}


def test_rounds_are_compared_and_a_missed_target_is_marked(cast: Cast) -> None:
    row = made.consultation(cast)
    soon = timezone.now().date() + timedelta(days=1)
    before = timezone.now().date() - timedelta(days=30)
    made.closed(cast, made.opened(cast, row), parameters=[made.parameter(baseline="2")])
    made.closed(
        cast,
        made.opened(cast, row),
        parameters=[
            made.parameter(
                name="airports  CONNECTED", baseline="3", baseline_on=before, target_by=before + timedelta(days=9)
            ),
            made.parameter(name="Delay", unit="text", baseline="long", target="short", target_by=soon),
        ],
    )
    first, second = queries.compared(queries.rounds_of(cast.carana, row))
    assert [(step.parameter and step.parameter.baseline, step.trend) for step in first.steps] == [
        ("2", ""),
        ("3", "better"),
    ]
    assert first.is_missed and not second.is_missed
    assert [step.parameter and step.parameter.baseline for step in second.steps] == [None, "long"]
    assert queries.rounds_of(cast.partner, row) == []


def test_a_need_is_drafted_from_a_gap_once(cast: Cast) -> None:
    row = made.closed(cast)
    asked = {"title": "A passenger information unit", "assistance_type": "training", "priority": "high"}
    found = row.findings.get()
    transitions.propose_need(actor=cast.cted, round=row.pk, finding=found, **asked)
    need = Need.objects.get()
    assert (need.source, need.state.slug, need.status) == ("consultation", "carana", "draft")
    assert need.description == "Two of four airports send data.\n\nNo unit analyses them."
    with pytest.raises(Conflict):
        transitions.propose_need(actor=cast.cted, round=row.pk, finding=found, **asked)


def test_state_and_programme_stay_after_the_first_round(cast: Cast) -> None:
    row = made.opened(cast).consultation
    with pytest.raises(Invalid) as problem:
        editing.edit(actor=cast.cted, model=type(row), pk=row.pk, values={"state": cast.org("sumora")})
    assert set(problem.value.errors) == {"state"}


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999),
    st.booleans(),
)
def test_better_and_worse_exclude_each_other(first: Any, second: Any, lower: bool) -> None:
    a, b = (measures.read(IndicatorUnit.NUMBER, str(one)) for one in (first, second))
    trend = measures.trend(IndicatorUnit.NUMBER, a, b, lower_is_better=lower)
    assert (trend == "worse") == measures.is_worse(IndicatorUnit.NUMBER, a, b, lower_is_better=lower)
    assert (trend == "same") == (first == second)
    opposite = {"better": "worse", "worse": "better", "same": "same"}
    assert measures.trend(IndicatorUnit.NUMBER, b, a, lower_is_better=lower) == opposite[trend]


def test_a_guest_partner_of_the_programme_reads_what_a_consent_names(cast: Cast) -> None:
    consultation = made.consultation(cast, programme=made.programme(cast, "GUESTS-TEST", searcct="partner"))
    row = made.closed(cast, made.opened(cast, consultation))
    assert not policy.visible(cast.partner, Consultation) and not policy.visible(cast.partner, Round)
    consents.release(actor=cast.carana, rows=[row], audience=["searcct"])
    assert policy.visible(cast.partner, Round).get() == row and not policy.visible(cast.partner, Consultation)


def test_state_programme_and_requirement_stay_once_a_round_exists(cast: Cast) -> None:
    row = made.consultation(cast)
    editing.edit(actor=cast.cted, model=Consultation, pk=row.pk, values={"provision": "OP 13"})
    made.opened(cast, row)
    with pytest.raises(Invalid) as refused:
        editing.edit(actor=cast.cted, model=Consultation, pk=row.pk, values={"provision": "OP 14"})
    assert set(refused.value.errors) == {"provision"}


def test_after_thirty_days_nobody_is_asked_for_comments(cast: Cast) -> None:
    row = made.closed(cast)
    asked = Delivery.objects.filter(message="round_closed", recipient__name="carana", needs_action=True)
    assert asked.filter(done_at=None).exists()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        due_runs.run(timezone.now())
    assert row.dues.get().done_at is not None and not asked.filter(done_at=None).exists()


def test_who_reads_a_round_by_a_consent_learns_nothing_of_comments_and_needs(cast: Cast) -> None:
    row = made.closed(cast)
    transitions.comment(actor=cast.carana, round=row.pk, text="Heard.")
    finding = row.findings.exclude(gap="").first()
    transitions.propose_need(
        actor=cast.cted,
        round=row.pk,
        finding=finding.pk,
        title="Training",
        assistance_type="training",
        priority="medium",
    )
    consents.release(actor=cast.carana, rows=[row])
    names = {"round_commented", "round_need_proposed"}
    known = {
        who: names & set(history_of(getattr(cast, who), row).values_list("name", flat=True))
        for who in ("cted", "carana", "unodc", "unoct", "iom")
    }
    assert known == {
        "cted": names, "carana": names, "unodc": {"round_commented"}, "unoct": {"round_commented"}, "iom": set(),
    }  # fmt: skip
