"""The circulation of a request: it becomes needs, released to whom its State allowed; and its end without a provider."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from assistance import considerations
from assistance.access import audiences
from assistance.access.audience_words import audience_groups
from assistance.consents import transitions as consents
from assistance.consents.transitions import Chosen, Decided, Grant
from assistance.needs.models import Need
from assistance.needs.states import NeedSource, NeedStatus, Priority
from assistance.offers.states import AssistanceType
from assistance.requests.models import LAPSES, OFFERS_TAKEN, AssistanceRequest
from assistance.requests.states import RequestOutcome, RequestStatus
from assistance.requests.transitions import closed, reach
from assistance.workflow.engine import TransitionContext, finish, record, transition
from entities.actors import Actor, includes
from entities.local_days import today_of
from entities.models import Organisation
from web.exceptions import Conflict, Invalid
from web.translated_text import columns_in_languages, localized, set_localized

# What a need takes over from the request as it stands.
TAKEN = (
    "language", "pillar", "theme", "instrument", "provision", "beneficiary", "baseline", "target", *considerations.FIELDS,
)  # fmt: skip


def circulate(
    *,
    actor: Actor,
    assistance_request: object,
    audience: str | Sequence[str] = (),
    closes_for_offers: date | None = None,
    priority: str = Priority.MEDIUM,
    priority_reason: str = "",
    version: int | None = None,
) -> AssistanceRequest:
    """Make needs of a request and release them by the consent that the State gave when it submitted it.

    Without an audience it is the one that the State allowed; a wider one is refused. Returns the request. Raises
    NotVisible, Forbidden, Conflict, StaleSave, Invalid.
    """
    with transition(actor, AssistanceRequest, assistance_request, "circulate", version=version) as context:
        row = context.row
        groups = _allowed(row, list([audience] if isinstance(audience, str) else audience) or row.audience_allowed)
        closes = closes_for_offers or last_day_for_offers(row)
        _check_days(row, closes)
        kinds = [AssistanceType(kind) for kind in dict.fromkeys(row.assistance_types)]
        needs = [_need(row, kind, len(kinds) > 1, priority, priority_reason, context) for kind in kinds]
        row.needs.set(needs)
        to = audiences.audience_of(groups)
        given = Decided(row.submitted_by, row.submitted_as, row.submitted_at)
        consents.give(
            actor, Chosen(needs, context.appointment, row.state), [Grant(need, to, row.until) for need in needs],
            note=row.note_verbale, seconded=True, decided=given, told_otherwise=True,
        )  # fmt: skip
        reach(context, RequestStatus.CIRCULATED, circulated_at=timezone.now(), closes_for_offers=closes)
    return context.row


def last_day_for_offers(row: AssistanceRequest) -> date:
    """Return the last day for offers of a request that is circulated today: as its State set it, else the usual one."""
    return row.closes_for_offers or today_of(row.state) + OFFERS_TAKEN


def _allowed(row: AssistanceRequest, words: Sequence[str]) -> frozenset[int]:
    """Return the groups named by these words. Raises Invalid for a group to which the State has not allowed it."""
    allowed, wanted = audience_groups(row.audience_allowed), audience_groups(words)
    beyond = wanted - allowed
    known = Organisation.objects.filter(group_id__in=beyond)
    if len(known) < len(beyond) or not all(includes(allowed, one) for one in known):
        raise Invalid({"audience": [_("The State has not allowed all of these recipients. Select fewer.")]})
    return wanted


def _check_days(row: AssistanceRequest, closes: date) -> None:
    if row.until is not None and row.until < today_of(row.state):
        raise Conflict(_("The day until which the State allowed others to read it has passed. Return the request."))
    if closes < today_of(row.state):
        raise Invalid({"closes_for_offers": [_("The date has passed. Enter today or a later date.")]})


def _need(
    row: AssistanceRequest,
    kind: AssistanceType,
    one_of_several: bool,
    priority: str,
    why: str,
    context: TransitionContext,
) -> Need:
    """Return a need of a request, agreed with the State, for one type of assistance, which its title then names."""
    need = Need(
        state=row.state, source=NeedSource.REQUEST, assistance_type=kind, priority=priority, priority_reason=why,
        deadline=row.wanted_by, put_to_state_at=row.submitted_at, agreed_on=row.submitted_at.date(),
        status=NeedStatus.AGREED, created_by=row.submitted_by, **{name: getattr(row, name) for name in TAKEN},
    )  # fmt: skip
    for name in need.translated:
        for column in columns_in_languages(name):
            setattr(need, column, getattr(row, column))
    title = localized(row, "title", row.language).value
    if one_of_several:
        with override(row.language):
            _titled(need, row, title, f" ({kind.label})")
    if not localized(row, "description", row.language).value:
        set_localized(need, "description", row.deliverable, row.language)
    audiences.assign_audience(need)
    need.save(force_insert=True)
    record("need_recorded", need, actor=context.actor, appointment=context.appointment)
    return need


def _titled(need: Need, row: AssistanceRequest, title: str, kind: str) -> None:
    """Give a need its title in the language of the request alone: the others would not name the type of assistance."""
    for column in columns_in_languages("title"):
        setattr(need, column, "" if column.endswith("_en") else None)
    most = need._meta.get_field("title").max_length or 0
    set_localized(need, "title", f"{title[: most - len(kind)]}{kind}", row.language)


# ── Without a provider ───────────────────────────────────────────────────────
def run_deadlines(now: datetime) -> int:
    """Close requests for which no provider was found half a year after offers were expected. Returns how many.

    Their needs stay open until the State closes them.
    """
    late = AssistanceRequest.objects.filter(
        status=RequestStatus.CIRCULATED, closes_for_offers__lt=(now - LAPSES).date()
    )
    return sum(_lapse(pk, now) for pk in late.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk: UUID, now: datetime) -> bool:
    rows = AssistanceRequest.objects.filter(pk=pk, status=RequestStatus.CIRCULATED).select_for_update()
    row = rows.first()
    if row is None:
        return False
    context = TransitionContext(row, None, None, "request_lapsed", row.status)
    context.set(**closed(RequestOutcome.LAPSED))
    finish(context)
    return True
