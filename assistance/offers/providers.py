"""What the page of an organization shows of it as a provider: as far as the reader sees offers, projects and matches."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Q
from django.utils import timezone

from assistance.access import policy
from assistance.needs.models import Match
from assistance.needs.states import MatchStatus
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.projects.models import Project
from assistance.workflow.models import Event
from entities.actors import CTED, UNOCT, Actor
from entities.local_days import today_at
from entities.models import Organisation

SHOWN = 20  # offers, and projects, listed on the page
SPAN = timedelta(days=730)  # suggestions of the last 24 months
FEWEST = 5  # fewer answers would tell of single matches
SERVED = (MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED)
ANSWERS = ("match_confirmed_by_provider", "match_declined")


@dataclass(frozen=True)
class Answers:
    """How a provider answered suggestions: of how many, the answered share in per cent, and the median of days."""

    number: int
    share: int
    days: int | None


def of_provider(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """Return the offers, projects, States served and answers of a provider; nothing where the reader sees none of them."""
    running = Q(closes_on__isnull=True) | Q(closes_on__gte=today_at("provider__time_zone"))
    offers = policy.visible(actor, Offer).filter(running, provider=organisation, status=OfferStatus.PUBLISHED)
    projects = policy.visible(actor, Project).filter(lead=organisation)
    served = policy.visible(actor, Match).filter(provider=organisation, status__in=SERVED).values("need__state")
    found = {
        "offers": list(offers.order_by("-modified_at", "-id")[:SHOWN]),
        "projects": list(projects.order_by("-modified_at", "-id")[:SHOWN]),
        "states": list(Organisation.objects.filter(pk__in=served).by_name()),
        "answers": answers_of(actor, organisation),
    }
    return {**found, "is_state": organisation.is_state} if any(found.values()) else {}


def is_told(actor: Actor, organisation: Organisation) -> bool:
    """Return whether this actor is told how a provider answers: the provider, CTED and UNOCT, who see open matches too."""
    own = any(one.pk == organisation.pk or one.slug in (CTED, UNOCT) for one in actor.organisations)
    return own and (actor.viewer is None or is_told(actor.viewer, organisation))


def answers_of(actor: Actor, organisation: Organisation) -> Answers | None:
    """Return how the provider answered suggestions of the last 24 months that the reader sees.

    None for those who are not told, and for fewer than `FEWEST` suggestions that were answered or have lapsed.
    """
    if not is_told(actor, organisation):
        return None
    since = timezone.now() - SPAN
    asked = policy.visible(actor, Match).filter(provider=organisation, suggested_by_cted=True, created_at__gte=since)
    ended = Event.objects.filter(match__in=asked.values("pk"), before=MatchStatus.SUGGESTED)
    rows = list(ended.filter(name__in=(*ANSWERS, "match_lapsed")).values_list("name", "at", "match__created_at"))
    if len(rows) < FEWEST:
        return None
    days = [(at - created).days for name, at, created in rows if name in ANSWERS]
    return Answers(len(rows), round(100 * len(days) / len(rows)), round(median(days)) if days else None)
