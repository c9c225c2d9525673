"""The only code that changes a state. Pages, API, Celery and the shell call these functions, with keywords."""

from assistance.transitions import clocks, consents, matches, needs, offers, records
from assistance.transitions.engine import legal, reads_of

__all__ = ["clocks", "consents", "legal", "matches", "needs", "offers", "reads_of", "records"]
