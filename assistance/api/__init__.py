"""The JSON twin of the pages: same queries, same transitions, no rule of its own."""

from assistance.api.accesses import AccessLog
from assistance.api.documents import Documents
from assistance.api.needs import Needs
from assistance.api.offers import Matches, Offers
from assistance.api.projects import Projects
from assistance.api.releases import Consents, Releases
from assistance.api.visits import Sections, Visits

__all__ = [
    "AccessLog",
    "Consents",
    "Documents",
    "Matches",
    "Needs",
    "Offers",
    "Projects",
    "Releases",
    "Sections",
    "Visits",
]
