"""Access rules of requests: who sees them, who may act on them, and guards of their transitions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.access.audience_words import audience_groups
from assistance.access.models import text_columns
from assistance.access.rules import AccessReason, ReasonKind, consent_in_force, cted, office, state
from assistance.consents.states import PROPOSAL_STANDS
from assistance.needs.models import Match, Need
from assistance.needs.states import CONFIRMED_MATCH, MatchStatus
from assistance.requests.models import AssistanceRequest, Question
from assistance.requests.specificity import missing_of
from assistance.requests.states import STATE_EVENTS, WITH_UNOCT, RequestOutcome, RequestStatus
from assistance.workflow.models import Event
from entities.actors import CTED, UNOCT, Actor, includes
from entities.local_days import today_of
from entities.models import Organisation
from web.exceptions import Conflict, Invalid

CIRCULATED = "circulated"  # its own kind of access reason
YEAR = timedelta(days=365)
NOT_ASKED = (RequestOutcome.WITHDRAWN, RequestOutcome.NOT_AUTHENTIC, RequestOutcome.REFERRED)  # after a year
# What the readers of a circulated request see of its history; the rest is between the State, UNOCT and CTED.
SHOWN_TO_READERS = (
    "request_circulated", "request_question_answered", "request_questions_answered", "request_closed", "request_lapsed",
    "request_referred", "request_withdrawn",
)  # fmt: skip


# ── Who sees them? ───────────────────────────────────────────────────────────
def access_reasons(row: AssistanceRequest) -> Iterator[AccessReason]:
    """Yield the access reasons of a request: its State; once submitted UNOCT and CTED; once circulated its audience."""
    yield state(row.state)
    if row.submitted_at is not None:
        yield cted()
        yield AccessReason(office(UNOCT), ReasonKind.UNOCT)
    if row.recorded == RequestStatus.CIRCULATED:
        yield from circulated_to(row)


def circulated_to(row: AssistanceRequest) -> Iterator[AccessReason]:
    """Yield the access reasons of those to whom the State has released every need of the request, as far as it allowed.

    A request shows what all its needs say and more, so it ends for a reader with the first of these releases that ends,
    and a wider release of a need does not widen it.
    """
    consents = [consent_in_force(need) for need in needs_of(row)]
    if not consents or None in consents:
        return
    first = min(consents, key=lambda consent: (consent.ends is None, consent.ends))
    sets = [frozenset(consent.released_to.groups) for consent in consents]
    for group in sorted(_in_all([allowed_groups(row), *sets])):
        yield AccessReason(group, CIRCULATED, owner=False, consent=first)


def _in_all(sets: Sequence[frozenset[int]]) -> set[int]:
    """Return the groups that each of these sets names or includes."""
    common = frozenset.intersection(*sets)
    others = frozenset.union(*sets) - common
    found = Organisation.objects.filter(group_id__in=others) if others else ()
    return {*common, *(one.group_id for one in found if all(includes(groups, one) for groups in sets))}


def asked_groups(row: AssistanceRequest) -> set[int]:
    """Return the groups to which the request was circulated, also after the State has ended that."""
    with row_security.bypass():  # for the State, whose decision it was
        releases = [_last_release(need) for need in needs_of(row)]
    if not releases or None in releases:
        return set()
    return _in_all([allowed_groups(row), *(frozenset(one.released_to.groups) for one in releases if one)])


def _last_release(need: Any) -> Any:
    """Return the last consent that released a need, also after it has ended or been withdrawn; or None."""
    released = need.consents.filter(released_to__isnull=False).select_related("released_to")
    return released.order_by("-given_at", "-pk").first()


def allowed_groups(row: AssistanceRequest) -> frozenset[int]:
    """Return the groups to which the State allows a circulation; none where a name is no longer known."""
    try:
        return audience_groups(row.audience_allowed)
    except Invalid:
        return frozenset()


def circulated(row: AssistanceRequest, reasons: object) -> str:
    """Return the reason `circulated` in words."""
    return _("The request was circulated, as the State allowed")


def needs_of(row: AssistanceRequest) -> Iterable[Need]:
    """Return the needs of a request without their texts, which do not count as read."""
    fetched = getattr(row, "_prefetched_objects_cache", {}).get("needs")
    return row.needs.defer(*text_columns(Need)) if fetched is None else fetched


def states_of(rows: Sequence[AssistanceRequest]) -> dict[UUID, UUID]:
    """Return the State that may learn who read each request, by the request's key."""
    return {row.pk: row.state_id for row in rows}


def is_party(actor: Actor, row: AssistanceRequest) -> bool:
    """Return whether this actor reads what is between the State, UNOCT and CTED, and so does whoever views as them."""
    own = any(one.pk == row.state_id or one.slug in (CTED, UNOCT) for one in actor.organisations)
    return own and (actor.viewer is None or is_party(actor.viewer, row))


def is_of_state(actor: Actor, row: AssistanceRequest) -> bool:
    """Return whether this actor is of the State, observers too, and so is whoever views as them."""
    own = any(one.pk == row.state_id for one in actor.organisations)
    return own and (actor.viewer is None or is_of_state(actor.viewer, row))


def sees_contact(actor: Actor, row: AssistanceRequest) -> bool:
    """Return whether this actor sees the national contact: the parties, and the providers that the State has chosen."""
    if is_party(actor, row):
        return True
    own = {one.pk for one in actor.organisations}
    return not own.isdisjoint(_chosen_providers(row)) and (actor.viewer is None or sees_contact(actor.viewer, row))


def awaits_feedback(row: AssistanceRequest) -> bool:
    """Return whether the request was met, or met in part, by assistance on which its State has given no feedback yet."""
    if row.outcome not in (RequestOutcome.MET, RequestOutcome.PARTLY):
        return False
    with row_security.bypass():
        return matches_of(row).filter(verified_share__gt=0, feedback=None).exists()


def _chosen_providers(row: AssistanceRequest) -> Iterable[UUID]:
    known: Iterable[UUID] | None = getattr(row, "chosen_providers", None)
    if known is not None:
        return known
    with row_security.bypass():
        return set(matches_of(row).filter(status__in=CONFIRMED_MATCH).values_list("provider_id", flat=True))


def matches_of(row: AssistanceRequest) -> QuerySet[Match]:
    """Return all matches of the needs of a request, whoever may see them."""
    return Match.objects.filter(need__assistance_requests=row, cycle=1)


def history(actor: Actor, row: AssistanceRequest, events: QuerySet[Event]) -> QuerySet[Event]:
    """Return what this actor sees of the history: all of it the parties, others what follows the circulation."""
    if is_of_state(actor, row):
        return events
    if is_party(actor, row):
        return events.exclude(name__in=STATE_EVENTS)
    return events.filter(Q(name__in=SHOWN_TO_READERS) | Q(name="request_question_asked", actor=actor.user))


# ── Who may act on them? ─────────────────────────────────────────────────────
def may_create(actor: Actor) -> bool:
    """Return whether this actor records requests: those who act for a State do."""
    return bool(actor.states())


def colleague(actor: Actor, row: AssistanceRequest) -> Iterable[UUID | None]:
    """Return the State, except for the person who proposed to submit, under any of their appointments."""
    return [] if actor.user.pk == row.proposed_by_id else [row.state_id]


def colleague_choosing(actor: Actor, row: AssistanceRequest) -> Iterable[UUID | None]:
    """Return the State, except for the person who proposed the choice, under any of their appointments."""
    return [] if actor.user.pk == row.choice_proposed_by_id else [row.state_id]


def other_coordinator(actor: Actor, row: AssistanceRequest) -> Iterable[UUID | None]:
    """Return UNOCT for its coordinators, except for the one who proposed the refusal."""
    return [] if actor.user.pk == row.refusal_proposed_by_id else policy.WHO["coordinator"](actor, row)


def provider_reading(actor: Actor, row: AssistanceRequest) -> Iterable[UUID | None]:
    """Return the providers this actor acts for that read the request: none for whoever acts for the State too."""
    if actor.stands_for(row.state_id):
        return []
    return [one.pk for one in actor.providers() if policy.organisation_sees(one, row)]


# ── When are transitions possible? ───────────────────────────────────────────
def facts() -> dict[str, Any]:
    """Return the annotations of lists that guards and answers ask: chosen providers, open questions and proposals."""
    matches = Match.objects.filter(need__assistance_requests=OuterRef("pk"), cycle=1).order_by()
    questions = Question.objects.filter(assistance_request=OuterRef("pk"), answered_at=None)
    return {
        "chosen_providers": ArraySubquery(matches.filter(status__in=CONFIRMED_MATCH).values("provider_id")),
        "proposal_waits": Exists(matches.filter(status=MatchStatus.PROPOSED)),
        "question_waits": Exists(questions),
    }


def is_complete(row: AssistanceRequest) -> None:
    """Raise Conflict while something is missing without which a request cannot be submitted."""
    if missing_of(row):
        raise Conflict(_("The request is not complete. Fill in what the check on its page marks as required."))


def days_stand(row: AssistanceRequest) -> None:
    """Raise Conflict when a day until which others may read or offer has passed in the State."""
    today = today_of(row.state)
    if any(day is not None and day < today for day in (row.until, row.closes_for_offers)):
        raise Conflict(
            _("A day until which others may read the request or offer assistance has passed. Change it first.")
        )


def no_submission_proposed(row: AssistanceRequest) -> None:
    """Raise Conflict while a colleague is asked to confirm the submission."""
    if row.proposed_by_id is not None:
        raise Conflict(_("A colleague is asked to confirm this request. Confirm it, or return it to draft."))


def submission_proposed(row: AssistanceRequest) -> None:
    """Raise Conflict when nobody has proposed to submit the request."""
    if row.proposed_by_id is None:
        raise Conflict(_("Nobody has proposed to submit this request."))


def proposal_stands(row: AssistanceRequest) -> None:
    """Raise Conflict when nobody has confirmed the submission in time."""
    _check_age(row.proposed_at)


def choice_stands(row: AssistanceRequest) -> None:
    """Raise Conflict when nobody has confirmed the choice in time."""
    _check_age(row.choice_proposed_at)


def _check_age(proposed_at: datetime | None) -> None:
    if proposed_at is None or proposed_at + PROPOSAL_STANDS <= timezone.now():
        raise Conflict(_("The proposal is older than 14 days. Return it, so that it can be read and proposed again."))


def note_may_be_attached(row: AssistanceRequest) -> None:
    """Raise Conflict for a submitted request whose note verbale is attached: it was authenticated with it."""
    if row.status in WITH_UNOCT and row.note_verbale_id is not None:
        raise Conflict(_("The note verbale is attached already. UNOCT can return the request to you."))


def no_refusal_proposed(row: AssistanceRequest) -> None:
    """Raise Conflict while a second coordinator is asked to confirm a refusal."""
    if row.refusal_proposed_by_id is not None:
        raise Conflict(_("A coordinator has proposed to refuse this request. Decide on that first."))


def refusal_proposed(row: AssistanceRequest) -> None:
    """Raise Conflict when no coordinator has proposed to refuse the request."""
    if row.refusal_proposed_by_id is None:
        raise Conflict(_("Nobody has proposed to refuse this request."))


def may_still_object(row: AssistanceRequest) -> None:
    """Raise Conflict when the State has stated no objection, or the period for objections has ended."""
    if objection_is_settled(row):
        raise Conflict(_("The period for objections has ended, or your State has stated that it has none."))


def objection_settled(row: AssistanceRequest) -> None:
    """Raise Conflict while the State may still object to the circulation."""
    if not objection_is_settled(row):
        raise Conflict(_("The State may still object. Wait until the period ends, or until it states no objection."))


def objection_is_settled(row: AssistanceRequest) -> bool:
    """Return whether the State has stated no objection, or the last day for objections has passed."""
    passed = row.objection_until is not None and row.objection_until < today_of(row.state)
    return row.cleared_at is not None or passed


def has_open_question(row: AssistanceRequest) -> None:
    """Raise Conflict when every question has been answered."""
    known = row.__dict__.get("question_waits")
    if not (row.questions.filter(answered_at=None).exists() if known is None else known):
        raise Conflict(_("Every question has been answered."))


def has_proposals(row: AssistanceRequest) -> None:
    """Raise Conflict when no proposal of a provider awaits the State's answer."""
    known = row.__dict__.get("proposal_waits")
    if not (matches_of(row).filter(status=MatchStatus.PROPOSED).exists() if known is None else known):
        raise Conflict(_("No offer awaits an answer."))


def no_choice_proposed(row: AssistanceRequest) -> None:
    """Raise Conflict while a colleague is asked to confirm a choice."""
    if row.choice_proposed_by_id is not None:
        raise Conflict(_("A choice awaits confirmation by a colleague. Confirm or drop it first."))


def choice_proposed(row: AssistanceRequest) -> None:
    """Raise Conflict when no choice awaits a colleague."""
    if row.choice_proposed_by_id is None:
        raise Conflict(_("No choice awaits confirmation."))


def year_has_passed(row: AssistanceRequest) -> None:
    """Raise Conflict before a year has passed since the submission, or when the question has been answered."""
    if not asks_after_year(row):
        raise Conflict(_("The State is asked a year after it submitted the request, and once."))


def asks_after_year(row: AssistanceRequest) -> bool:
    """Return whether the State is asked now whether its need has been met."""
    asks = row.submitted_at is not None and not row.year_answer and row.decided_outcome not in NOT_ASKED
    return asks and row.submitted_at + YEAR <= timezone.now()
