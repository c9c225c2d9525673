"""`./manage.py release_sending --send | --withhold`: ends a hold, and says what becomes of the mail that waited."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.mail import hold


class Command(BaseCommand):
    help = "Send mail again after a hold. What waited in a restored database may have been sent before it was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("--send", action="store_true", help="send the mail that waited when sending was held")
        choice.add_argument("--withhold", action="store_true", help="never send it; it stays on record as withheld")

    def handle(self, *args: Any, withhold: bool, **options: Any) -> None:
        withheld = hold.release(withhold=withhold)
        self.stdout.write(f"Sending is free; {withheld} mails withheld, {hold.waiting_mail()} wait.")
