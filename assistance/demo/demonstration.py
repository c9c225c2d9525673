"""What the demonstration data of all aggregates share: people, organisations, days, what was made, what is to happen.

Each aggregate has a function `load(demo)`, which schedules what happens to its rows and when. Nothing happens before
`Demonstration.run` calls all scheduled actions in the order of time, so an aggregate does not care which other is
loaded first: a need is recorded, agreed, released and matched by four modules in the order of the days.

Two kinds of numbers stand in the data. When something happens is in days ago (`recorded=215`); a date of a row, such
as a deadline, is in days from today, negative for the past (`deadline=-15`).
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
        """Have `run` call `action(self, …)` at a moment so many days ago; None means that it never happens.

        Raises ValueError for a moment in the future.
        """
        if days_ago is not None:
            self.schedule_at(self.days.working_hour(days_ago), partial(action, self, *args, **kwargs))

    def schedule_at(self, moment: datetime, action: Callable[[], object]) -> None:
        """Have `run` call `action` at a moment. Raises ValueError for one in the future."""
        if moment > self.days.now:
            raise ValueError(f"{action} would happen in the future.")
        self._actions.append((moment, action))

    def run(self) -> None:
        """Call what was scheduled in the order of time; at one moment, in the order in which it was scheduled."""
        for moment, action in sorted(self._actions, key=lambda scheduled: scheduled[0]):
            with at(moment):
                action()

    def keep(self, key: str, row: Model) -> None:
        """Keep a row that was made, under a key by which other aggregates name it."""
        self._rows[type(row), key] = row

    def find(self, model: type[Row], key: str) -> Row | None:
        """Return the row kept under this key, as it was when it was made, or None when there is none yet."""
        found: Any = self._rows.get((model, key))
        return found

    def get(self, model: type[Row], key: str) -> Row:
        """Return the row kept under this key, as it was when it was made. Raises KeyError when there is none yet."""
        found = self.find(model, key)
        if found is None:
            raise KeyError(f"At this moment there is no {model._meta.verbose_name} “{key}” yet.")
        return found

    def counts(self) -> dict[str, int]:
        """Return how many rows of each kind were made, by the plural name of the kind."""
        made = Counter(str(model._meta.verbose_name_plural) for model, _key in self._rows)
        return {"people": len(self.people.users), **made}
