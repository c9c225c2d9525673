"""`./manage.py load_demo`: loads three invented States and a year of work into a database without data."""

from typing import Any

from django.core.management.base import BaseCommand

from assistance.demo.loading import CannotLoad, load


class Command(BaseCommand):
    help = "Load demonstration data into an empty database; never in production. Sign in as `demo_people` says."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load()
        except CannotLoad as reason:
            self.stdout.write(str(reason))
            return
        self.stdout.write("Loaded " + ", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
