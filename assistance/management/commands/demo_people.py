"""`./manage.py demo_people`: lists who can sign in to the demonstration, and with which password."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from assistance.demo.people import Person, password_of, present

COLUMNS = ("organisation", "role", "name", "language", "email", "password")


class Command(BaseCommand):
    help = "List the demonstration people who exist here, with their passwords. Never in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        people = [] if settings.PRODUCTION else [_row(person) for person in present()]
        if options["json"]:
            self.stdout.write(json.dumps(people, ensure_ascii=False, indent=1))
        elif people:
            self.stdout.write(_table(people))
        else:
            self.stdout.write("There are no demonstration people here; ./manage.py load_demo makes them.")


def _row(person: Person) -> dict[str, str]:
    return {
        "email": person.email,
        "password": password_of(person),
        "organisation": "" if person.ended else person.organisation,
        "role": _role(person),
        "name": person.name,
        "language": person.language,
    }


def _role(person: Person) -> str:
    if not person.role:
        return "administrator"
    return "former" if person.ended else str(person.role)


def _table(people: list[dict[str, str]]) -> str:
    rows = [dict(zip(COLUMNS, COLUMNS, strict=True)), *people]
    widths = {column: max(len(row[column]) for row in rows) for column in COLUMNS}
    return "\n".join("  ".join(row[column].ljust(widths[column]) for column in COLUMNS).rstrip() for row in rows)
