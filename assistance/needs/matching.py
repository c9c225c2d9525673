"""Scoring of offers and projects against a need, without I/O. Every point has a reason, so that a person can disagree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise

# Out of 100: what each part is worth at most.
WEIGHTS: Mapping[str, int] = {
    "theme": 30, "instrument": 10, "assistance_type": 20, "place": 15, "in_time": 10, "language": 5, "capacity": 5,
    "delivered": 5,
}  # fmt: skip
PLACES: Mapping[str, int] = {"state_named": WEIGHTS["place"], "region": 10, "any_state": 5}
DECLINED = -20  # the provider declined this need before

TOP = 3  # candidates shown with their reasons
MOST = 20  # candidates that are ranked


class Verdict(StrEnum):
    """What a part of a comparison says."""

    FITS = "fits"
    MISSES = "misses"
    UNKNOWN = "not_stated"


REASONS: dict[str, Text] = {
    "theme": gettext_lazy("Covers the theme of the need"),
    "instrument": gettext_lazy("Serves a need under the same instrument"),
    "assistance_type": gettext_lazy("Provides this type of assistance"),
    "state_named": gettext_lazy("Specifically for this State"),
    "region": gettext_lazy("For the region of this State"),
    "any_state": gettext_lazy("For all States"),
    "in_time": gettext_lazy("Available when required"),
    "language": gettext_lazy("Available in the language of the need"),
    "capacity": gettext_lazy("Capacity sufficient"),
    "delivered_state": gettext_lazy("Has delivered in this State, verified"),
    "delivered_region": gettext_lazy("Has delivered in the region of this State, verified"),
}


# What does not fit, for each part that a score may lack.
MISSES: dict[str, Text] = {
    "theme": gettext_lazy("Does not cover the theme of the need"),
    "instrument": gettext_lazy("Serves no need under the same instrument"),
    "assistance_type": gettext_lazy("Does not provide this type of assistance"),
    "in_time": gettext_lazy("Not available when required"),
    "language": gettext_lazy("Not available in the language of the need"),
    "capacity": gettext_lazy("Capacity not sufficient"),
    "delivered": gettext_lazy("No verified delivery in this State or its region"),
}


# What is not known of a candidate.
UNKNOWN: dict[str, Text] = {
    "theme": gettext_lazy("Theme not stated"),
    "assistance_type": gettext_lazy("Type of assistance not stated"),
    "place": gettext_lazy("States not stated"),
    "in_time": gettext_lazy("Dates not stated"),
    "language": gettext_lazy("Languages not stated"),
    "capacity": gettext_lazy("Capacity not stated"),
}

# Why candidates do not fit, in the order in which they are looked at.
RULES = ("theme", "place", "time", "dismissed")


@dataclass(frozen=True)
class Asked:
    """How much a need asks for: of which capacity of an offer, and how much of it."""

    kind: str  # places or expert_days
    number: int


@dataclass(frozen=True)
class NeedSide:
    """The data of a need that scoring uses."""

    theme: str
    assistance_type: str
    state: object
    regions: frozenset[str]
    language: str
    deadline: date | None = None
    instrument: object = None
    asked: Asked | None = None  # None: any capacity


@dataclass(frozen=True)
class CandidateSide:
    """The data of an offer or project that scoring uses; None where such a row does not state it.

    An offer that names no States and no days is open to all at any time (`open_by_default`); of a project that names
    none it is not known.
    """

    key: UUID
    themes: frozenset[str]
    assistance_types: frozenset[str] | None = None
    states: frozenset[object] = frozenset()
    regions: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    open_by_default: bool = True
    free: Mapping[str, int | Decimal] = field(default_factory=dict)  # kind of capacity → how much
    instruments: frozenset[object] = frozenset()  # of the needs it serves
    delivered: str = ""  # its provider delivered, verified, in this “state” or in its “region”
    declined_on: date | None = None  # its provider declined this need


@dataclass(frozen=True)
class Part:
    """One part of a comparison: what was compared, what was found, and the points for it."""

    name: str
    verdict: Verdict
    points: int = 0
    day: date | None = None

    @property
    def text(self) -> Text:
        """The finding in words."""
        if self.day is not None:
            return _("Declined this need on %(date)s") % {"date": date_format(self.day, "DATE_FORMAT")}
        return {Verdict.FITS: REASONS, Verdict.MISSES: MISSES, Verdict.UNKNOWN: UNKNOWN}[self.verdict][self.name]

    @property
    def signed(self) -> str:
        """The points with their sign: +10, 0, −20."""
        return f"+{self.points}" if self.points > 0 else f"−{-self.points}" if self.points else "0"


@dataclass(frozen=True)
class Score:
    """How well a candidate fits a need: points out of 100, and the parts that make them."""

    key: UUID
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        """The sum of the points of all parts."""
        return sum(part.points for part in self.parts)

    @property
    def reasons(self) -> list[Part]:
        """What fits."""
        return [part for part in self.parts if part.verdict == Verdict.FITS]

    @property
    def misses(self) -> list[Part]:
        """What does not fit, and what is not stated, in the order of the points that it costs."""
        return [part for part in self.parts if part.verdict != Verdict.FITS]

    @property
    def compared(self) -> int:
        """How many criteria were compared."""
        return sum(part.name != "declined" for part in self.parts)

    @property
    def points_met(self) -> int:
        """How many of them fit."""
        return len(self.reasons)


def score(need: NeedSide, candidate: CandidateSide) -> Score | None:
    """Return how well a candidate fits, or None when it is for other States, or meets neither theme nor type."""
    theme = _among("theme", need.theme, candidate.themes or None)
    kind = _among("assistance_type", need.assistance_type, candidate.assistance_types)
    place = _place(need, candidate)
    if place is None or Verdict.FITS not in (theme.verdict, kind.verdict):
        return None
    parts = [theme, kind, place]
    if need.instrument is not None:
        parts.append(_among("instrument", need.instrument, candidate.instruments))
    parts += [
        _in_time(need, candidate),
        _among("language", need.language, candidate.languages or None),
        _capacity(need.asked, candidate.free),
        _delivered(candidate.delivered),
    ]
    if candidate.declined_on is not None:
        parts.append(Part("declined", Verdict.MISSES, DECLINED, candidate.declined_on))
    return Score(candidate.key, tuple(parts))


def _part(name: str, fits: bool, weight: int | None = None) -> Part:
    points = WEIGHTS[name] if weight is None else weight
    return Part(name, Verdict.FITS, points) if fits else Part(name, Verdict.MISSES)


def _among(name: str, wanted: object, stated: frozenset[str] | frozenset[object] | None) -> Part:
    return Part(name, Verdict.UNKNOWN) if stated is None else _part(name, wanted in stated)


def _place(need: NeedSide, candidate: CandidateSide) -> Part | None:
    """Return where a candidate helps by its closest reason, or None when it is for other States."""
    if need.state in candidate.states:
        return Part("state_named", Verdict.FITS, PLACES["state_named"])
    if need.regions & candidate.regions:
        return Part("region", Verdict.FITS, PLACES["region"])
    if candidate.states or candidate.regions:
        return None
    if not candidate.open_by_default:
        return Part("place", Verdict.UNKNOWN)
    return Part("any_state", Verdict.FITS, PLACES["any_state"])


def _in_time(need: NeedSide, candidate: CandidateSide) -> Part:
    """Return whether the candidate is there on the day the need names; a need without such a day accepts any."""
    if need.deadline is None:
        return _part("in_time", True)
    begins, ends = candidate.opens_on, candidate.closes_on
    if (begins and begins > need.deadline) or (ends and ends < need.deadline):
        return _part("in_time", False)
    if not candidate.open_by_default and (begins is None or ends is None):
        return Part("in_time", Verdict.UNKNOWN)
    return _part("in_time", True)


def _capacity(asked: Asked | None, free: Mapping[str, int | Decimal]) -> Part:
    """Return whether as much is free as the need asks for; where it does not say how much, whether anything is."""
    known = [free[asked.kind]] if asked and asked.kind in free else [] if asked else list(free.values())
    if not known:
        return Part("capacity", Verdict.UNKNOWN)
    return _part("capacity", max(known) >= asked.number if asked else max(known) > 0)


def _delivered(where: str) -> Part:
    if not where:
        return Part("delivered", Verdict.MISSES)
    return Part(f"delivered_{where}", Verdict.FITS, WEIGHTS["delivered"])


def rank(need: NeedSide, candidates: Iterable[CandidateSide], most: int = MOST) -> list[Score]:
    """Return the best fitting candidates, best first; the order of equal points is deterministic."""
    return best(score(need, candidate) for candidate in candidates)[:most]


def best(scores: Iterable[Score | None]) -> list[Score]:
    """Return the scores that there are, best first; the order of equal points is deterministic."""
    return sorted((one for one in scores if one is not None), key=lambda found: (-found.points, str(found.key)))
