"""Suggestions: the offers and projects that fit a need, best first, and why others do not. Each starts from policy.

Offers and projects take two statements each, however many there are: one compares those that can score at all, one reads
the best of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from assistance.access import policy
from assistance.needs.matching import MOST, RULES, NeedSide, Score, best, rank, score
from assistance.needs.models import Dismissal, Need
from assistance.needs.suggestion_facts import (
    Between,
    between,
    compared,
    need_side,
    of_place,
    of_theme_or_type,
    of_time,
    offer_sides,
    project_sides,
    with_days,
)
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.projects.models import Project
from assistance.projects.states import UNDER_WAY
from entities.actors import Actor
from entities.models import Organisation

Candidate = Offer | Project


@dataclass(frozen=True)
class Suggestion:
    """An offer or project that fits a need, and how well."""

    row: Candidate
    score: Score
    free: Mapping[
        str, int | Decimal
    ]  # of an offer: what is free of each capacity, or stated, as far as the reader is told

    @property
    def kind(self) -> str:
        """Which it is: offer or project."""
        return self.row.record_name()

    @property
    def provider(self) -> Organisation:
        """The provider of the offer, or the lead of the project."""
        return provider_of(self.row)


def provider_of(row: Candidate) -> Organisation:
    """Return whoever would provide the assistance. Projects without a lead are no candidates."""
    lead: Any = row.provider if isinstance(row, Offer) else row.lead
    return lead


# ── Which rows ───────────────────────────────────────────────────────────────
def candidate_offers(actor: Actor, need: Need) -> QuerySet[Offer]:
    """Return the published offers this actor sees, but of the State itself."""
    return policy.visible(actor, Offer).filter(status=OfferStatus.PUBLISHED).exclude(provider=need.state_id)


def candidate_projects(actor: Actor, need: Need) -> QuerySet[Project]:
    """Return the projects this actor sees that are planned or ongoing and led by whoever can be the provider."""
    rows = policy.visible(actor, Project).filter(status__in=UNDER_WAY, lead__in=Organisation.objects.providers())
    return rows.exclude(lead=need.state_id)


def set_aside(actor: Actor, need: Need, model: type[Candidate]) -> Exists:
    """Return the condition that an organization of this actor has set a candidate aside for this need."""
    own = [one.pk for one in actor.organisations]
    rows = Dismissal.objects.filter(need=need.pk, by_org__in=own, undone_at=None)
    return Exists(rows.filter(**{model.record_name(): OuterRef("pk")}))


# ── The best of them ─────────────────────────────────────────────────────────
class Ranking:
    """The candidates for one need, as one actor sees them. What is known of the need is read once for all of them."""

    def __init__(self, actor: Actor, need: Need) -> None:
        self.actor, self.need = actor, need
        self.side: NeedSide = need_side(actor, need)
        self.known: Between = between(actor, need)

    def both(self) -> list[Suggestion]:
        """Return the best offers and projects together, best first, without those set aside."""
        found = [
            *self.of(candidate_offers(self.actor, self.need).exclude(set_aside(self.actor, self.need, Offer))),
            *self.of(candidate_projects(self.actor, self.need).exclude(set_aside(self.actor, self.need, Project))),
        ]
        rows = {one.score.key: one for one in found}
        return [rows[score.key] for score in best(one.score for one in found)[:MOST]]

    def of(self, rows: QuerySet[Any]) -> list[Suggestion]:
        """Return the best of these offers or projects, best first. Two statements, however many there are.

        The condition leaves out what `score` would: what meets neither theme nor type, and what is for other places; and
        what has ended.
        """
        model = rows.model
        could = self.prepared(rows).filter(of_theme_or_type(model, self.side), of_place(), of_time(model))
        sides = {side.key: side for side in self.sides(could)}
        ranked = rank(self.side, sides.values())
        owner = "lead" if model is Project else "provider"
        kept = rows.select_related(owner).in_bulk([one.key for one in ranked])
        return [Suggestion(kept[one.key], one, sides[one.key].free) for one in ranked if one.key in kept]

    def score_of(self, row: Candidate) -> Score | None:
        """Return how well one candidate fits; None when it is for other States, or meets neither theme nor type."""
        rows = self.prepared(policy.visible(self.actor, type(row)).filter(pk=row.pk))
        return next((score(self.side, side) for side in self.sides(rows)), None)

    def prepared(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with what is compared of them."""
        return compared(with_days(rows) if rows.model is Project else rows, self.side)

    def sides(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """Return the data of prepared rows that scoring uses. One statement."""
        read = project_sides if rows.model is Project else offer_sides
        return read(self.actor, rows, self.need, self.side, self.known)


def suggestions_for(actor: Actor, need: Need) -> list[Suggestion]:
    """Return the offers and projects that fit a need, best first, as far as this actor sees them."""
    return Ranking(actor, need).both()


def ranked_offers(actor: Actor, need: Need) -> list[tuple[Offer, Score]]:
    """Return published offers this actor sees, best fitting first, each with its score and the reasons for it.

    For a provider, its own offers are ranked together with those of others. Those of the State itself are left out.
    """
    found = Ranking(actor, need).of(candidate_offers(actor, need))
    return [(one.row, one.score) for one in found if isinstance(one.row, Offer)]


def score_of(actor: Actor, need: Need, row: Candidate) -> Score | None:
    """Return how well one offer or project fits a need, as this actor sees it."""
    return Ranking(actor, need).score_of(row)


# ── Why nobody fits ──────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Failed:
    """How many candidates of one kind fail by one rule. Each is counted once, by the first rule that it fails."""

    kind: str
    rule: str
    count: int


def nobody_because(actor: Actor, need: Need, side: NeedSide | None = None) -> list[Failed]:
    """Return why the candidates that this actor sees do not fit, in the order of the rules. Two statements."""
    side = side or need_side(actor, need)
    return [
        *_failed(candidate_offers(actor, need), actor, need, side),
        *_failed(candidate_projects(actor, need), actor, need, side),
    ]


def _failed(rows: QuerySet[Any], actor: Actor, need: Need, side: NeedSide) -> list[Failed]:
    model = rows.model
    rows = compared(with_days(rows) if model is Project else rows, side)
    passes = (of_theme_or_type(model, side), of_place(), of_time(model), ~Q(set_aside(actor, need, model)))
    named = {
        f"passes_{rule}": ExpressionWrapper(condition, output_field=BooleanField())
        for rule, condition in zip(RULES, passes, strict=True)
    }
    found: Counter[str] = Counter()
    counted = rows.annotate(**named).order_by().values_list(*named).annotate(number=Count("pk"))
    for *passed, number in counted:
        if not all(passed):
            found[RULES[passed.index(False)]] += number
    return [Failed(model.record_name(), rule, found[rule]) for rule in RULES if found[rule]]
