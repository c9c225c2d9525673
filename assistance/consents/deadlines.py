"""Deadlines of releases and plans: the end of releases, and plans that nobody confirms.

Access rights never depend on these tasks: a release past its end gives none. Every transition is run at most once.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.consents.kinds import kinds
from assistance.consents.models import Consent, ReleasePlan
from assistance.consents.plans import NOT_PROPOSED
from assistance.consents.states import PROPOSAL_STANDS, Decision, ReleasePlanStatus
from assistance.registry import Aggregate
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.engine import record, save
from assistance.workflow.naming import with_names
from entities.actors import Actor


def run_consents(now: datetime) -> int:
    """Record the end of releases, of those kinds of rows in which it is recorded. Returns how many ended."""
    granted = Consent.objects.filter(decision=Decision.GRANTED, until__isnull=False)
    count = 0
    for kind in kinds_with_ends():
        model: Any = kind.model
        rows = model.objects.filter(consents__in=granted, ends_at__lte=now).distinct()
        count += sum(_one_ended(kind, pk, now) for pk in rows.values_list("pk", flat=True))
    return count


def kinds_with_ends() -> list[Aggregate]:
    """Return the kinds of rows in which the end of a release is recorded."""
    return [kind for kind in kinds() if kind.release.ended is not None]


@transaction.atomic
def _one_ended(kind: Aggregate, pk: UUID, now: datetime) -> bool:
    model: Any = kind.model
    row = model.objects.select_for_update().get(pk=pk)
    consent = row.consents.select_related("state").order_by("-given_at", "-id").first()
    if consent is None or consent.ends is None or consent.ends > now:
        return False  # released again since the query
    return kind.release.ended is not None and kind.release.ended(row, consent)


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
    consents = policy.visible(actor, Consent).filter(
        in_force, decision=Decision.GRANTED, until__range=(period.first, period.last)
    )
    ending = with_names(consents, actor).order_by("until", "pk")[: period.most]
    return [
        Deadline.of(consent, consent.until, pgettext_lazy("deadline", "End of release"))
        for consent in ending
        if consent.until
    ]
