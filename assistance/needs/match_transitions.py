"""Transitions of a match: proposed or suggested, answered by each side for itself, delivered."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import audiences, policy, row_security
from assistance.access.rules import is_released
from assistance.needs.coverage import open_share
from assistance.needs.match_projects import check_project
from assistance.needs.models import Match, Need
from assistance.needs.rules import check_provider, providers_of, reasons_for
from assistance.needs.states import OPEN_TO_OFFERS, AnswerReason, MatchStatus
from assistance.needs.status import refresh_need
from assistance.offers.capacity import Number, check_reserves
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.projects.models import Project
from assistance.workflow.engine import record, require_text, transition
from entities.actors import Actor
from entities.models import Organisation
from web.exceptions import Conflict, Forbidden, Invalid


def propose(
    *,
    actor: Actor,
    need: object,
    offer: object | None = None,
    project: object | None = None,
    provider: Organisation | None = None,
    share: int = 100,
    message: str = "",
    **reserves: Number | None,
) -> Match:
    """Propose a provider's help for a need the actor sees.

    A provider proposes itself to the State; CTED suggests a provider, who is asked first. The provider of an offer, and
    the lead of a project, is the provider of the match. `share` is in per cent; `reserves` are the columns `RESERVED`:
    what the match takes of the capacity of its offer once it is confirmed.
    Returns the match; raises NotVisible (need, offer or project), Forbidden, Conflict (state; already proposed), Invalid.
    """
    with transaction.atomic():
        with_project = policy.get(actor, Project, project, lock=True) if project else None  # locked before needs
        row = policy.get(actor, Need, need, lock=True)
        with_offer = policy.get(actor, Offer, offer, lock=True) if offer else None  # it may be merged at this moment
        with row_security.bypass():
            terms = {"share": share, "message": message, "project": with_project, **reserves}
            return _propose(actor, row, with_offer, provider, terms)


def _propose(
    actor: Actor, need: Need, offer: Offer | None, provider: Organisation | None, terms: dict[str, Any]
) -> Match:
    provider = _provider(actor, need, offer, terms["project"], provider)
    appointment = actor.appointment_for([provider.pk])
    by_cted = appointment is None and actor.is_cted
    if appointment is None and not by_cted:
        raise Forbidden(_("You can propose only on behalf of an organization for which you act."))
    check_provider(need, provider)
    _check_proposal(need, offer, provider, terms["share"])
    check_reserves(actor, offer, terms)
    match = Match(
        need=need, cycle=need.cycle, provider=provider, offer=offer, **terms,
        status=MatchStatus.SUGGESTED if by_cted else MatchStatus.PROPOSED,
        suggested_by_cted=by_cted, waiting_since=timezone.now(), created_by=actor.user,
    )  # fmt: skip
    _insert(match)
    refresh_need(need, quiet=True)
    record(
        "match_suggested" if by_cted else "match_proposed", match, actor=actor, reason=terms["message"],
        appointment=appointment or actor.appointment_for(policy.WHO["cted"](actor, need)),
    )  # fmt: skip
    return match


def _provider(
    actor: Actor, need: Need, offer: Offer | None, project: Project | None, provider: Organisation | None
) -> Organisation:
    lead = check_project(project) if project is not None else None
    if offer is not None:
        if provider is not None and provider.pk != offer.provider_id:
            raise Invalid({"provider": [_("The offer belongs to another provider. Select an offer of this provider.")]})
        if lead is not None and lead.pk != offer.provider_id:
            raise Invalid({"project": [_("Another organization leads the project. Select one of this provider.")]})
        return offer.provider
    if lead is not None:
        if provider is not None and provider.pk != lead.pk:
            raise Invalid({"provider": [_("Another organization leads the project. Select one of this provider.")]})
        return lead
    own = providers_of(actor, need)
    if provider is not None:
        return provider
    if len(own) == 1:
        return own[0]
    raise Invalid({"provider": [_("Specify a provider or an offer.")]})


def _check_proposal(need: Need, offer: Offer | None, provider: Organisation, share: int) -> None:
    if need.status not in OPEN_TO_OFFERS:
        raise Conflict(
            _("The need does not accept offers. Current status: “%(state)s”.") % {"state": need.get_status_display()}
        )
    if not is_released(need):
        raise Conflict(_("The release of this need has ended. Ask the State to release it again."))
    if not 1 <= share <= 100:
        raise Invalid({"share": [_("The share must be between 1 and 100 per cent.")]})
    if offer is not None and (offer.status != OfferStatus.PUBLISHED or offer.is_expired):
        raise Conflict(_("The offer is not published, or its availability has ended."))
    if not policy.organisation_sees(provider, need):
        raise Invalid({"provider": [_("The State has not released this need to the provider.")]})
    still_open = open_share(need)
    if share > still_open:
        raise Invalid({"share": [_("Only %(open)d per cent of this need is still open.") % {"open": still_open}]})


def _insert(match: Match) -> None:
    audiences.assign_audience(match)
    try:
        with transaction.atomic():
            match.save(force_insert=True)
    except IntegrityError as error:
        if "match_once_per_provider_while_open" not in str(error):
            raise
        raise Conflict(_("The provider already has an open match with this need.")) from None


def accept(*, actor: Actor, match: object, version: int | None = None, message: str = "") -> Match:
    """Accept for one's own side: the provider a suggestion, the State a proposal.


    Of two concurrent acceptances that do not both fit into the need, exactly one succeeds: the need's row is locked.
    Returns the match; raises NotVisible, Forbidden, Conflict.
    """
    with transition(actor, Match, match, "accept", version=version) as context:
        if context.row.status == MatchStatus.SUGGESTED:
            context.set(status=MatchStatus.PROPOSED, waiting_since=timezone.now())
            context.event = "match_confirmed_by_provider"
        else:
            context.set(status=MatchStatus.ACCEPTED)
        context.reason = message
    return context.row


def decline(
    *, actor: Actor, match: object, reason: str, reason_code: str = AnswerReason.OTHER, version: int | None = None
) -> Match:
    """Decline for one's own side, with a reason for the other, by its type and in words.

    Returns the match; raises Invalid without a reason, or for a type that is not of this side.
    """
    return _end(actor, match, "decline", MatchStatus.DECLINED, reason, reason_code, version)


def retract(
    *, actor: Actor, match: object, reason: str, reason_code: str = AnswerReason.OTHER, version: int | None = None
) -> Match:
    """Withdraw a proposal or an accepted match, with a reason, by its type and in words.

    Returns the match; raises Invalid without a reason, or for a type that is not of this side.
    """
    return _end(actor, match, "retract", MatchStatus.RETRACTED, reason, reason_code, version)


def _end(
    actor: Actor, match: object, name: str, status: str, reason: str, reason_code: str, version: int | None
) -> Match:
    require_text(reason=reason)
    with transition(actor, Match, match, name, version=version) as context:
        if reason_code not in reasons_for(context.row, name):
            raise Invalid({"reason_code": [_("Select one of the reasons given.")]})
        context.set(status=status, answer_reason=reason, answer_reason_code=reason_code)
        context.reason = reason
    return context.row


def start(*, actor: Actor, match: object, version: int | None = None, note: str = "") -> Match:
    """Report that delivery has begun. Returns the match."""
    with transition(actor, Match, match, "start", version=version) as context:
        context.set(status=MatchStatus.IN_DELIVERY)
        context.reason = note
    return context.row
