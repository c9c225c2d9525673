"""`./manage.py load_scale`: fills an empty database with made-up data at the size of real use, for measurements."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from assistance.scale.loading import CannotLoad, Sizes, load


class Command(BaseCommand):
    help = "Fill an empty database with made-up data at the size of real use; never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add one option for each number of rows."""
        for name, default in vars(Sizes()).items():
            by_default = f"default {default:,}" if default else "by default it follows from the others"
            parser.add_argument(f"--{name}", type=int, default=default, help=f"number of {name} ({by_default})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the data. Raises CommandError for numbers below one, or where they may not be loaded."""
        sizes = Sizes(**{name: options[name] for name in vars(Sizes())})
        if min(number for number in vars(sizes).values() if number is not None) < 1:
            raise CommandError("Each number must be at least 1.")
        begun = time.monotonic()
        try:
            counts = load(sizes)
        except CannotLoad as reason:
            raise CommandError(str(reason)) from reason
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # for the planner, which has to know the new sizes
        for name, number in counts.items():
            self.stdout.write(f"{name:16}{number:>12,}")
        self.stdout.write(f"Loaded in {time.monotonic() - begun:.0f} s.")
