"""Verifies that no entry of the log was changed, removed, added or moved."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.chain import Broken, verify


class Command(BaseCommand):
    help = "Walks the chain over the audit log; exit code 1 names the first place where it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", help="The hash printed earlier and kept elsewhere: it must still be there."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head = verify(options["head"].strip().lower())
        except Broken as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{head.position} entries, none changed. Keep this head elsewhere: {head.hash or '-'}")
