"""How much of a need is covered, in per cent of the need. Each cycle of a need is covered anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from assistance.needs.models import Cycle, Match, Need, Verification
from assistance.needs.states import CONFIRMED_MATCH, MatchOutcome, MatchStatus

FIGURES = ("trained_women", "trained_men", "trained_unknown", "expert_days", "places_used")  # of a report
VERIFIED_OR_SHARE = Case(
    When(verified_share__isnull=False, then=F("verified_share")), default=F("share"), output_field=IntegerField()
)


def coverage(need: Need) -> dict[str, int]:
    """Return the coverage of a need, in per cent: claimed by providers, confirmed by both sides, verified, open."""
    return coverage_by(match for match in need.matches.all() if match.cycle == need.cycle)


def coverage_by(matches: Iterable[Match]) -> dict[str, int]:
    """Return the coverage by the matches of one cycle: `coverage` of the need, where these are all of them.

    Verified ≤ claimed ≤ confirmed ≤ 100: of what was verified only the share that was found counts, in all of them.
    """
    rows = [one for one in matches if one.status in CONFIRMED_MATCH]
    confirmed = sum(map(covered_by, rows))
    return {
        "claimed": sum(covered_by(one) for one in rows if one.status == MatchStatus.DELIVERED),
        "confirmed": confirmed,
        "verified": sum(one.verified_share or 0 for one in rows),
        "open": max(0, 100 - confirmed),
    }


def covered_by(match: Match) -> int:
    """Return what a confirmed match covers of its need: the share that was found, or the agreed one until then."""
    return match.share if match.verified_share is None else match.verified_share


def open_share(need: Need) -> int:
    """Return the share of the need, in per cent, for which no match has been accepted."""
    return coverage(need)["open"]


@dataclass(frozen=True)
class Line:
    """One provider's part in a cycle, in per cent: accepted by both sides, reported as delivered, found met (or None).

    After the verification the first two are what was found.
    """

    match: Match
    agreed: int
    delivered: int
    verified: int | None
    figures: Mapping[str, int]  # what the provider's reports add up to, by FIGURES

    @property
    def trained(self) -> int:
        """How many people were trained."""
        return sum(number for name, number in self.figures.items() if name.startswith("trained_"))

    @property
    def is_reported(self) -> bool:
        """Whether a report has any number."""
        return any(self.figures.values())

    @property
    def outcome(self) -> str:
        """What came of the match in words, in the active language; empty before."""
        return str(MatchOutcome(self.match.outcome).label) if self.match.outcome else ""


@dataclass(frozen=True)
class Ledger:
    """The coverage of one cycle of a need: a line for each match, the sums, and the outcomes found.

    `ended` says how the cycle ended and why the next began; None for the cycle that runs.
    """

    number: int
    ended: Cycle | None
    lines: tuple[Line, ...]
    sums: dict[str, int]
    outcomes: tuple[Verification, ...]


def ledgers(
    need: Need, matches: Iterable[Match], verifications: Iterable[Verification], ended: Iterable[Cycle]
) -> list[Ledger]:
    """Return the ledger of each cycle of a need, the one that runs first. `matches` are those that the reader sees."""
    rows, outcomes, over = list(matches), list(verifications), {cycle.number: cycle for cycle in ended}
    return [
        Ledger(
            number=number,
            ended=over.get(number),
            lines=tuple(line_of(match) for match in rows if match.cycle == number),
            sums=coverage_by(match for match in rows if match.cycle == number),
            outcomes=tuple(one for one in outcomes if one.cycle == number),
        )
        for number in range(need.cycle, 0, -1)
    ]


def line_of(match: Match) -> Line:
    """Return the line of a match; one that nobody has accepted, or that has ended, covers nothing.

    Its figures are those that `with_figures` has read.
    """
    agreed = covered_by(match) if match.status in CONFIRMED_MATCH else 0
    delivered = agreed if match.status == MatchStatus.DELIVERED else 0
    figures = {name: getattr(match, f"sum_of_{name}", 0) for name in FIGURES}
    return Line(match, agreed, delivered, match.verified_share, figures)


def with_figures(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Return these matches with the sums of their reports, which whoever sees a match may know.

    To be read with `row_security.bypass`: the reports themselves are read by the parties alone.
    """
    return matches.annotate(**{f"sum_of_{name}": Coalesce(Sum(f"reports__{name}"), 0) for name in FIGURES})


def spread(total: int, weights: list[int]) -> list[int]:
    """Divide a whole number in proportion to weights by the largest remainder method, so that the parts add up."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
