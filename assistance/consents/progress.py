"""The state of consent to release the report of a visit, computed from facts. Only CTED and the State may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assistance.access import policy
from assistance.access.models import Restricted
from assistance.consents.kinds import about_visits, kinds_of_visits
from assistance.consents.models import Consent, relation_of
from assistance.consents.states import ConsentState, Decision
from assistance.registry_defaults import no_rows
from assistance.visits.models import Visit
from entities.actors import Actor


@dataclass(frozen=True)
class ConsentFacts:
    """How many rows a State is asked for with a visit, how many of them are released, whether CTED awaits an answer, and
    the last decision."""

    asked: bool
    total: int
    released: int
    last: str = ""


def consent_state(facts: ConsentFacts) -> ConsentState:
    """Return the state of consent. An unanswered request takes precedence over earlier decisions."""
    if facts.asked:
        return ConsentState.ASKED
    if facts.released:
        return ConsentState.FULL if facts.released >= facts.total else ConsentState.PARTIAL
    by_last = {Decision.DECLINED: ConsentState.DECLINED, Decision.WITHDRAWN: ConsentState.WITHDRAWN}
    if facts.last == Decision.GRANTED:
        return ConsentState.EXPIRED
    return by_last[Decision(facts.last)] if facts.last else ConsentState.NOT_ASKED


def consent_states(actor: Actor, visits: Iterable[Visit]) -> dict[UUID, ConsentState]:
    """Return visit id → state, for those visits whose consent this actor may know.

    Runs one query for each kind of row that a State is asked for, and one for the last decisions.
    """
    told = [visit for visit in visits if policy.sees_consents(actor, visit.state_id)]
    if not told:
        return {}
    counts = [
        _counts(kind.release.asked(policy.visible(actor, kind.model)).filter(visit__in=told))
        for kind in kinds_of_visits()
    ]
    last = _last_words(actor, told)
    found = {}
    for visit in told:
        numbers = [count[visit.pk] for count in counts if visit.pk in count]
        total, released = sum(total for total, _released in numbers), sum(released for _total, released in numbers)
        facts = ConsentFacts(visit.consent_asked_at is not None, total, released, last.get(visit.pk, ""))
        found[visit.pk] = consent_state(facts)
    return found


def _counts(rows: QuerySet) -> dict[UUID, tuple[int, int]]:
    """Return visit id → (rows, of these released today)."""
    unended = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
    grouped = rows.order_by().values("visit").annotate(
        total=Count("pk"), released=Count("pk", filter=unended & ~Q(audience=F("owners")))
    )  # fmt: skip
    return {row["visit"]: (row["total"], row["released"]) for row in grouped}


def _last_words(actor: Actor, visits: list[Visit]) -> dict[UUID, str]:
    """Return visit id → the State's last decision over any row of that visit that it is asked for."""
    rows = policy.visible(actor, Consent).filter(about_visits("visit__in", visits)).order_by("given_at", "pk")
    asked = [kind for kind in kinds_of_visits() if kind.release.asked is not no_rows]
    of_rows = [f"{relation_of(kind.model)}__visit" for kind in asked]
    found: dict[UUID, str] = {}
    for decision, whole, *concerned in rows.values_list("decision", "visit", *of_rows):
        about = [*concerned, *([whole] if decision == Decision.DECLINED else [])]  # which alone is about a whole visit
        found.update({visit: decision for visit in about if visit})
    return found


def rows_of(actor: Actor, consent: Consent, model: type[Restricted]) -> QuerySet[Any]:
    """Return the rows of a consent that this actor sees, each with `decided_by`: the latest consent over it."""
    later = policy.visible(actor, Consent).filter(**{relation_of(model): OuterRef("pk")}).order_by("-given_at", "-id")
    rows: QuerySet[Any] = policy.visible(actor, model)
    return rows.filter(consents=consent).annotate(decided_by=Subquery(later.values("pk")[:1]))
