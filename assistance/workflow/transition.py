"""A transition as data: its source states, who may run it, its guards, and the event it records."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RESPOND = pgettext_lazy("decision", "Respond")


@dataclass(frozen=True)
class Transition:
    """One legal transition: `who` may run it, under the conditions `guards`, and the `event` it records.

    `who` and `guards` are names of functions: of policy, or of the aggregate. Transitions with `needs_proof` require
    recent reauthentication: they give access to others, or take it away. Those with `own_page` can be run on several
    rows at once, on a page named after the model and the transition. Those with `is_task` complete a task; they have
    `answers` where somebody asked for the decision.
    """

    name: str
    label: str | Promise
    consequence: str | Promise
    sources: tuple[str, ...]
    who: str
    event: str
    guards: tuple[str, ...] = field(default=())
    tone: str = "secondary"
    needs_proof: bool = False
    own_page: bool = False
    is_task: bool = False
    answers: bool = False

    @property
    def task_label(self) -> str | Promise:
        """The words for the kind of action on the button of a task and on the page that the button opens."""
        return RESPOND if self.answers else self.label


def table(*rows: Transition) -> dict[str, Transition]:
    """Return the transitions by their names."""
    return {row.name: row for row in rows}


def task_label(possible: Iterable[Transition]) -> str | Promise:
    """Return the kind of action in words for the first of these transitions that completes a task."""
    return next((row.task_label for row in possible if row.is_task), _("Available actions"))
