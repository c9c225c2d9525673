"""What names recommendations, and what is said about them, to people."""

from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.workflow.naming import titled
from web.dates import in_words


def numbered(recommendation: Recommendation) -> str:
    """Return a recommendation by its number."""
    return _("Recommendation %(number)s") % {"number": recommendation.number}


def name_of_recommendation(recommendation: Recommendation) -> Matter:
    """Return a recommendation by its title, with its number and State."""
    return titled(recommendation, numbered(recommendation), recommendation.visit.state.name)


def name_of_observation(observation: Observation) -> Matter:
    """Return observations by the State that sent them, and when."""
    title = _("Observations of %(state)s on the draft report") % {"state": observation.visit.state.name}
    return Matter(title, facts=(in_words(observation.created_at.date()),))


def name_of_response(response: Response) -> Matter:
    """Return a part of a reply by the recommendation that it answers."""
    values = {"number": response.recommendation.number, "state": response.visit.state.name}
    title = _("Reply of %(state)s to recommendation %(number)s") % values
    return Matter(title, facts=(str(response.get_said_display()),))


def name_of_rating(rating: Rating) -> Matter:
    """Return a rating by the recommendation that it rates."""
    values = {"number": rating.recommendation.number, "state": rating.visit.state.name}
    title = _("Rating of recommendation %(number)s to %(state)s") % values
    return Matter(title, facts=(str(rating.get_rated_display()),))
