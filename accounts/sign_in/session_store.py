"""The store of sessions: the framework's, in the database, read by a statement that the process keeps."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from web.statements import Statements

STATEMENTS = Statements()


class SessionStore(db.SessionStore):
    """Sessions in the table of the framework; each request reads one."""

    def _get_session_from_db(self) -> Any:
        """Return the session of this key; None, and the key forgotten, if there is none or it has ended."""
        found = STATEMENTS.rows("session", _alive, [self.session_key or ""], ["?"])
        if not found:
            self._session_key = None
            return None
        return found[0]


def _alive(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=timezone.now())
