"""`./manage.py hold_sending`: no mail is sent until `release_sending`, except letters about an account asked for since."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.mail import hold


class Command(BaseCommand):
    help = "Hold mail, for example before workers are started on a restored database. Notifications are not held."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", default="by hand", help="kept with the hold and written to the log")

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        held_at = hold.hold(reason)
        self.stdout.write(f"Sending is held since {held_at:%Y-%m-%d %H:%M:%S} UTC; {hold.waiting_mail()} mails wait.")
