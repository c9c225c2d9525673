"""Ratings of recommendations, and what they propose for the needs behind them; CTED confirms each proposal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assistance.access import audiences, policy, row_security
from assistance.needs.models import Need, Verification
from assistance.needs.states import CloseReason, NeedStatus
from assistance.recommendations.models import NeedLeft, Rating, Recommendation
from assistance.recommendations.states import CLOSES, REOPENS, Rated
from assistance.visits.models import Visit
from assistance.workflow.engine import require_text, transition
from entities.actors import Actor
from web.exceptions import Conflict, Invalid
from web.texts import TEXT_MAX
from web.translated_text import set_localized

REOPEN, CLOSE, PUT = "reopen", "close", "put-to-state"
# Of a rating, the transition of needs that it proposes, and the statuses of needs for which it does. Of the needs that
# were closed, only those are reopened that a follow-up visit superseded (`needs.rules.may_be_reopened`).
PROPOSED = (
    (REOPENS, REOPEN, (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.CLOSED)),
    (REOPENS, PUT, (NeedStatus.DRAFT,)),
    (CLOSES, CLOSE, tuple(one for one in NeedStatus if one not in (NeedStatus.MET, NeedStatus.CLOSED))),
)
WORDS = {
    REOPEN: pgettext_lazy("proposal", "Reopen the need"),
    CLOSE: pgettext_lazy("proposal", "Close the need: no longer needed"),
    PUT: pgettext_lazy("proposal", "Send the need to the State"),
}


@dataclass(frozen=True)
class Proposal:
    """What a rating proposes for a need: the name of a transition of needs."""

    need: Need
    transition: str

    @property
    def label(self) -> Any:
        """The proposal in words."""
        return WORDS[self.transition]


def rate(
    *,
    actor: Actor,
    recommendation: object,
    rated: str,
    why: str,
    basis: object = None,
    language: str = "",
    version: int | None = None,
) -> Recommendation:
    """Rate a recommendation on the basis of a later visit, or from the desk without one. Returns the recommendation.

    What follows for the needs behind it is only proposed (`proposals`). Raises Invalid for an unknown rating, without a
    reason, or for a visit that is not a later one of this State.
    """
    if rated not in Rated.values:
        raise Invalid({"rated": [_("Select one of the ratings given.")]})
    require_text(why=why)
    if len(why) > TEXT_MAX:
        raise Invalid({"why": [_("The text is too long.")]})
    with transition(actor, Recommendation, recommendation, "rate", version=version) as context:
        row = context.row
        found = None
        if basis is not None:
            found = bases(actor, row).filter(pk=getattr(basis, "pk", basis)).first()
            if found is None:
                raise Invalid({"basis": [_("Select a later visit to this State.")]})
        last = Rating.objects.filter(recommendation=row).aggregate(last=Max("number"))["last"] or 0
        rating = Rating(
            recommendation=row, visit_id=row.visit_id, basis=found, number=last + 1, rated=rated, by=actor.user,
            language=language or actor.user.language, rated_on=timezone.now().date(),
        )  # fmt: skip
        set_localized(rating, "why", why, rating.language)
        audiences.assign_audience(rating)
        rating.save(force_insert=True)
        context.reason = str(Rated(rated).label)
    return context.row


def bases(actor: Actor, recommendation: Recommendation) -> QuerySet[Visit]:
    """Return the visits on which a rating can be based: those to the same State after the one of the recommendation."""
    visit = recommendation.visit
    later = policy.visible(actor, Visit).filter(state=visit.state_id, cancelled_on=None, starts_on__gt=visit.ends_on)
    return later.filter(starts_on__lte=timezone.now().date()).order_by("-starts_on")


def proposals(actor: Actor, recommendation: Recommendation) -> list[Proposal]:
    """Return what the latest rating proposes for the needs behind a recommendation, without those decided since."""
    if not actor.is_cted:
        return []
    found = _proposed([recommendation]).get(recommendation.pk, {})
    needs = policy.visible(actor, Need).filter(pk__in=found).select_related("state")
    return [Proposal(need, found[need.pk]) for need in needs.order_by("reference")]


def undecided(rows: QuerySet[Recommendation]) -> set[Any]:
    """Return the keys of those among the rows whose latest rating proposes something that CTED has not decided yet."""
    return set(_proposed(rows))


def _proposed(rows: Sequence[Recommendation] | QuerySet[Recommendation]) -> dict[Any, dict[Any, str]]:
    """Return recommendation → need → the transition that its latest rating proposes. Three statements for all rows."""
    latest = Rating.objects.filter(recommendation__in=rows).order_by("recommendation_id", "-number")
    found_of = latest.distinct("recommendation_id").values_list("recommendation", "pk", "rated", "created_at")
    ratings = {row: (pk, rated, at) for row, pk, rated, at in found_of}  # no text of them is read
    if not ratings:
        return {}
    keys = [pk for pk, _rated, _at in ratings.values()]
    left = set(NeedLeft.objects.filter(rating__in=keys).values_list("rating__recommendation", "need"))
    columns = ("recommendation", "need", "need__status", "need__close_reason", "verified_at", "need__closed_at")
    behind = Recommendation.needs.through.objects.filter(recommendation__in=ratings).annotate(
        verified_at=_verified_at()
    )
    found: dict[Any, dict[Any, str]] = {}
    for row, need, status, close_reason, verified_at, closed_at in behind.values_list(*columns):
        _pk, rated, rated_at = ratings[row]
        is_newer = any(moment is not None and moment > rated_at for moment in (verified_at, closed_at))
        name = _transition(rated, status)
        if name == REOPEN and (is_newer or close_reason not in ("", CloseReason.SUPERSEDED)):
            continue
        if name and (row, need) not in left:
            found.setdefault(row, {})[need] = name
    return found


def _verified_at() -> Subquery:
    """Return when the need of a row was verified last in its running cycle (`needs.rules.settled_at`)."""
    own = Verification.objects.filter(need=OuterRef("need"), cycle=OuterRef("need__cycle"))
    return Subquery(own.order_by("-at").values("at")[:1])


def _transition(rated: str, status: str) -> str:
    return next((name for ratings, name, of in PROPOSED if rated in ratings and status in of), "")


def read_proposed(rows: Sequence[Recommendation]) -> None:
    """Read at once what `has_proposals` asks of many rows."""
    with row_security.bypass():
        found = _proposed(rows)
    for row in rows:
        row.__dict__["has_proposals"] = bool(found.get(row.pk))


def has_proposals(recommendation: Recommendation) -> None:
    """Raise Conflict where no rating proposes anything for the needs behind a recommendation."""
    if "has_proposals" not in recommendation.__dict__:
        read_proposed([recommendation])
    if not recommendation.__dict__.pop("has_proposals"):
        raise Conflict(_("Nothing is proposed for the needs of this recommendation."))


def leave_needs(*, actor: Actor, recommendation: object, reason: str, version: int | None = None) -> Recommendation:
    """Decide not to do what the latest rating proposes for the needs. Returns the recommendation; raises Invalid."""
    require_text(reason=reason)
    with transition(actor, Recommendation, recommendation, "leave-needs", version=version) as context:
        rating = Rating.objects.filter(recommendation=context.row).latest("number")
        for proposal in proposals(actor, context.row):
            NeedLeft.objects.create(rating=rating, need=proposal.need, reason=reason, by=actor.user)
        context.reason = reason
    return context.row


def under_review(visits: Sequence[Visit]) -> list[Visit]:
    """Return the visits whose recommendations a visit reviews: the one it follows up on, and those before it."""
    found: list[Visit] = []
    for visit in visits:
        earlier = visit.follows
        while earlier is not None and earlier not in found:
            found.append(earlier)
            earlier = earlier.follows
    return found
