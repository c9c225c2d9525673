"""What scoring compares, read from the rows that a reader sees: of a need, of offers, of projects, and between them.

Each function starts from policy. What another provider declined or has committed changes nothing for whoever may not
know it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce
from django.utils import timezone

from assistance.access import policy
from assistance.needs.matching import Asked, CandidateSide, NeedSide
from assistance.needs.models import RESERVED, Match, Need
from assistance.needs.states import CONFIRMED_MATCH, MatchStatus, NeedSource
from assistance.offers.capacity import is_told_by, tells_all
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import Unit
from assistance.workflow.models import Event
from entities.actors import Actor
from entities.local_days import today_at
from entities.regions import regions_around

LEAST_LEFT = timedelta(days=90)  # of a project that is suggested
ASKED = {Unit.PEOPLE: "places", Unit.EXPERT_DAYS: "expert_days"}  # the other units are no capacity of offers


# ── Of a need ────────────────────────────────────────────────────────────────
def need_side(actor: Actor, need: Need) -> NeedSide:
    """Return of a need, read with the regions around its State, what scoring compares."""
    return NeedSide(
        theme=need.theme_id,
        assistance_type=need.assistance_type,
        state=need.state_id,
        regions=frozenset(region.pk for region in regions_around(need.state.region)),
        language=need.language,
        deadline=need.deadline,
        instrument=need.instrument_id,
        asked=asked(actor, [(need.pk, need.source)]).get(need.pk),
    )


def asked(actor: Actor, needs: Iterable[tuple[UUID, str]]) -> dict[UUID, Asked]:
    """Return how much each need (key and source) asks for, by the request of which it was made, if this actor sees that."""
    made = [pk for pk, source in needs if source == NeedSource.REQUEST]
    if not made:
        return {}
    rows = (
        policy.visible(actor, AssistanceRequest).filter(needs__in=made, quantity__gt=0, unit__in=ASKED).order_by("pk")
    )
    found = rows.values_list("needs", "quantity", "unit")
    return {pk: Asked(ASKED[Unit(unit)], number) for pk, number, unit in found if number}


# ── Between providers and a need ─────────────────────────────────────────────
@dataclass(frozen=True)
class Between:
    """What is known between the providers and one need."""

    declined: Mapping[UUID, date] = field(default_factory=dict)  # provider → when it declined the need
    delivered: Mapping[UUID, str] = field(default_factory=dict)  # provider → “state” or “region”


def between(actor: Actor, need: Need) -> Between:
    """Return which providers declined this need and which delivered, verified, in its State or region."""
    declined = {provider: day for _need, provider, day in declines(actor, need=need)}
    here, near = Q(need__state=need.state_id), Q(need__state__region=need.state.region_id)
    rows = deliveries(actor).filter(here | near if need.state.region_id else here)
    found: dict[UUID, str] = {}
    for provider, state in rows.order_by().values_list("provider", "need__state").distinct():
        if state == need.state_id or provider not in found:
            found[provider] = "state" if state == need.state_id else "region"
    return Between(declined, found)


def declines(actor: Actor, **only: object) -> Iterator[tuple[UUID, UUID, date]]:
    """Yield need, provider and day of the matches (with these values) that this actor sees and that the provider declined.

    The history, which says who declined, is read only where there are any: its policy takes 5 ms to plan.
    """
    rows = policy.visible(actor, Match).filter(**only, status=MatchStatus.DECLINED, suggested_by_cted=True)
    found = {match: (need, provider) for match, need, provider in rows.values_list("pk", "need", "provider")}
    if found:
        said = Event.objects.filter(match__in=found, name="match_declined", before=MatchStatus.SUGGESTED)
        for match, at in said.order_by("at").values_list("match", "at"):
            yield (*found[match], at.date())


def deliveries(actor: Actor) -> QuerySet[Match]:
    """Return the matches that this actor sees and of which some was verified as met."""
    return policy.visible(actor, Match).filter(status=MatchStatus.DELIVERED, verified_share__gt=0)


# ── Of offers and projects ───────────────────────────────────────────────────
def compared(rows: QuerySet[Any], side: NeedSide) -> QuerySet[Any]:
    """Return offers or projects with what scoring compares of them with a need: `has_theme`, `is_named` and so on.

    Each is looked up in a set that PostgreSQL makes once: of 5,000 rows, each would else be looked up by itself.
    """
    model: Any = rows.model
    column, named, region = (
        ("project", "states", "regions") if model is Project else ("offer", "for_states", "for_regions")
    )
    links: dict[str, tuple[Any, Mapping[str, Any]]] = {
        "has_theme": (model.themes.through, {"theme": side.theme}),
        "is_named": (getattr(model, named).through, {"organisation": side.state}),
        "in_region": (getattr(model, region).through, {"region__in": side.regions}),
        "names_states": (getattr(model, named).through, {}),
        "names_regions": (getattr(model, region).through, {}),
    }
    return rows.annotate(**{name: _among_these(link, column, only) for name, (link, only) in links.items()})


def _among_these(link: Any, column: str, only: Mapping[str, Any]) -> ExpressionWrapper:
    keys = link.objects.filter(**only).order_by().values(f"{column}_id")
    return ExpressionWrapper(Q(pk__in=keys), output_field=BooleanField())


def of_theme_or_type(model: type[Model], side: NeedSide) -> Q:
    """Return the condition that an offer covers the theme or provides the type; a project states only themes."""
    theme = Q(has_theme=True)
    return theme if model is Project else theme | Q(assistance_types__contains=[side.assistance_type])


def of_place() -> Q:
    """Return the condition that a candidate is not for other States only."""
    return Q(is_named=True) | Q(in_region=True) | Q(names_states=False, names_regions=False)


def of_time(model: type[Model]) -> Q:
    """Return the condition that an offer is still open, or that a project goes on for long enough."""
    if model is Offer:
        return Q(closes_on=None) | Q(closes_on__gte=today_at("provider__time_zone"))
    return Q(ends=None) | Q(ends__gte=timezone.now().date() + LEAST_LEFT)


def offer_sides(
    actor: Actor, rows: QuerySet[Any], need: Need, side: NeedSide, known: Between
) -> Iterator[CandidateSide]:
    """Yield of offers with what is `compared` the data that scoring uses. One statement."""
    values = rows.annotate(committed=_committed(actor), same=_serves(actor, "offer", need)).order_by()
    told: dict[UUID, bool] = {}
    for row in values.values(*OFFER_VALUES):
        provider = row["provider_id"]
        if provider not in told:
            told[provider] = is_told_by(actor, provider)
        yield CandidateSide(
            key=row["pk"],
            themes=frozenset([side.theme if row["has_theme"] else OTHER]),
            assistance_types=frozenset(row["assistance_types"]),
            languages=frozenset(row["working_languages"]),
            opens_on=row["opens_on"],
            closes_on=row["closes_on"],
            free=free_of(row, row["committed"] if told[provider] else None),
            **_common(row, side, known, provider),
        )


def project_sides(
    actor: Actor, rows: QuerySet[Any], need: Need, side: NeedSide, known: Between
) -> Iterator[CandidateSide]:
    """Yield of projects with what is `compared` the data that scoring uses. One statement.

    A project states neither types nor languages nor capacity.
    """
    values = rows.annotate(same=_serves(actor, "project", need)).order_by().values(*PROJECT_VALUES)
    for row in values:
        yield CandidateSide(
            key=row["pk"],
            themes=frozenset([side.theme if row["has_theme"] else OTHER] if row["has_themes"] else ()),
            opens_on=row["begins"],
            closes_on=row["ends"],
            open_by_default=False,
            **_common(row, side, known, row["lead_id"]),
        )


OTHER = ""  # any theme but that of the need
COMMON = ("pk", "has_theme", "is_named", "in_region", "names_states", "names_regions", "same")
OFFER_VALUES = (
    *COMMON, "provider_id", "assistance_types", "working_languages", "opens_on", "closes_on", *RESERVED, "committed",
)  # fmt: skip
PROJECT_VALUES = (*COMMON, "lead_id", "has_themes", "begins", "ends")


def _common(row: Mapping[str, Any], side: NeedSide, known: Between, provider: UUID) -> dict[str, Any]:
    elsewhere = frozenset([None]) if row["names_states"] or row["names_regions"] else frozenset()
    return {
        "states": frozenset([side.state]) if row["is_named"] else elsewhere,
        "regions": side.regions if row["in_region"] else frozenset(),
        "instruments": frozenset([side.instrument] if row["same"] else ()),
        "delivered": known.delivered.get(provider, ""),
        "declined_on": known.declined.get(provider),
    }


def free_of(stated: Mapping[str, Any], committed: Collection[Any] | None) -> dict[str, int | Decimal]:
    """Return what is free of each capacity that is stated; without what is `committed`, as much as is stated."""
    taken = dict(zip(RESERVED, committed or (), strict=False))
    return {name: max(stated[name] - (taken.get(name) or 0), 0) for name in RESERVED if stated[name] is not None}


def with_days(projects: QuerySet[Any]) -> QuerySet[Any]:
    """Return projects with the days on which they begin and end, actual or else planned, and whether they state themes."""
    link: Any = Project.themes.through
    return projects.annotate(
        begins=Coalesce("actual_start", "planned_start"),
        ends=Coalesce("actual_end", "planned_end"),
        has_themes=_among_these(link, "project", {}),
    )


def _committed(actor: Actor) -> Any:
    """Return what confirmed matches reserve of an offer, as an array; NULL where the actor is not told."""
    rows = (
        policy.visible(actor, Match).filter(offer=OuterRef("pk"), status__in=CONFIRMED_MATCH).order_by().values("offer")
    )
    numbers = Func(
        *(Coalesce(Sum(column), 0, output_field=DecimalField()) for column in RESERVED.values()),
        template="ARRAY[%(expressions)s]::numeric[]",
        output_field=ArrayField(DecimalField()),
    )
    sums = Subquery(rows.annotate(numbers=numbers).values("numbers"))
    if tells_all(actor):
        return sums
    own = [one.pk for one in actor.organisations]
    return Case(When(provider__in=own, then=sums), default=Value(None), output_field=ArrayField(DecimalField()))


def _serves(actor: Actor, column: str, need: Need) -> Any:
    """Return whether a candidate has a confirmed match for a need under the same instrument, or addresses such a need."""
    if need.instrument_id is None:
        return Value(False, output_field=BooleanField())
    here = {column: OuterRef("pk"), "need__instrument": need.instrument_id}
    matched = Exists(policy.visible(actor, Match).filter(**here, status__in=CONFIRMED_MATCH))
    if column == "offer":
        return matched
    addressed = policy.visible(actor, Need).filter(projects=OuterRef("pk"), instrument=need.instrument_id)
    return Case(When(matched | Exists(addressed), then=Value(True)), default=Value(False), output_field=BooleanField())
