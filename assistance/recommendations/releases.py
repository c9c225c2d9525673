"""What is particular to releases of recommendations, and of what is said about them: each kind is named by number."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.recommendations.names import numbered
from assistance.registry import ReleaseSpec
from assistance.registry_defaults import no_rows
from web.lists import joined

Names = Callable[[Sequence[Any]], str]


def _numbers(rows: Sequence[Recommendation]) -> dict[str, Any]:
    return {"numbers": joined(row.number for row in rows)}


def _named(rows: Sequence[Recommendation]) -> str:
    return ngettext("recommendation %(numbers)s", "recommendations %(numbers)s", len(rows)) % _numbers(rows)


def _listed(rows: Sequence[Recommendation]) -> str:
    text = npgettext("alone", "Recommendation %(numbers)s", "Recommendations %(numbers)s", len(rows))
    return text % _numbers(rows)


def _count(number: int) -> str:
    text = ngettext("%(count)d recommendation", "%(count)d recommendations", number)
    return text % {"count": number}


RECOMMENDATIONS = ReleaseSpec(
    heading=numbered,
    named=_named,
    listed=_listed,
    order=("number",),
    order_in_visit=("section__number", "number"),
    related=("visit__state",),
    counted=_count,
)


# ── What is said about them ──────────────────────────────────────────────────
def _count_observations(number: int) -> str:
    text = ngettext("%(count)d set of observations", "%(count)d sets of observations", number)
    return text % {"count": number}


def _count_responses(number: int) -> str:
    text = ngettext("%(count)d reply to a recommendation", "%(count)d replies to recommendations", number)
    return text % {"count": number}


def _count_ratings(number: int) -> str:
    text = ngettext("%(count)d rating of a recommendation", "%(count)d ratings of recommendations", number)
    return text % {"count": number}


def _heading_of_observation(row: Observation) -> str:
    return _("Observations %(number)s") % {"number": row.number}


def _heading_of_response(row: Response) -> str:
    return _("Reply to recommendation %(number)s") % {"number": row.recommendation.number}


def _heading_of_rating(row: Rating) -> str:
    return _("Rating of recommendation %(number)s") % {"number": row.recommendation.number}


def _spec(counted: Callable[[int], str], heading: Callable[[Any], str], number: str, *related: str) -> ReleaseSpec:
    def in_sentence(rows: Sequence[Any]) -> str:
        return counted(len(rows))

    return ReleaseSpec(
        heading=heading,
        named=in_sentence,
        listed=in_sentence,
        order=(*(f"{name}_id" for name in related), number),
        order_in_visit=(*(f"{name}__number" for name in related), number),
        related=("visit__state", *related),
        counted=counted,
        asked=no_rows,  # a State is asked for its report, not for what it and CTED say of it
    )


OBSERVATIONS = _spec(_count_observations, _heading_of_observation, "number")
RESPONSES = _spec(_count_responses, _heading_of_response, "period", "recommendation")
RATINGS = _spec(_count_ratings, _heading_of_rating, "number", "recommendation")
