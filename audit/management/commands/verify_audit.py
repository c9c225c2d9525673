"""Verifies that no entry of the log was changed, removed, added or moved."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.chain import Broken, verify


class Command(BaseCommand):
    help = "Walks the chain over the audit log; exit code 1 names the first place where it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="The hash printed earlier and kept elsewhere: it must still be there, and only what follows is verified.",
        )
        parser.add_argument("--all", action="store_true", help="Verify everything, also what stands before --head.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head = verify(options["head"].strip().lower(), whole=options["all"])
        except Broken as error:
            raise CommandError(str(error)) from error
        after = "" if head.verified == head.position else f" after position {head.position - head.verified}"
        self.stdout.write(f"{head.verified} entries{after}, none changed. Keep this head elsewhere: {head.hash or '-'}")
