"""A transition as data: its source states, who may run it, its guards, and the event it records."""

from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Transition:
    """One legal transition: `who` may run it, under the conditions `guards`, and the `event` it records.

    `who` and `guards` are names of functions: of policy, or of the aggregate. Transitions with `needs_proof` require
    recent reauthentication: they give access to others, or take it away. Those with `own_page` can be run on several
    rows at once, on a page named after the model and the transition.
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


def table(*rows: Transition) -> dict[str, Transition]:
    """Return the transitions by their names."""
    return {row.name: row for row in rows}
