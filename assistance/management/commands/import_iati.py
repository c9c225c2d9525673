"""`./manage.py import_iati FILE`: imports activities from a file in the IATI standard, all or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistance.projects.iati.findings import limited
from assistance.projects.iati.importer import import_file
from assistance.projects.iati.parser import Refused


class Command(BaseCommand):
    help = "Import the activities of an IATI 2.03 file as projects. A second import of the same file changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="an IATI 2.03 activity file")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and keep nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            report = import_file(file, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(f"{file}: {refusal}") from None
        for kind, first, count in limited(report.notes):
            self.stdout.write(f"{kind}: {count}")
            for note in first:
                self.stdout.write(f"  {note}")
            if count > len(first):
                self.stdout.write(f"  and {count - len(first)} more")
        self.stdout.write(
            f"{report.total} activities: {report.created} created, {report.updated} updated, "
            f"{report.unchanged} unchanged, 0 errors."
        )
        if dry_run:
            self.stdout.write("A dry run: nothing was kept.")
