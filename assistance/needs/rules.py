"""Access rules of needs and matches: who sees, writes and answers them, and guards of their transitions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.rules import (
    AccessReason,
    ReasonKind,
    cted,
    is_released,
    office,
    read_consents,
    release_facts,
    released,
    state,
)
from assistance.needs.coverage import VERIFIED_OR_SHARE, open_share
from assistance.needs.models import Match, Need
from assistance.needs.states import (
    CONFIRMED_MATCH,
    OF_PORTAL,
    OF_PROVIDERS,
    OF_STATES,
    AnswerReason,
    CloseReason,
    MatchStatus,
    NeedSource,
    NeedStatus,
    Sustained,
)
from assistance.recommendations.states import REOPENS
from assistance.visits.models import Visit
from entities.actors import UNOCT, Actor
from entities.groups import MEMBERS
from entities.models import Organisation
from entities.providers import check_provides
from web.exceptions import Conflict, Invalid
from web.periods import add_months

UNKNOWN = object()
MONTHS, ASKED_BEFORE = 12, timedelta(days=14)  # when the State is asked whether what was built still works


# ── Who sees them? ───────────────────────────────────────────────────────────
WITH_NEED = "with_need"  # the own kind of access reason of matches


def need_access_reasons(need: Need) -> Iterator[AccessReason]:
    """Yield the access reasons of a need: CTED; once it is put to the State the State, and those its consent names.

    UNOCT, which has circulated it, reads a need that was made of a request.
    """
    yield cted()
    if need.source == NeedSource.REQUEST and need.agreed_on is not None:
        yield AccessReason(office(UNOCT), ReasonKind.UNOCT)
    if need.put_to_state_at is not None:
        yield state(need.state)
        yield from released(need)


def match_access_reasons(match: Match) -> Iterator[AccessReason]:
    """Yield the access reasons of a match. Whoever sees it must also see its need (`seen_with` in its registration)."""
    yield AccessReason(match.provider.group_id, ReasonKind.PROVIDER)
    yield state(match.need.state)
    yield cted()
    yield AccessReason(office(UNOCT), ReasonKind.UNOCT)
    if match.status in CONFIRMED_MATCH:
        yield AccessReason(MEMBERS, WITH_NEED, owner=False)


def with_need(match: Match, reasons: Sequence[AccessReason]) -> str:
    """Return the text of the reason that whoever sees the need sees a confirmed match."""
    return _("Can see the need %(reference)s, and this match is confirmed") % {"reference": match.need.reference}


def states_of_needs(needs: Sequence[Need]) -> dict[UUID, UUID]:
    """Return the State that may learn who read each need, by the need's key; for drafts, unknown to the State, none."""
    return {need.pk: need.state_id for need in needs if need.put_to_state_at}


# ── Who may act on them? ─────────────────────────────────────────────────────
def may_create_need(actor: Actor) -> bool:
    """Return whether this actor records needs: only CTED does."""
    return actor.is_cted


def may_create_match(actor: Actor) -> bool:
    """Return whether this actor proposes or suggests matches: CTED and providers do."""
    return actor.is_cted or bool(actor.providers())


def check_provider(need: Need, provider: Organisation) -> None:
    """Raise Invalid for an organization that does not provide assistance, or not for this need: that of the State itself."""
    check_provides(provider, "provider")
    if provider.pk == need.state_id:
        raise Invalid(
            {"provider": [_("A State does not provide assistance for its own need. Select another provider.")]}
        )


def providers_of(actor: Actor, need: Need) -> list[Organisation]:
    """Return the organizations in whose name this actor may propose help for a need."""
    return [one for one in actor.providers() if one.pk != need.state_id]


def reasons_for(match: Match, step: str) -> list[AnswerReason]:
    """Return the types of reasons for declining or withdrawing a match.

    The State declines what is proposed to it; all else is done by the provider, or by CTED for what it suggested.
    """
    by_state = step == "decline" and match.status == MatchStatus.PROPOSED
    left_out = OF_PROVIDERS if by_state else OF_STATES
    return [reason for reason in AnswerReason if reason not in (*left_out, *OF_PORTAL)]


def party(actor: Actor, match: Match) -> Iterable[UUID | None]:
    """Return both sides of a match."""
    return [match.provider_id, match.need.state_id]


def side_asked(actor: Actor, match: Match) -> Iterable[UUID | None]:
    """Return the side whose answer is awaited: the provider of a suggestion, the State of a proposal.

    Nobody answers for both sides, nor may somebody answer who proposed it for the provider in an earlier appointment.
    """
    if match.status == MatchStatus.SUGGESTED:
        return [match.provider_id]
    is_theirs = actor.stands_for(match.provider_id) or match.created_by_id == actor.user.pk
    return [] if is_theirs else [match.need.state_id]


def proposer(actor: Actor, match: Match) -> Iterable[UUID | None]:
    """Return who may retract: CTED what it suggested, else the provider."""
    if match.status == MatchStatus.SUGGESTED:
        return policy.WHO["cted"](actor, match)
    return [match.provider_id]


def verifier(actor: Actor, need: Need) -> Iterable[UUID | None]:
    """Return CTED or the State, but no provider of the need, nor a person who acts for one by another appointment."""
    own = [pk for pk in policy.WHO["state_or_cted"](actor, need) if actor.acts_for(pk)]
    return [] if own and any(actor.stands_for(pk) for pk in _providers(need)) else own


def _providers(need: Need) -> Iterable[UUID]:
    known: Iterable[UUID] | None = getattr(need, "provided_by", None)
    return {match.provider_id for match in need.matches.all()} if known is None else known


def need_facts() -> dict[str, Any]:
    """Return the annotations of lists that guards of needs ask: the last release, and who provides."""
    matches = Match.objects.filter(need=OuterRef("pk")).order_by().values("provider_id")
    return {**release_facts(Need), "provided_by": ArraySubquery(matches)}


def match_facts() -> dict[str, Any]:
    """Return the annotation of lists that guards of matches ask: how much of their need is confirmed, in per cent."""
    of_cycle = Match.objects.filter(need=OuterRef("need"), cycle=OuterRef("need__cycle"), status__in=CONFIRMED_MATCH)
    confirmed = of_cycle.order_by().values("need")
    return {"need_confirmed": Subquery(confirmed.annotate(total=Sum(VERIFIED_OR_SHARE)).values("total"))}


def read_for_matches(matches: Sequence[Match]) -> None:
    """Read at once what guards of these matches ask besides: the consents over their needs."""
    needs = {match.need_id: match.need for match in matches}
    read_consents(needs.values())
    for match in matches:
        match.need = needs[match.need_id]


# ── When are transitions possible? ───────────────────────────────────────────
def asks_after_year(need: Need) -> None:
    """Raise Conflict earlier than 14 days before a year has passed since the need was met, or after the report."""
    if need.year_answer:
        raise Conflict(_("The State has already reported after a year."))
    if not is_asked_after_year(need):
        raise Conflict(_("The State is asked a year after the need was met."))


def is_asked_after_year(need: Need) -> bool:
    """Return whether a year, less the days by which it is asked before, has passed since the need was met."""
    return (
        need.met_at is not None
        and not need.year_answer
        and add_months(need.met_at.date(), MONTHS) - ASKED_BEFORE <= timezone.now().date()
    )


def report_awaits_cted(need: Need) -> None:
    """Raise Conflict unless the State has reported that not all still works, and CTED has not yet acted."""
    if need.year_answer in ("", Sustained.WORKING) or need.year_noted_at is not None:
        raise Conflict(_("No report of the State awaits CTED."))


def may_be_reopened(need: Need) -> None:
    """Raise Conflict for a need that was closed for another reason than a follow-up visit."""
    if need.status == NeedStatus.CLOSED and need.close_reason != CloseReason.SUPERSEDED:
        raise Conflict(_("A closed need can be reopened only if a follow-up visit superseded it."))


def later_visits(actor: Actor, need: Need) -> QuerySet[Visit]:
    """Return the visits to the State, visible to the actor, that can have found the need again.

    They have begun and were not cancelled, and ended after the need was verified or closed last, unless a rating since
    then rests on them (`grounds`).
    """
    begun = policy.visible(actor, Visit).filter(state=need.state_id, cancelled_on=None)
    begun = begun.filter(starts_on__lte=timezone.now().date())
    since = settled_at(need)
    if since is None:
        return begun
    return begun.filter(Q(ends_on__gte=since.date()) | Q(pk__in=[one for one in grounds(need) if one is not None]))


def may_rest_on_desk(actor: Actor, need: Need) -> bool:
    """Return whether a need can be reopened without a visit: a rating says so from the desk, or its visit is none now."""
    found = grounds(need)
    visits = set(later_visits(actor, need).filter(pk__in=[one for one in found if one]).values_list("pk", flat=True))
    return any(one not in visits for one in found)


def grounds(need: Need) -> list[UUID | None]:
    """Return on which visits the ratings rest that propose to reopen a need, each a visit or None for a desk review.

    The latest rating of each recommendation behind the need counts, if it was given after the need was settled.
    """
    relation: Any = Need._meta.get_field("recommendations")
    ratings = relation.related_model._meta.get_field("ratings").related_model._default_manager
    latest = ratings.filter(recommendation__needs=need).order_by("recommendation_id", "-number")
    found = latest.distinct("recommendation_id").values_list("rated", "created_at", "basis")  # no text of them is read
    since = settled_at(need)
    return [basis for rated, at, basis in found if rated in REOPENS and (since is None or at > since)]


def settled_at(need: Need) -> datetime | None:
    """Return when the need was last verified or closed in its running cycle; None if it was neither."""
    found = [one.at for one in need.verifications.all() if one.cycle == need.cycle]
    return max([*found, *([need.closed_at] if need.closed_at else [])], default=None)


def need_is_not_closed(match: Match) -> None:
    """Raise Conflict when the need has been closed."""
    if match.need.closed_at is not None:
        raise Conflict(_("This need has been closed."))


def release_stands(match: Match) -> None:
    """Raise Conflict when the release of the need has ended: its provider would not see the answer."""
    if not is_released(match.need):
        raise Conflict(_("The release of this need has ended. Ask the State to release it again."))


def share_is_open(match: Match) -> None:
    """Raise Conflict when the shares accepted from others leave too little room for this one."""
    known = match.__dict__.get("need_confirmed", UNKNOWN)
    still_open = open_share(match.need) if known is UNKNOWN else max(0, 100 - (known or 0))
    if match.share > still_open:
        raise Conflict(
            _("Only %(open)d per cent of this need is still open, and this match covers %(share)d per cent.")
            % {"open": still_open, "share": match.share}
        )
