"""Visits whose report has come so far, each made by the steps that people take."""

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from assistance.access import audiences
from assistance.consents.models import TwoPersonRule
from assistance.recommendations import answers, procedure, rating
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.tests.cast import Cast
from assistance.visits.models import Visit
from assistance.workflow import editing


def ask_for_two(cast: Cast) -> None:
    """Let CTED ask for two persons."""
    rule = TwoPersonRule(state=cast.org("cted"), is_on=True)
    audiences.assign_audience(rule)
    rule.save()


def recommended(cast: Cast, visit: Visit | None = None, number: int = 1, **values: Any) -> Recommendation:
    """Return a recommendation in the report of a visit, whose first section it is about."""
    visit = visit or cast.visit()
    section = visit.sections.order_by("number").first() or cast.section(visit)
    return editing.create(
        actor=cast.cted,
        model=Recommendation,
        values={
            "visit": visit, "section": section, "number": number, "language": "en",
            "title": f"Screening {number}", "text": f"Receive advance passenger information {number}.",
            "theme": cast.theme, "priority": "high", "priority_reason": "Named by the Committee.", **values,
        },
    )  # fmt: skip


def drafted(cast: Cast, **values: Any) -> Visit:
    """Return a visit whose draft report is with the State; its one recommendation has these values."""
    visit = recommended(cast, **values).visit
    return procedure.send_draft(actor=cast.cted, visit=visit.pk)


def observed(cast: Cast, text: str = "The name of the agency is not correct.", file: Any = None) -> Observation:
    """Return observations of the State on a draft report."""
    visit = procedure.observe(actor=cast.carana, visit=drafted(cast).pk, text=text, file=file)
    return visit.observations.latest("number")


def adopted(cast: Cast, **values: Any) -> Visit:
    """Return a visit whose report was adopted after observations."""
    visit = drafted(cast, **values)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="The name of the agency is not correct.")
    return procedure.adopt(actor=cast.cted, visit=visit.pk)


def final(cast: Cast, **values: Any) -> Visit:
    """Return a visit whose final report is with the State."""
    return procedure.send_final(actor=cast.cted, visit=adopted(cast, **values).pk)


def answered(cast: Cast, visit: Visit | None = None, **values: Any) -> Response:
    """Return what the State entered about the first recommendation of a report, which it has not sent."""
    visit = visit or final(cast)
    row = visit.recommendations.order_by("number").first()
    given = {"said": "under_way", "action": "A unit was set up.", **values}
    return answers.save(actor=cast.carana, recommendation=row.pk, **given)


def replied(cast: Cast, **values: Any) -> Response:
    """Return a part of a reply that the State has sent."""
    response = answered(cast, **values)
    procedure.reply(actor=cast.carana, visit=response.visit_id)
    response.refresh_from_db()
    return response


def rated(
    cast: Cast, recommendation: Recommendation | None = None, rating_value: str = "partly", **values: Any
) -> Rating:
    """Return a rating of a recommendation of an adopted report."""
    row = recommendation or adopted(cast).recommendations.get()
    rating.rate(actor=cast.cted, recommendation=row.pk, rated=rating_value, why="No unit was found.", **values)
    return row.ratings.latest("number")


def followed_up(cast: Cast) -> Visit:
    """Return a visit that follows up on one whose State has replied, under way since yesterday."""
    with time_machine.travel(timezone.now() - timedelta(days=20), tick=False):
        earlier = replied(cast).visit
    today = timezone.now().date()
    return cast.visit(
        kind="follow_up", follows=earlier, starts_on=today - timedelta(days=2), ends_on=today - timedelta(days=1)
    )
