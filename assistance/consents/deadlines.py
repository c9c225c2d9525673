"""Deadlines of releases and plans: the end of releases, and plans that nobody confirms.

Access rights never depend on these tasks: a release past its end gives none. Every transition is run at most once.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import pgettext_lazy

from assistance.access.audiences import fetch_anew
from assistance.access.rules import consent_in_force
from assistance.consents.kinds import kinds
from assistance.consents.models import Consent, ReleasePlan, relation_of
from assistance.consents.plans import NOT_PROPOSED
from assistance.consents.states import PROPOSAL_STANDS, Decision, ReleasePlanStatus
from assistance.registry import Aggregate
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.engine import TransitionContext, finish_all, record, save
from assistance.workflow.models import Batch, Event
from assistance.workflow.naming import named_rows
from entities.actors import Actor

CHUNK = 500  # rows whose end is recorded in one transaction


def run_consents(now: datetime) -> int:
    """Record the end of releases, of those kinds of rows in which it is recorded. Returns how many ended."""
    count = 0
    for kind in kinds_with_ends():
        keys = list(_unrecorded(kind, now).order_by("pk").values_list("pk", flat=True))
        count += sum(_record_ends(kind, keys[start : start + CHUNK], now) for start in range(0, len(keys), CHUNK))
    return count


def kinds_with_ends() -> list[Aggregate]:
    """Return the kinds of rows in which the end of a release is recorded."""
    return [kind for kind in kinds() if kind.release.end_event]


def _unrecorded(kind: Aggregate, now: datetime) -> QuerySet[Any]:
    """Return the rows whose release has ended, and in which the end of their last consent is not recorded."""
    model: Any = kind.model
    last = Consent.objects.filter(**{relation_of(model): OuterRef("pk")}).order_by("-given_at", "-id").values("pk")[:1]
    recorded = Event.objects.filter(
        **{kind.name: OuterRef("pk")}, consent=OuterRef("last_consent"), name=kind.release.end_event
    )
    return model.objects.alias(last_consent=Subquery(last)).filter(~Exists(recorded), ends_at__lte=now)


@transaction.atomic
def _record_ends(kind: Aggregate, keys: list[UUID], now: datetime) -> int:
    """Record the end of the release in those of these rows in which it still has ended; return in how many."""
    model: Any = kind.model
    rows = list(model.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    due = set(_unrecorded(kind, now).filter(pk__in=keys).values_list("pk", flat=True))
    fetch_anew(rows, kind.reasons_read())
    last = {row: consent_in_force(row) for row in rows if row.pk in due}
    ended = {row: consent for row, consent in last.items() if consent and consent.ends and consent.ends <= now}
    if ended:
        contexts = [
            TransitionContext(row, None, None, kind.release.end_event, row.status, also={"consent": consent})
            for row, consent in ended.items()
        ]
        finish_all(contexts, Batch.objects.create())
    return len(ended)


def run_plans(now: datetime) -> int:
    """Return plans that nobody confirmed in time to their authors. Returns how many."""
    late = ReleasePlan.objects.filter(status=ReleasePlanStatus.PROPOSED, proposed_at__lte=now - PROPOSAL_STANDS)
    return sum(_one_unanswered_plan(pk) for pk in late.values_list("pk", flat=True))


@transaction.atomic
def _one_unanswered_plan(pk: UUID) -> bool:
    plan = ReleasePlan.objects.select_for_update().filter(pk=pk, status=ReleasePlanStatus.PROPOSED).first()
    if plan is None:
        return False
    for name, value in NOT_PROPOSED.items():
        setattr(plan, name, value)
    save(plan, list(NOT_PROPOSED))
    record("release_lapsed", plan, actor=None, before=ReleasePlanStatus.PROPOSED)
    return True


def due_consents(actor: Actor, period: Period) -> list[Deadline]:
    """Return the end dates of releases that this actor sees, within a period, soonest first."""
    in_force = Q(pk__in=[])
    for kind in kinds_with_ends():
        model: Any = kind.model
        of_kind = model._default_manager.filter(consents=OuterRef("pk"), released_until=OuterRef("until"))
        in_force |= Q(Exists(of_kind))

    def ending(consents: QuerySet[Consent], first: date, last: date) -> QuerySet[Consent]:
        return consents.filter(in_force, decision=Decision.GRANTED, until__range=(first, last)).order_by("until", "pk")

    found = named_rows(actor, Consent, "ending", ending, [period.first, period.last], period.most)
    return [
        Deadline.of(consent, consent.until, pgettext_lazy("deadline", "End of release"))
        for consent in found
        if consent.until
    ]
