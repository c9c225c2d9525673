"""Scoring of offers against a need, without I/O. Every point has a reason, so that a person can disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEME, TYPE, STATE_NAMED, REGION, ANY_STATE, IN_TIME, LANGUAGE, CAPACITY = 40, 25, 15, 10, 5, 10, 5, 5

POINTS_COMPARED = 6  # theme, type of assistance, place, time, language, capacity
TOP = 3  # offers shown with their reasons

REASONS: dict[str, str | Promise] = {
    "theme": _("Covers the theme of the need"),
    "assistance_type": _("Provides this type of assistance"),
    "state_named": _("Specifically for this State"),
    "region": _("For the region of this State"),
    "any_state": _("For all States"),
    "in_time": _("Available when required"),
    "language": _("Available in the language of the need"),
    "capacity": _("Capacity stated"),
}


# What does not fit, for each part that a score may lack.
MISSES: dict[str, str | Promise] = {
    "theme": _("Does not cover the theme of the need"),
    "assistance_type": _("Does not provide this type of assistance"),
    "in_time": _("Not available when required"),
    "language": _("Not available in the language of the need"),
    "capacity": _("Capacity not stated"),
}


@dataclass(frozen=True)
class NeedSide:
    """The data of a need that scoring uses."""

    theme: str
    assistance_type: str
    state: object
    regions: frozenset[str]
    language: str
    deadline: date | None = None


@dataclass(frozen=True)
class OfferSide:
    """The data of an offer that scoring uses."""

    key: UUID
    themes: frozenset[str]
    assistance_types: frozenset[str]
    states: frozenset[object]
    regions: frozenset[str]
    languages: frozenset[str]
    opens_on: date | None = None
    closes_on: date | None = None
    states_capacity: bool = False


@dataclass(frozen=True)
class Score:
    """Points out of 100; for each part its reason (a key of REASONS) and points."""

    key: UUID
    points: int
    parts: tuple[tuple[str, int], ...]

    @property
    def reasons(self) -> list[str | Promise]:
        return [REASONS[name] for name, _points in self.parts]

    @property
    def misses(self) -> list[str | Promise]:
        """What does not fit, in the order of the points that it costs."""
        met = {name for name, _points in self.parts}
        return [text for name, text in MISSES.items() if name not in met]

    @property
    def compared(self) -> int:
        """How many points were compared."""
        return POINTS_COMPARED

    @property
    def points_met(self) -> int:
        """How many of the POINTS_COMPARED points fit; the place always does, or there is no score."""
        return POINTS_COMPARED - len(self.misses)


def score(need: NeedSide, offer: OfferSide) -> Score | None:
    """Return how well an offer fits, or None when it is for other States, or meets neither theme nor type."""
    parts: list[tuple[str, int]] = []
    if need.theme in offer.themes:
        parts.append(("theme", THEME))
    if need.assistance_type in offer.assistance_types:
        parts.append(("assistance_type", TYPE))
    place = _place(need, offer)
    if not parts or place is None:
        return None
    parts.append(place)
    if _in_time(need, offer):
        parts.append(("in_time", IN_TIME))
    if need.language in offer.languages:
        parts.append(("language", LANGUAGE))
    if offer.states_capacity:
        parts.append(("capacity", CAPACITY))
    return Score(offer.key, sum(points for _name, points in parts), tuple(parts))


def _place(need: NeedSide, offer: OfferSide) -> tuple[str, int] | None:
    if need.state in offer.states:
        return "state_named", STATE_NAMED
    if need.regions & offer.regions:
        return "region", REGION
    return None if offer.states or offer.regions else ("any_state", ANY_STATE)


def _in_time(need: NeedSide, offer: OfferSide) -> bool:
    """Return whether the offer is open on the day the need names; a need without such a day accepts any open offer."""
    if need.deadline is None:
        return True
    begun = offer.opens_on is None or offer.opens_on <= need.deadline
    return begun and (offer.closes_on is None or offer.closes_on >= need.deadline)


def rank(need: NeedSide, offers: Iterable[OfferSide], most: int = 20) -> list[Score]:
    """Return the best fitting offers, best first; the order of equal points is deterministic."""
    scored = [found for offer in offers if (found := score(need, offer)) is not None]
    return sorted(scored, key=lambda found: (-found.points, str(found.key)))[:most]
