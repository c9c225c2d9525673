"""Access rules of recommendations and of what is said about them, and the guards of their transitions."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access.rules import AccessReason, cted, released, state
from assistance.needs.models import Need
from assistance.recommendations.models import Observation, OfVisit, Rating, Recommendation, Response
from assistance.recommendations.states import ResponseStatus
from assistance.visits.models import Visit
from assistance.workflow.models import Event
from entities.actors import Actor
from web.dates import in_words
from web.exceptions import Conflict, Invalid

Kept = Recommendation | OfVisit


# ── Who sees them? ───────────────────────────────────────────────────────────
def may_create(actor: Actor) -> bool:
    """Return whether this actor records recommendations: only CTED does."""
    return actor.is_cted


def access_reasons(row: Kept) -> Iterator[AccessReason]:
    """Yield the access reasons of a row about a visit report: CTED, the State, and those whom its consent names."""
    yield cted()
    yield state(row.visit.state)
    yield from released(row)


def access_reasons_of_response(response: Response) -> Iterator[AccessReason]:
    """Yield the access reasons of a part of a reply: of the State alone until the reply is sent."""
    if response.status == ResponseStatus.DRAFT:
        yield state(response.visit.state)
    else:
        yield from access_reasons(response)


def states_of(rows: Sequence[Kept]) -> dict[UUID, UUID]:
    """Return the State of each row, by the row's key. One query where the visits are not loaded, else none."""
    known = {row.visit_id: row.visit.state_id for row in rows if type(row).visit.is_cached(row)}
    if missing := {row.visit_id for row in rows} - set(known):
        known |= dict(Visit.objects.filter(pk__in=missing).values_list("pk", "state"))
    return {row.pk: known[row.visit_id] for row in rows}


# ── When can a visit go on? ──────────────────────────────────────────────────
def visit_facts() -> dict[str, Any]:
    """Return the annotations of lists of visits that the guards below ask."""
    own = Recommendation.objects.filter(visit=OuterRef("pk")).order_by().values("visit")
    drafts = Response.objects.filter(visit=OuterRef("pk"), status=ResponseStatus.DRAFT)
    return {
        "recommendations_count": Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0),
        "recommendations_last": Coalesce(Subquery(own.annotate(last=Max("number")).values("last")), 0),
        "has_unanswered": Exists(unanswered(OuterRef("pk"))),
        "has_drafts": Exists(drafts),
        "was_asked_for_consent": Exists(Event.objects.filter(visit=OuterRef("pk"), name="consent_asked")),
    }


def unanswered(visit: Any) -> QuerySet[Recommendation]:
    """Return the recommendations of a visit of which the State has said nothing yet, not even in a draft."""
    return Recommendation.objects.filter(visit=visit).filter(
        ~Exists(Response.objects.filter(recommendation=OuterRef("pk")))
    )


def drafts_behind(visit: Visit, needs: QuerySet[Need]) -> QuerySet[Need]:
    """Return those of the needs that the final report puts to the State: drafts behind its recommendations."""
    return needs.filter(recommendations__visit=visit, put_to_state_at=None, closed_at=None).distinct()


def is_numbered(visit: Visit) -> None:
    """Raise Conflict for a report without recommendations, or whose recommendations are not numbered from 1 on."""
    count, last = visit.__dict__.get("recommendations_count"), visit.__dict__.get("recommendations_last")
    if count is None:
        count, last = visit.recommendations.aggregate(count=Count("pk"), last=Max("number")).values()
    if not count:
        raise Conflict(_("Record the recommendations of the report first."))
    if last != count:
        raise Conflict(_("Number the recommendations of the report from 1 on, without a gap."))


def has_something_to_reply(visit: Visit) -> None:
    """Raise Conflict when the State has entered nothing since its last reply."""
    known = visit.__dict__.get("has_drafts")
    if not (visit.responses.filter(status=ResponseStatus.DRAFT).exists() if known is None else known):
        raise Conflict(_("Enter what was done about the recommendations first."))


def is_answered(visit: Visit) -> None:
    """Raise Conflict while the State has said nothing of a recommendation; “no answer” is an answer."""
    known = visit.__dict__.get("has_unanswered")
    if known is False:
        return
    missing = [row.number for row in unanswered(visit).order_by("number")]
    if missing:
        numbers = ", ".join(map(str, missing))
        raise Conflict(_("Select a status for each recommendation. Missing: %(numbers)s.") % {"numbers": numbers})


# ── What was sent does not change ────────────────────────────────────────────
def observation_is_not_sent(observation: Observation) -> None:
    """Raise Conflict: observations are sent as they are recorded, with their file."""
    raise Conflict(_("This has been sent to CTED. Its documents can no longer be changed."))


def response_is_not_sent(response: Response) -> None:
    """Raise Conflict for a part of a reply that the State has sent."""
    if response.status == ResponseStatus.SENT:
        raise Conflict(_("This has been sent to CTED. Its documents can no longer be changed."))


NO_LETTER = gettext_lazy("This letter does not yet belong to the visit: record the step that it is about.")
# Of each letter, what must have happened before it is sent, and the first day on which it can have been sent. Asking for
# consent is found in the history: its day is forgotten with the answer.
LETTER_FOLLOWS = {
    "draft-report": ("draft_sent_on", "ends_on"),
    "observations-reminder": ("draft_sent_on", "draft_sent_on"),
    "final-report": ("final_sent_on", "adopted_on"),
    "reply-request": ("final_sent_on", "final_sent_on"),
    "consent-request": ("", "starts_on"),
}


def letters_of(visit: Visit) -> list[str]:
    """Return the names of the letters whose step has been recorded for a visit."""
    known: bool | None = visit.__dict__.get("was_asked_for_consent")
    asked = visit.events.filter(name="consent_asked").exists() if known is None else known
    return [name for name, (step, _first) in LETTER_FOLLOWS.items() if (getattr(visit, step) if step else asked)]


def has_letter(visit: Visit) -> None:
    """Raise Conflict for a visit to which no letter belongs yet."""
    if not letters_of(visit):
        raise Conflict(NO_LETTER)


def check_letter(visit: Visit, letter: str, sent_on: date) -> None:
    """Raise Invalid for a letter before the step that it is about, or for a day before what it presupposes."""
    if letter not in letters_of(visit):
        raise Invalid({"letter": [NO_LETTER]})
    _step, first = LETTER_FOLLOWS[letter]
    earliest = getattr(visit, first)
    if earliest is not None and sent_on < earliest:
        text = _("This letter cannot have been sent before %(day)s.")
        raise Invalid({"sent_on": [text % {"day": in_words(earliest)}]})


def proposed_day(visit: Visit) -> date | None:
    """Return the day on which the report was adopted as the first of two persons proposed it, or None."""
    event = visit.events.filter(name="adoption_proposed").order_by("-at").first()
    try:
        return date.fromisoformat(event.reason) if event else None
    except ValueError:  # proposed before the day was kept
        return None


def is_adopted(recommendation: Recommendation) -> None:
    """Raise Conflict before the report with the recommendation is adopted."""
    if recommendation.adopted_on is None:
        raise Conflict(_("The report has not been adopted yet."))


def latest_rating(recommendation: Recommendation) -> Rating | None:
    """Return the latest rating of a recommendation, whoever reads it."""
    return Rating.objects.filter(recommendation=recommendation).order_by("-number").first()
