"""Who reads and writes what hangs on a match, and the guards of its transitions about delivery."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateField, Max, Min, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.delivery.models import Contact, Feedback
from assistance.delivery.states import CONTACTS_APART, DISPUTED_FOR, FEEDBACK_EDITED_FOR
from assistance.needs.models import Match
from assistance.needs.states import CONFIRMED_MATCH, OPEN_MATCH
from assistance.workflow.models import Due
from entities.actors import CTED, UNOCT, Actor
from web.exceptions import Conflict, Forbidden

UNKNOWN = object()
END = "match_end"  # the kind of the clock that runs while a State may dispute an end

# Events that only the owners of a match see in histories; the others are seen with the match.
PRIVATE_EVENTS = (
    "match_messaged", "match_contact_logged", "match_ended", "match_end_confirmed", "match_end_stands", "match_disputed",
    "match_feedback",
)  # fmt: skip


# ── Who reads and writes? ────────────────────────────────────────────────────
def is_party(actor: Actor, match: Match) -> bool:
    """Return whether this actor reads reports, contacts, thread and feedback of a match, and so does whoever views as them.

    Its owners do: the two parties, CTED and UNOCT. All others who see a confirmed match do not.
    """
    own = not actor.groups.isdisjoint(policy.owners_of(match))
    return own and (actor.viewer is None or is_party(actor.viewer, match))


def require_party(actor: Actor, match: Match) -> None:
    """Raise Forbidden for whoever sees the match without being one of its owners."""
    if not is_party(actor, match):
        raise Forbidden(who=policy.who_can("in_thread", match), url=match.get_absolute_url())


def in_thread(actor: Actor, match: Match) -> Iterable[UUID | None]:
    """Return who writes in the thread: the provider, the State, CTED and UNOCT."""
    offices = [one.pk for one in actor.organisations if one.slug in (CTED, UNOCT)]
    return [match.provider_id, match.need.state_id, *offices]


def state_alone(actor: Actor, match: Match) -> Iterable[UUID | None]:
    """Return the State, but nobody who also acts for the provider, by any appointment."""
    return [] if actor.stands_for(match.provider_id) else [match.need.state_id]


# ── When are transitions possible? ───────────────────────────────────────────
def facts() -> dict[str, Any]:
    """Return the annotations of lists that the guards below ask."""
    contacts = (
        Contact.objects.filter(match=OuterRef("pk"), organisation=OuterRef("provider")).order_by().values("match")
    )
    feedback = Feedback.objects.filter(match=OuterRef("pk")).order_by().values("at")
    days = {"output_field": DateField()}
    return {
        "first_contact": Subquery(contacts.annotate(day=Min("on")).values("day"), **days),
        "last_contact": Subquery(contacts.annotate(day=Max("on")).values("day"), **days),
        "feedback_at": Subquery(feedback),
        "other_match": Subquery(_others(OuterRef("need"), OuterRef("provider"), OuterRef("pk"))[:1]),
    }


def was_contacted(match: Match) -> None:
    """Raise Conflict unless the provider has logged two contacts that are 9 days apart."""
    if contacts_span(match) < CONTACTS_APART:
        raise Conflict(
            _(
                "Log at least two contacts, 9 days apart, before you report that the State is not reachable. "
                "You can also report that you could not help."
            )
        )


def contacts_span(match: Match) -> timedelta:
    """Return how much time lies between the first and the last contact that the provider has logged."""
    if "first_contact" in match.__dict__:
        first, last = match.__dict__["first_contact"], match.__dict__["last_contact"]
    else:
        logged = Contact.objects.filter(match=match, organisation=match.provider_id)
        first, last = logged.aggregate(first=Min("on"), last=Max("on")).values()
    return last - first if first else timedelta()


def end_is_open(match: Match) -> None:
    """Raise Conflict when the State has confirmed the end, or can no longer dispute it, or has a new cycle of the need.

    Days on which nobody could act for the State do not count; its deadline says how long it runs then.
    """
    if match.end_settled_at is not None:
        raise Conflict(_("The end of this match is final: it was confirmed, or was not disputed within 14 days."))
    if match.cycle != match.need.cycle:
        raise Conflict(_("The need has been reopened since. A new proposal is needed."))
    now = timezone.now()
    if match.ended_at is not None and match.ended_at + DISPUTED_FOR <= now and not _still_owed(match):
        raise Conflict(_("The end of this match is final: it was confirmed, or was not disputed within 14 days."))


def _still_owed(match: Match) -> bool:
    return Due.objects.filter(match=match, kind=END, done_at=None, due_at__gt=timezone.now()).exists()


def no_other_match(match: Match) -> None:
    """Raise Conflict when the provider has proposed itself anew for the need."""
    known = match.__dict__.get("other_match", UNKNOWN)
    other = _others(match.need_id, match.provider_id, match.pk).first() if known is UNKNOWN else known
    if other is not None:
        raise Conflict(
            _("The provider already has another match with this need: %(reference)s.") % {"reference": other}
        )


def _others(need: Any, provider: Any, pk: Any) -> Any:
    """Return the references of the other running matches of a need and a provider."""
    rows = Match.objects.filter(need=need, provider=provider, status__in=(*OPEN_MATCH, *CONFIRMED_MATCH))
    return rows.filter(verified_share=None).exclude(pk=pk).order_by().values_list("reference", flat=True)


def feedback_is_open(match: Match) -> None:
    """Raise Conflict when the State has given its feedback more than 30 days ago."""
    known = match.__dict__.get("feedback_at", UNKNOWN)
    given = Feedback.objects.filter(match=match).values_list("at", flat=True).first() if known is UNKNOWN else known
    if given is not None and given + FEEDBACK_EDITED_FOR <= timezone.now():
        raise Conflict(_("Feedback was given more than 30 days ago. It can no longer be changed."))
