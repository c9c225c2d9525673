"""Pages of matches."""

from assistance.filters import MatchFilter
from assistance.models import Match
from assistance.views.generic import ListPage, ObjectPage


class MatchList(ListPage):
    model = Match
    filters = MatchFilter
    template = "assistance/match_list.html"


class MatchPage(ObjectPage):
    model = Match
    template = "assistance/match.html"
    related = ("need__state", "provider", "offer")
