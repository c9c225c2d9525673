"""What is particular to releases of needs: a need is agreed first, and moves back when its release ends."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.needs.status import refresh_need
from assistance.registry import ReleaseSpec
from assistance.workflow.engine import record
from assistance.workflow.models import Event
from web.lists import joined


def _named(needs: Sequence[Need]) -> str:
    text = ngettext("need %(references)s", "needs %(references)s", len(needs))
    return text % {"references": joined(need.reference for need in needs)}


def _put_to_state(needs: QuerySet[Any]) -> QuerySet[Any]:
    return needs.filter(put_to_state_at__isnull=False)


def _not_agreed(needs: QuerySet[Any]) -> QuerySet[Any]:
    return needs.filter(agreed_on__isnull=True, closed_at__isnull=True)


def _as_released(need: Need) -> None:
    if need.status == NeedStatus.AGREED:
        need.status = NeedStatus.SHARED


def _ended(need: Need, consent: Any) -> bool:
    if Event.objects.filter(need=need, consent=consent, name="consent_expired").exists():
        return False
    before = need.status
    refresh_need(need)
    record("consent_expired", need, actor=None, before=before, consent=consent)
    return True


RELEASES = ReleaseSpec(
    named=_named,
    order_in_visit=("section__number", "reference"),
    asked=_put_to_state,
    not_agreed=_not_agreed,
    as_released=_as_released,
    ended=_ended,
)
