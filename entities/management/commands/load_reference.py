"""`./manage.py load_reference`: loads States, entities, partners and vocabularies; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from entities.reference_import import load_all


class Command(BaseCommand):
    help = "Load the reference lists; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for count in load_all():
            self.stdout.write(
                f"{count.label:<17} {count.created:>4} created {count.updated:>4} updated {count.unchanged:>4} unchanged"
            )
