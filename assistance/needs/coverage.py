"""How much of a need is covered, in per cent of the need."""

from django.db.models import Case, F, IntegerField, When

from assistance.needs.models import Need
from assistance.needs.states import CONFIRMED_MATCH, MatchStatus

VERIFIED_OR_SHARE = Case(
    When(verified_share__isnull=False, then=F("verified_share")), default=F("share"), output_field=IntegerField()
)


def coverage(need: Need) -> dict[str, int]:
    """Return the coverage of a need, in per cent: claimed by providers, confirmed by both sides, verified, open."""
    matches = [match for match in need.matches.all() if match.status in CONFIRMED_MATCH]
    rows = [(match.status, match.share, match.verified_share) for match in matches]
    confirmed = sum(share if verified is None else verified for _status, share, verified in rows)
    return {
        "claimed": sum(share for status, share, _verified in rows if status == MatchStatus.DELIVERED),
        "confirmed": confirmed,
        "verified": sum(verified or 0 for _status, _share, verified in rows),
        "open": max(0, 100 - confirmed),
    }


def open_share(need: Need) -> int:
    """Return the share of the need, in per cent, for which no match has been accepted."""
    return coverage(need)["open"]


def spread(total: int, weights: list[int]) -> list[int]:
    """Divide a whole number in proportion to weights by the largest remainder method, so that the parts add up."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
