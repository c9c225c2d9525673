"""Deadlines of releases and plans: the end of releases, and plans that nobody confirms.

Access rights never depend on these tasks: a release past its end gives none. Every transition is run at most once.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from assistance.access import policy
from assistance.consents.models import Consent, ReleasePlan
from assistance.consents.plans import NOT_PROPOSED
from assistance.consents.states import PROPOSAL_STANDS, Decision, ReleasePlanStatus
from assistance.needs.models import Need
from assistance.needs.status import refresh_need
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.engine import record, save
from assistance.workflow.models import Event
from entities.actors import Actor


def run_consents(now: datetime) -> int:
    """Record the end of releases of needs. Returns how many ended."""
    ended = Consent.objects.filter(decision=Decision.GRANTED, until__lt=now.date())
    needs = Need.objects.filter(consents__in=ended, released_until__lt=now.date()).distinct()
    return sum(_one_ended_need(pk, now) for pk in needs.values_list("pk", flat=True))


@transaction.atomic
def _one_ended_need(pk: UUID, now: datetime) -> bool:
    need: Any = Need.objects.select_for_update().get(pk=pk)
    consent = need.consents.order_by("-given_at", "-id").first()
    if consent is None or consent.until is None or consent.until >= now.date():
        return False  # released again since the query
    if Event.objects.filter(need=need, consent=consent, name="consent_expired").exists():
        return False
    before = need.status
    refresh_need(need)
    record("consent_expired", need, actor=None, before=before, consent=consent)
    return True


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
    consents = policy.visible(actor, Consent).filter(
        decision=Decision.GRANTED, until__range=(period.first, period.last), needs__released_until=F("until")
    )
    ending = consents.distinct().order_by("until", "pk")[: period.most]
    return [Deadline.of(consent, consent.until, _("Release ends")) for consent in ending if consent.until]
