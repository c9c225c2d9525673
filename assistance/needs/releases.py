"""What is particular to releases of needs: a need is agreed first, and moves back when its release ends."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.registry import ReleaseSpec
from assistance.workflow.naming import matter_of
from web.lists import joined

MOST_NAMED = 3  # needs named by title in one sentence; more are counted


def _named(needs: Sequence[Need]) -> str:
    return _counted(needs) or ngettext("need %(titles)s", "needs %(titles)s", len(needs)) % {"titles": _titles(needs)}


def _listed(needs: Sequence[Need]) -> str:
    text = npgettext("alone", "Need %(titles)s", "Needs %(titles)s", len(needs))
    return _counted(needs) or text % {"titles": _titles(needs)}


def _counted(needs: Sequence[Need]) -> str:
    if len(needs) <= MOST_NAMED:
        return ""
    return _count(len(needs))


def _titles(needs: Sequence[Need]) -> str:
    return joined(_("“%(title)s”") % {"title": matter_of(need).inline} for need in needs)


def _put_to_state(needs: QuerySet[Any]) -> QuerySet[Any]:
    return needs.filter(put_to_state_at__isnull=False)


def _not_agreed(needs: QuerySet[Any]) -> QuerySet[Any]:
    return needs.filter(agreed_on__isnull=True, closed_at__isnull=True)


def _as_released(need: Need) -> None:
    if need.status == NeedStatus.AGREED:
        need.status = NeedStatus.SHARED


def _count(number: int) -> str:
    return ngettext("%(count)d need", "%(count)d needs", number) % {"count": number}


RELEASES = ReleaseSpec(
    named=_named,
    listed=_listed,
    counted=_count,
    order_in_visit=("section__number", "reference"),
    asked=_put_to_state,
    not_agreed=_not_agreed,
    as_released=_as_released,
    end_event="consent_expired",
)
