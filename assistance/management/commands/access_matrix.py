"""`./manage.py access_matrix`: the table of who sees, records, edits and attaches to which record in which state.

The rows and the people are those of the tests (`tests/cases.py` of each aggregate), made in a transaction that is rolled
back; what is in the table is what policy answers about them. An image has no tests, so there the command refuses to run.
"""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.access.rules import access_reasons
from entities.actors import Actor

DOCUMENT = settings.BASE_DIR / "docs" / "access.md"
# Who of the cast stands for which readers.
READERS = {
    "carana": "State concerned",
    "observer": "its observer",
    "cted": "CTED",
    "unoct": "UNOCT",
    "unodc": "entity concerned",
    "iom": "another entity",
    "partner": "partner",
    "donor": "donor contact",
    "sumora": "another State",
}
NO = "–"
PREFACE = """# Who sees what

For auditors. `./manage.py access_matrix --write` writes this file. Tests compare it with what the portal answers, and with
what is written by hand in `tests/cases.py` of each kind of record.

A row of a table is a record in one state, a column a person with a running appointment. A cell names a reason for which
this person sees the record; “–” means that they do not see it, do not find it and do not learn that it exists. A `consent`
is a release by the State concerned, and counts until it ends or is withdrawn. Who sees a record `with need` sees it as long
as they see the need. The entity concerned is the one that provides, leads, or is named in a release; another entity is
named only where the state says so. The rows in italics say who may record such a record of their own, edit this one, and
attach files to it; transitions are in the table of each aggregate (`states.py`).

People without a running appointment see no record, nor do administrators as such. UNOCT can view the portal as somebody
else, and sees then only what both of them see. Organizations, appointments and the access log are not in these tables.
"""


class Command(BaseCommand):
    help = "Print who sees what in which state, as docs/access.md has it. Needs the tests and a migrated database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/access.md")
        parser.add_argument("--check", action="store_true", help="exit code 1 when docs/access.md is out of date")

    def handle(self, *args: Any, write: bool, check: bool, **options: Any) -> None:
        text = _matrix()
        if check and (not DOCUMENT.exists() or DOCUMENT.read_text("utf-8") != text):
            self.stderr.write(f"{DOCUMENT.name} is out of date: run ./manage.py access_matrix --write")
            sys.exit(1)
        if write:
            DOCUMENT.write_text(text, "utf-8")
        elif not check:
            self.stdout.write(text)


def _matrix() -> str:
    """Return the whole document. Raises CommandError where the tests are not installed."""
    if find_spec("assistance.tests") is None:
        raise CommandError("This needs the tests, which an image does not have: run it in a checkout.")
    cases, cast = import_module("assistance.tests.cases"), import_module("assistance.tests.cast")
    with transaction.atomic(), translation.override("en"):
        people = cast.Cast()
        people.add_donor()
        sections = [PREFACE, *(_section(people, each) for each in cases.all_cases())]
        transaction.set_rollback(True)
    return "\n".join(sections)


def _section(cast: Any, cases: Any) -> str:
    """Return the table of one kind of record: its states, then who may do what."""
    actors = [getattr(cast, name) for name in READERS]
    rows = [(case.state, case.make(cast)) for case in cases.rows]
    aggregate = registry.of(cases.model)
    table = [("", *READERS.values()), ("---",) * (len(READERS) + 1)]
    table += [(state, *(_reason(actor, row) for actor in actors)) for state, row in rows]
    table += [(f"*{verb}*", *map(answer, actors)) for verb, answer in _rights(aggregate.model, rows[0][1])]
    return f"## {aggregate.label}\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in table)


def _reason(actor: Actor, row: Restricted) -> str:
    """Return the first reason for which this actor sees the row, those of owners first, or a dash."""
    if not policy.visible(actor, type(row)).filter(pk=row.pk).exists():
        return NO
    reasons = [reason for reason in access_reasons(row) if reason.group in actor.groups]
    return min(reasons, key=lambda reason: not reason.owner).kind.replace("_", " ")


def _rights(model: type[Restricted], row: Restricted) -> Iterator[tuple[str, Callable[[Actor], str]]]:
    """Yield what can be done with this kind of record besides transitions, and who may."""
    yield "records", lambda actor: "yes" if policy.may_create(actor, model) else NO
    yield "edits", lambda actor: "yes" if policy.may_edit(actor, row) else NO
    if model.takes_documents:
        yield "attaches", lambda actor: "yes" if policy.attacher(actor, row) else NO
