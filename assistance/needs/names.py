"""What names needs and matches to people: the title of the need, the State, and what helps to decide."""

from accounts.matters import Matter
from assistance.needs.models import Match, Need
from assistance.workflow.naming import titled
from web.phrases import percent


def name_of_need(need: Need) -> Matter:
    """Return a need by its title, with State and priority."""
    return titled(need, need.state.name, need.get_priority_display())


def name_of_match(match: Match) -> Matter:
    """Return a match by the title of its need, with State, provider and share."""
    return titled(match.need, match.need.state.name, match.provider.short, percent(match.share))
