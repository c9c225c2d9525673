"""Ratings of recommendations: the State's word and CTED's side by side, and what a rating proposes for the needs."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assistance.access import policy
from assistance.needs import cycles
from assistance.needs import transitions as needs
from assistance.needs.cycle_serializers import cycles_of
from assistance.needs.models import Match, Need
from assistance.needs.rules import later_visits
from assistance.recommendations import procedure, queries, rating
from assistance.recommendations.models import Rating, Recommendation
from assistance.recommendations.pending import pending_recommendations
from assistance.recommendations.tests import reports
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from assistance.visits.models import Visit
from web.exceptions import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def met(cast: Cast) -> Need:
    """Return a need that was met."""
    need = cast.match("delivered").need
    needs.verify(actor=cast.cted, need=need.pk, outcome="met", note="Seen on site.")
    return Need.objects.get(pk=need.pk)


def proposed(cast: Cast, row: Recommendation) -> list[tuple[str, str]]:
    return [(one.need.reference, one.transition) for one in rating.proposals(cast.cted, row)]


def test_a_rating_is_read_by_the_state_beside_its_own_word_and_by_nobody_else(cast: Cast, told: Any) -> None:
    row = reports.replied(cast).recommendation
    found = reports.rated(cast, row, "not")
    assert told("recommendation_rated") == {"carana"}
    for name, sees in (("carana", 1), ("cted", 1), ("unoct", 0), ("unodc", 0), ("sumora", 0)):
        assert policy.visible(getattr(cast, name), Rating).count() == sees, name
    (line,) = queries.lines_of(cast.carana, [row.visit])
    assert (line.response and line.response.said, line.rating and line.rating.rated) == ("under_way", "not")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Rating.objects.filter(pk=found.pk).update(rated="implemented")


def test_a_rating_needs_an_adopted_report_a_reason_and_a_later_visit(cast: Cast) -> None:
    row = reports.recommended(cast)
    with pytest.raises(Conflict, match="not been adopted"):
        rating.rate(actor=cast.cted, recommendation=row.pk, rated="not", why="Nothing was seen.")
    row = reports.adopted(cast).recommendations.get()
    with pytest.raises(Forbidden):
        rating.rate(actor=cast.carana, recommendation=row.pk, rated="implemented", why="All done.")
    for values, field in (
        ({"rated": "perfect", "why": "All done."}, "rated"),
        ({"rated": "not", "why": " "}, "why"),
        ({"rated": "not", "why": "x" * 50_001}, "why"),
        ({"rated": "not", "why": "Seen.", "basis": row.visit_id}, "basis"),
        ({"rated": "not", "why": "Seen.", "basis": cast.visit(state=cast.org("sumora"))}, "basis"),
    ):
        with pytest.raises(Invalid) as caught:
            rating.rate(actor=cast.cted, recommendation=row.pk, **values)
        assert set(caught.value.errors) == {field}


def test_partly_and_not_propose_to_reopen_needs_that_seemed_met_and_to_put_drafts_to_the_state(cast: Cast) -> None:
    done, draft, open_one = met(cast), cast.need(), cast.need("agreed")
    row = reports.adopted(cast, needs=[done, draft, open_one]).recommendations.get()
    assert proposed(cast, row) == []
    for value in ("partly", "not"):
        reports.rated(cast, row, value)
        assert set(proposed(cast, row)) == {(done.reference, "reopen"), (draft.reference, "put-to-state")}
    assert rating.proposals(cast.carana, row) == []
    for value in ("largely", "no_longer_relevant"):
        reports.rated(cast, row, value)
        assert proposed(cast, row) == []


def test_implemented_proposes_to_close_the_needs_still_open(cast: Cast) -> None:
    done, open_one = met(cast), cast.need("shared")
    row = reports.adopted(cast, needs=[done, open_one]).recommendations.get()
    reports.rated(cast, row, "implemented")
    assert proposed(cast, row) == [(open_one.reference, "close")]
    needs.close(actor=cast.cted, need=open_one.pk, reason="no_longer_needed", note="Done otherwise.")
    assert proposed(cast, row) == []


def test_cted_confirms_a_proposal_with_its_reason_and_a_new_cycle_begins(cast: Cast, told: Any) -> None:
    with time_machine.travel(timezone.now() - 60 * DAY, tick=False):
        done = met(cast)
        visit = reports.final(cast, needs=[done])
    row = visit.recommendations.get()
    today = timezone.now().date()
    later = cast.visit(kind="follow_up", follows=visit, starts_on=today - 2 * DAY, ends_on=today - DAY)
    reports.rated(cast, row, "not", basis=later.pk)
    assert proposed(cast, row) == [(done.reference, "reopen")]
    assert [task.subject for task in pending_recommendations(cast.cted)] == [f"recommendation:{row.pk}"]
    cycles.reopen(actor=cast.cted, need=done.pk, visit=later.pk, reason="No unit was found.")
    assert Need.objects.get(pk=done.pk).cycle == 2 and done.events.latest("at").reason == "No unit was found."
    assert proposed(cast, row) == [] and pending_recommendations(cast.cted) == []
    assert {"carana", "unodc"} <= told("need_reopened")


def test_cted_may_leave_the_needs_as_they_are_until_the_next_rating(cast: Cast) -> None:
    done = met(cast)
    row = reports.adopted(cast, needs=[done]).recommendations.get()
    with pytest.raises(Conflict, match="Nothing is proposed"):
        rating.leave_needs(actor=cast.cted, recommendation=row.pk, reason="None.")
    reports.rated(cast, row, "partly")
    rating.leave_needs(actor=cast.cted, recommendation=row.pk, reason="The rest is small.")
    assert proposed(cast, row) == []
    reports.rated(cast, row, "not")
    assert proposed(cast, row) == [(done.reference, "reopen")]


def test_a_need_met_after_the_rating_is_not_proposed_for_reopening(cast: Cast) -> None:
    match = cast.match("delivered")
    row = reports.adopted(cast, needs=[match.need]).recommendations.get()
    reports.rated(cast, row, "not")
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Seen on site.")
    assert Match.objects.get(pk=match.pk).need.status == "met" and proposed(cast, row) == []


def test_a_closed_need_is_proposed_only_where_it_can_be_reopened(cast: Cast) -> None:
    superseded, unneeded = cast.need("agreed"), cast.need("agreed")
    needs.close(actor=cast.cted, need=superseded.pk, reason="superseded")
    needs.close(actor=cast.cted, need=unneeded.pk, reason="no_longer_needed", note="Done otherwise.")
    row = reports.adopted(cast, needs=[superseded, unneeded]).recommendations.get()
    reports.rated(cast, row, "not")
    assert proposed(cast, row) == [(superseded.reference, "reopen")]
    cycles.reopen(actor=cast.cted, need=superseded.pk, reason="No unit was found.")
    assert Need.objects.get(pk=superseded.pk).cycle == 2 and proposed(cast, row) == []
    with pytest.raises(Conflict, match="only if a follow-up visit"):
        cycles.reopen(actor=cast.cted, need=unneeded.pk, reason="No unit was found.")


def test_a_need_is_reopened_from_the_desk_only_after_a_rating_from_the_desk(cast: Cast, client: Client) -> None:
    done, other = met(cast), met(cast)
    row = reports.adopted(cast, needs=[done]).recommendations.get()
    reports.rated(cast, row, "not")
    sign_in(client, cast, "cted")
    for need, is_open in ((done, True), (other, False)):
        form = client.get(reverse("need-transition", args=[need.pk, "reopen"])).context["form"]
        assert form.fields["visit"].required is not is_open
        assert ("Review from the desk" in str(form["visit"])) is is_open
    with pytest.raises(Invalid) as caught:
        cycles.reopen(actor=cast.cted, need=other.pk, reason="No unit was found.")
    assert set(caught.value.errors) == {"visit"}
    url = reverse("need-transition", args=[done.pk, "reopen"])
    assert client.post(url, {"visit": "", "reason": "No unit was found."}).status_code == 302
    assert Need.objects.get(pk=done.pk).cycle == 2 and proposed(cast, row) == []
    assert done.cycles.get().visit is None
    assert client.get(reverse("need", args=[done.pk])).status_code == 200
    assert [one["visit"] for one in cycles_of(cast.cted, Need.objects.get(pk=done.pk))] == [None, None]


def test_a_need_met_after_the_visit_is_reopened_on_the_basis_of_its_rating(cast: Cast) -> None:
    done = met(cast)  # today, after the later visit has ended
    visit = reports.adopted(cast, needs=[done])
    today = timezone.now().date()
    later = cast.visit(kind="follow_up", starts_on=today - 9 * DAY, ends_on=today - 8 * DAY)
    row = visit.recommendations.get()
    with pytest.raises(Invalid):
        cycles.reopen(actor=cast.cted, need=done.pk, visit=later.pk, reason="No unit was found.")
    reports.rated(cast, row, "not", basis=later.pk)
    assert proposed(cast, row) == [(done.reference, "reopen")] and list(later_visits(cast.cted, done)) == [later]
    with pytest.raises(Invalid):  # the visit is named
        cycles.reopen(actor=cast.cted, need=done.pk, reason="No unit was found.")
    cycles.reopen(actor=cast.cted, need=done.pk, visit=later.pk, reason="No unit was found.")
    assert done.cycles.get().visit == later


def test_what_was_rated_on_a_visit_cancelled_since_can_still_be_decided(cast: Cast) -> None:
    done = met(cast)
    today = timezone.now().date()
    later = cast.visit(kind="follow_up", starts_on=today - 9 * DAY, ends_on=today - 8 * DAY)
    row = reports.adopted(cast, needs=[done]).recommendations.get()
    reports.rated(cast, row, "not", basis=later.pk)
    procedure.cancel(actor=cast.cted, visit=later.pk, reason="It was another visit.")
    assert proposed(cast, row) == [(done.reference, "reopen")] and not later_visits(cast.cted, done)
    cycles.reopen(actor=cast.cted, need=done.pk, reason="No unit was found.")


def test_a_need_is_not_found_again_by_a_visit_cancelled_or_still_to_come(cast: Cast) -> None:
    done, today = met(cast), timezone.now().date()
    coming = cast.visit(kind="follow_up", starts_on=today + DAY, ends_on=today + 2 * DAY)
    cancelled = cast.visit(kind="follow_up", starts_on=today, ends_on=today + DAY)
    procedure.cancel(actor=cast.cted, visit=cancelled.pk, reason="Not held.")
    assert not later_visits(cast.cted, done)
    for visit in (coming, cancelled):
        with pytest.raises(Invalid):
            cycles.reopen(actor=cast.cted, need=done.pk, visit=visit.pk, reason="No unit was found.")


def test_a_need_verified_in_part_after_the_rating_is_not_proposed_for_reopening(cast: Cast) -> None:
    match = cast.match("delivered")
    row = reports.adopted(cast, needs=[match.need]).recommendations.get()
    reports.rated(cast, row, "not")
    needs.verify(actor=cast.cted, need=match.need_id, outcome="partly_met", share=40, note="Half of it.")
    assert proposed(cast, row) == []


# ── The visit that follows ───────────────────────────────────────────────────
def test_a_follow_up_reviews_what_the_visits_before_it_left_to_be_done(cast: Cast) -> None:
    today = timezone.now().date()
    with time_machine.travel(timezone.now() - 80 * DAY, tick=False):
        first = reports.drafted(cast)
        done = reports.recommended(cast, first, 2)
        procedure.observe(actor=cast.carana, visit=first.pk, text="None.")
        procedure.adopt(actor=cast.cted, visit=first.pk)
        reports.rated(cast, done, "implemented")
    second = cast.visit(kind="follow_up", follows=first, starts_on=today - 20 * DAY, ends_on=today - 19 * DAY)
    third = cast.visit(kind="follow_up", follows=second, starts_on=today - 2 * DAY, ends_on=today - DAY)
    assert [one.line.row.number for one in queries.review_of(cast.cted, second)] == [1]
    left = first.recommendations.get(number=1)
    with time_machine.travel(timezone.now() - 18 * DAY, tick=False):
        reports.rated(cast, left, "partly", basis=second.pk)
    (review,) = queries.review_of(cast.cted, third)
    assert (review.before.rated, review.after) == ("partly", None)
    reports.rated(cast, left, "implemented", basis=third.pk)
    (review,) = queries.review_of(cast.carana, third)
    assert (review.before.rated, review.after.rated) == ("partly", "implemented")
    assert queries.review_of(cast.unodc, third) == []


def test_the_table_costs_the_same_for_one_recommendation_and_for_four(cast: Cast) -> None:
    visit = reports.replied(cast).visit
    rows = [
        reports.recommended(cast, Visit.objects.get(pk=visit.pk), number, needs=[cast.need()]) for number in (2, 3, 4)
    ]

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert queries.lines_of(cast.cted, [visit])
        return len(captured)

    whole = statements()
    reports.rated(cast, rows[0])
    assert statements() == whole


def test_the_tasks_cost_the_same_for_one_recommendation_and_for_three(cast: Cast) -> None:
    visit = reports.adopted(cast, needs=[met(cast)])
    reports.rated(cast, visit.recommendations.get())

    def tasks() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            found = len(pending_recommendations(cast.cted))
        return found, len(captured)

    assert tasks()[0] == 1
    one = tasks()
    for number in (2, 3):
        reports.rated(cast, reports.recommended(cast, Visit.objects.get(pk=visit.pk), number, needs=[met(cast)]))
    assert tasks() == (3, one[1])
