"""What is particular to releases of plans: the steps are opened with them, and those who take part read them anyway."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy, ngettext, npgettext

from assistance.plans.models import ActionPlan
from assistance.registry import ReleaseSpec
from web.lists import joined


def _named(rows: Sequence[ActionPlan]) -> str:
    return ngettext("plan %(numbers)s", "plans %(numbers)s", len(rows)) % {"numbers": _references(rows)}


def _listed(rows: Sequence[ActionPlan]) -> str:
    text = npgettext("alone", "Plan %(numbers)s", "Plans %(numbers)s", len(rows))
    return text % {"numbers": _references(rows)}


def _references(rows: Sequence[ActionPlan]) -> str:
    return joined(row.reference for row in rows)


def _count(number: int) -> str:
    return ngettext("%(count)d plan with its steps", "%(count)d plans with their steps", number) % {"count": number}


def steps_previewed(opened: Collection[UUID], closed: Collection[UUID]) -> tuple[Q, Q]:
    """Return the conditions for steps that a release of plans opens and closes."""
    return Q(plan__in=opened, agreed_in__isnull=False), Q(plan__in=closed)


PLANS = ReleaseSpec(
    named=_named,
    listed=_listed,
    counted=_count,
    order=("reference",),
    related=("state", "programme"),
    readable_today=gettext_lazy("Today, only your State, CTED, UNOCT and those who take part can read %(what)s."),
    after_withdrawal=gettext_lazy(
        "Consent withdrawn. Only your State, CTED, UNOCT and those who take part can now read it."
    ),
    kept_to=gettext_lazy("your State, CTED, UNOCT and those who take part only"),
    kept_to_state=gettext_lazy("only the State, CTED, UNOCT and those who take part"),
    not_counted=gettext_lazy(
        "The numbers show the selection when the page was last saved. Your State, CTED, UNOCT and those who take part have "
        "access to everything and are not counted."
    ),
)
