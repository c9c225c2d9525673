"""The State's choice among the offers made for a request: several providers at once, by two persons where it wants that."""

from collections.abc import Iterable
from contextvars import ContextVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.consents.transitions import asks_for_two
from assistance.needs import match_transitions
from assistance.needs.models import Match
from assistance.needs.states import AnswerReason, MatchStatus, NeedSource
from assistance.requests.models import AssistanceRequest
from assistance.requests.status import choosing, computed
from assistance.requests.transitions import locked_needs
from assistance.workflow.engine import TransitionContext, transition
from assistance.workflow.notifications import settle
from entities.actors import Actor
from web.exceptions import Conflict, Invalid

NO_CHOICE = {"choice_proposed_by": None, "choice_proposed_at": None, "choice_declines_others": False}


_seconded: ContextVar[bool] = ContextVar("seconded", default=False)  # while a second person confirms a choice


def takes_two(match: Match) -> None:
    """Raise Conflict for a proposal that one person would accept where the State requires two: they choose together."""
    is_of_state = match.status == MatchStatus.PROPOSED and match.need.source == NeedSource.REQUEST
    if is_of_state and not _seconded.get() and asks_for_two(match.state_id):
        raise Conflict(_("Your State asks for two persons: choose the offer on the page of the request."))


def choose(
    *,
    actor: Actor,
    assistance_request: object,
    matches: Iterable[Match],
    decline_others: bool = False,
    version: int | None = None,
) -> AssistanceRequest:
    """Accept these proposals together; with `decline_others`, the others are told that another was chosen.

    Where the State requires two persons, the choice is proposed to a colleague. Returns the request. Raises Conflict when
    one of them is no longer proposed or the shares are more than what is open: then none is accepted.
    """
    wanted = list(matches)
    if not wanted:
        raise Invalid({"matches": [_("Select at least one offer.")]})
    with transaction.atomic():
        locked_needs(actor, assistance_request)
        with transition(actor, AssistanceRequest, assistance_request, "choose", version=version) as context:
            chosen = _still_proposed(actor, context.row, [match.pk for match in wanted])
            if asks_for_two(context.row.state_id):
                context.event = "request_choice_proposed"
                context.row.chosen.set(chosen)
                context.set(
                    choice_proposed_by=actor.user,
                    choice_proposed_at=timezone.now(),
                    choice_declines_others=decline_others,
                )
            else:
                _accept(actor, context, chosen, decline_others)
    return context.row


def confirm_choice(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Accept the offers that a colleague chose, as the second person. Returns the request; raises what `choose` raises."""
    with transaction.atomic():
        locked_needs(actor, assistance_request)
        with transition(actor, AssistanceRequest, assistance_request, "confirm-choice", version=version) as context:
            keys = list(context.row.chosen.values_list("pk", flat=True))
            chosen = _still_proposed(actor, context.row, keys)
            declines = context.row.choice_declines_others
            context.set(**NO_CHOICE)
            _accept(actor, context, chosen, declines, seconded=True)
    return context.row


def drop_choice(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Drop a choice that awaits a colleague: no offer is accepted by it. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "drop-choice", version=version) as context:
        context.row.chosen.clear()
        context.set(**NO_CHOICE)
    return context.row


def _still_proposed(actor: Actor, row: AssistanceRequest, keys: list[UUID]) -> list[Match]:
    """Return these matches, of needs of this request. Raises NotVisible for others, Conflict for one not proposed now."""
    found = policy.get_all(actor, Match, keys)
    own = set(row.needs.values_list("pk", flat=True))
    if any(match.need_id not in own for match in found):
        raise Invalid({"matches": [_("Select offers that were made for this request.")]})
    gone = [str(match) for match in found if match.status != MatchStatus.PROPOSED]
    if gone:
        raise Conflict(
            _("%(matches)s no longer awaits an answer. Choose again; no offer has been accepted.")
            % {"matches": ", ".join(gone)}
        )
    return found


def _accept(
    actor: Actor, context: TransitionContext, chosen: list[Match], decline_others: bool, *, seconded: bool = False
) -> None:
    """Accept these matches; with `decline_others`, decline what else is proposed for the needs in which one was chosen."""
    token = _seconded.set(seconded)
    try:
        with choosing():
            for match in chosen:
                match_transitions.accept(actor=actor, match=match.pk)
    finally:
        _seconded.reset(token)
    if decline_others:
        others = policy.visible(actor, Match).filter(
            need__in=[match.need_id for match in chosen], status=MatchStatus.PROPOSED
        )
        for match in others.order_by("need", "pk"):
            match_transitions.decline(
                actor=actor, match=match.pk, reason=str(AnswerReason.ANOTHER_CHOSEN.label),
                reason_code=AnswerReason.ANOTHER_CHOSEN,
            )  # fmt: skip
    context.row.chosen.clear()
    settle([context.row], ("request_choice_proposed", "request_choice_overdue"))
    context.set(**computed(context.row))
