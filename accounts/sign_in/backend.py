"""Who a session belongs to: the user of the framework's backend, read by a statement that the process keeps."""

from typing import Any
from uuid import UUID, uuid4

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from accounts.models import User
from web.statements import Statements

STATEMENTS = Statements()


class AccountBackend(AuthenticationBackend):
    """Signs in by e-mail address and password; each request in a session asks it for its user."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active user with this key, None for one that is absent or may not sign in."""
        found = STATEMENTS.rows("user", _with_key, [UUID(str(user_id))], [uuid4()])
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def _with_key(key: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=key)
