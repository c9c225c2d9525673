"""Queries about recommendations and the road of a visit. Each starts from policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from assistance.access import policy
from assistance.documents.models import Document
from assistance.needs.models import Need
from assistance.needs.queries import with_coverage
from assistance.recommendations import answers, rating
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.recommendations.rules import drafts_behind, proposed_day
from assistance.recommendations.states import ENDS, ResponseStatus
from assistance.visits.models import Visit
from assistance.visits.queries import sections_of
from assistance.visits.states import VISIT_ROAD, VisitStage
from entities.actors import Actor

# The stages that count as a step of the road besides the step itself.
STANDS_FOR = {
    VisitStage.UNDER_WAY: VisitStage.HOST_CONSENT,
    VisitStage.NO_OBSERVATIONS: VisitStage.OBSERVATIONS_IN,
    VisitStage.REPLY_DUE: VisitStage.FINAL_SENT,
}


@dataclass(frozen=True)
class Line:
    """One recommendation in a table: what the State said, what CTED found, and the needs behind it, as a reader sees them."""

    row: Recommendation
    needs: tuple[Need, ...]

    @property
    def ratings(self) -> list[Rating]:
        """The ratings of CTED, the latest first."""
        found: list[Rating] = self.row.__dict__["seen_ratings"]
        return found

    @property
    def responses(self) -> list[Response]:
        """What the State said and sent, the latest first."""
        return [one for one in self.row.__dict__["seen_responses"] if one.status == ResponseStatus.SENT]

    @property
    def response(self) -> Response | None:
        """The State's latest word, or None."""
        return next(iter(self.responses), None)

    @property
    def draft(self) -> Response | None:
        """What the State has entered for its next reply, or None."""
        entered = self.row.__dict__["seen_responses"]
        return next((one for one in entered if one.status == ResponseStatus.DRAFT), None)

    @property
    def said(self) -> Response | None:
        """What the State says: what it has entered for its next reply, else its latest word, or None."""
        return self.draft or self.response

    @property
    def rating(self) -> Rating | None:
        """The latest rating of CTED, or None."""
        return next(iter(self.ratings), None)

    def rating_of(self, visit: Visit) -> Rating | None:
        """Return the latest rating that is based on a visit, or None."""
        return next((one for one in self.ratings if one.basis_id == visit.pk), None)

    def rating_before(self, visit: Visit) -> Rating | None:
        """Return the latest rating that was there before a visit, or None."""
        return next((one for one in self.ratings if one.rated_on < visit.starts_on), None)


def lines_of(actor: Actor, visits: Sequence[Visit]) -> list[Line]:
    """Return the recommendations of these visits that this actor sees, in order. Five statements, however many."""
    rows = list(answers.matrix(actor, visits))
    through = Recommendation.needs.through.objects.filter(recommendation__in=rows).order_by("need__reference")
    keys = through.order_by().values("need")
    needs = {need.pk: need for need in with_coverage(policy.visible(actor, Need).filter(pk__in=keys))} if rows else {}
    behind: dict[Any, list[Need]] = {}
    for row, need in through.values_list("recommendation", "need") if needs else ():
        if need in needs:
            behind.setdefault(row, []).append(needs[need])
    return [Line(row, tuple(behind.get(row.pk, ()))) for row in rows]


def line_of(actor: Actor, recommendation: Recommendation) -> Line:
    """Return one recommendation with what was said of it and the needs behind it, as this actor sees them."""
    lines = lines_of(actor, [recommendation.visit])
    return next(line for line in lines if line.row.pk == recommendation.pk)


def about_report(actor: Actor, visit: Visit) -> dict[str, Any]:
    """Return what decision pages show of a report: sections, recommendations with what the State says, observations."""
    return {
        "sections": sections_of(actor, visit),
        "lines": lines_of(actor, [visit]),
        "observations": observations_of(actor, visit),
        "may_adopt": actor.is_cted,
        "proposed_day": proposed_day(visit) if visit.adoption_proposed_by_id and actor.is_cted else None,
    }


def sent_with_final(actor: Actor, visit: Visit) -> QuerySet[Need]:
    """Return the needs that the final report puts to the State, as far as this actor sees them."""
    needs = policy.visible(actor, Need).filter(pk__in=drafts_behind(visit, Need.objects.all()).values("pk"))
    return needs.select_related("state").order_by("reference")


def about_recommendation(actor: Actor, recommendation: Recommendation) -> dict[str, Any]:
    """Return what decision pages show of a recommendation: what was said of it, and what its rating proposes."""
    line = line_of(actor, recommendation)
    proposed = rating.proposals(actor, recommendation)
    return {"responses": line.responses, "ratings": line.ratings, "proposals": proposed}


@dataclass(frozen=True)
class Review:
    """A recommendation of an earlier visit on the page of the visit that follows it up: rated before, and now."""

    line: Line
    before: Any
    after: Any


def review_of(actor: Actor, visit: Visit) -> list[Review]:
    """Return the recommendations that a visit reviews, without those that had ended before it."""
    earlier = rating.under_review([visit])
    found = [
        Review(line, line.rating_before(visit), line.rating_of(visit))
        for line in (lines_of(actor, earlier) if earlier else [])
    ]
    return [one for one in found if one.after or not (one.before and one.before.rated in ENDS)]


def observations_of(actor: Actor, visit: Visit) -> QuerySet[Observation]:
    """Return the observations on a draft report that this actor sees, oldest first."""
    rows = policy.visible(actor, Observation).filter(visit=visit).select_related("visit__state", "audience", "owners")
    files = policy.visible(actor, Document).filter(removed_at=None).order_by("attached_at", "id")
    return rows.prefetch_related(Prefetch("documents", files)).order_by("number")


def road(visit: Visit, stage: VisitStage) -> list[dict[str, Any]]:
    """Return the stages of a visit for the stepper, each done, current or to come; a cancelled visit has no current one."""
    here = STANDS_FOR.get(stage, stage)
    position = VISIT_ROAD.index(here) if here in VISIT_ROAD else -1
    days = {
        VisitStage.HOST_CONSENT: visit.host_consent_on,
        VisitStage.CONDUCTED: visit.ends_on,
        VisitStage.DRAFT_WITH_STATE: visit.draft_sent_on,
        VisitStage.OBSERVATIONS_IN: visit.observed_on or visit.observations_ended_on,
        VisitStage.ADOPTED: visit.adopted_on,
        VisitStage.FINAL_SENT: visit.final_sent_on,
        VisitStage.REPLY_IN: visit.replied_on,
        VisitStage.FOLLOWED_UP: visit.followed_up_on,
    }
    labels = {here: stage.label} if position >= 0 else {}
    return [
        {
            "label": labels.get(one, one.label),
            "state": "done" if number < position else "here" if number == position else "todo",
            "at": days.get(one) if number <= position else None,
        }
        for number, one in enumerate(VISIT_ROAD)
    ]
