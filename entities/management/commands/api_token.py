"""Issues an API token and prints only its secret, once, so that a script can read it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.tokens.scopes import scopes as all_scopes
from entities.actors import actor_of
from entities.views import tokens
from web.exceptions import Forbidden


class Command(BaseCommand):
    help = "Make an API token for a person and print it, alone, on standard output. It is shown only this once."
    requires_system_checks = ()  # a script expects one line, without warnings

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")
        parser.add_argument(
            "--days", type=int, default=settings.TOKEN_MAX_DAYS, help="how long it lives (default: %(default)s)"
        )
        parser.add_argument("--name", default="command line", help="how its owner will find it in the list")
        parser.add_argument(
            "--scope", action="append", default=[], help="such as needs:read; repeat it (default: reads everything)"
        )
        parser.add_argument("--write", action="store_true", help="it reads and writes everything its owner may")

    def handle(
        self, *args: Any, email: str, days: int, name: str, scope: list[str], write: bool, **options: Any
    ) -> None:
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        if not user.is_active:
            raise CommandError(f"The account of {user.email} is not active; a token would open nothing.")
        scopes = all_scopes() if write else scope or None
        try:
            _token, secret = tokens.issue(actor=actor_of(user), name=name[:80], days=days, scopes=scopes)
        except (Forbidden, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)
