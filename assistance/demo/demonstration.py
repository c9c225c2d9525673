"""State shared while demonstration data are loaded: people, organisations, days, created rows, scheduled actions.

Each aggregate has a function `load(demo)`, which schedules what happens to its rows and when. Nothing is run before
`Demonstration.run` calls all scheduled actions in chronological order, so the order in which aggregates are loaded does
not matter: a need is recorded, agreed, released and matched by four modules in the order of the days.

The data contain two kinds of numbers. The time of an action is in days ago (`recorded=215`); a date of a row, such as
a deadline, is in days from today, negative for the past (`deadline=-15`).
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db.models import Model

from assistance.demo import organisations
from assistance.demo.clock import at
from assistance.demo.days import Days
from assistance.demo.people import APPOINTED, People
from assistance.workflow.announcements import announce_waiting
from entities.models import Organisation

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


class Demonstration:
    """The demonstration while it is being loaded."""

    def __init__(self, days: Days) -> None:
        """Create the invented organisations and people."""
        self.days = days
        with at(days.ago(APPOINTED)):
            organisations.establish()
        self.people = People(days)
        self.organisations = {one.slug: one for one in Organisation.objects.select_related("group")}
        self._rows: dict[tuple[type[Model], str], Model] = {}
        self._actions: list[tuple[datetime, Callable[[], object]]] = []

    def schedule(
        self,
        days_ago: int | None,
        action: Callable[Concatenate["Demonstration", P], object],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Schedule `action(self, …)` at a time so many days ago; None means never.

        Raises ValueError for a time in the future.
        """
        if days_ago is not None:
            self.schedule_at(self.days.working_hour(days_ago), partial(action, self, *args, **kwargs))

    def schedule_at(self, moment: datetime, action: Callable[[], object]) -> None:
        """Schedule `action` at a time. Raises ValueError for one in the future."""
        if moment > self.days.now:
            raise ValueError(f"{action} would happen in the future.")
        self._actions.append((moment, action))

    def run(self) -> None:
        """Call the scheduled actions in chronological order; those of the same time in the order of scheduling."""
        for moment, action in sorted(self._actions, key=lambda scheduled: scheduled[0]):
            with at(moment):
                action()
                announce_waiting()

    def keep(self, key: str, row: Model) -> None:
        """Store a created row under a key by which other aggregates refer to it."""
        self._rows[type(row), key] = row

    def find(self, model: type[Row], key: str) -> Row | None:
        """Return the row stored under this key, as it was when it was created, or None when there is none yet."""
        found: Any = self._rows.get((model, key))
        return found

    def get(self, model: type[Row], key: str) -> Row:
        """Return the row stored under this key, as it was when created. Raises KeyError when there is none yet."""
        found = self.find(model, key)
        if found is None:
            raise KeyError(f"At this moment there is no {model._meta.verbose_name} “{key}” yet.")
        return found

    def counts(self) -> dict[str, int]:
        """Return the number of created rows by the plural name of their model."""
        made = Counter(str(model._meta.verbose_name_plural) for model, _key in self._rows)
        return {"people": len(self.people.users), **made}
