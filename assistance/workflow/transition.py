"""A transition as data: from where, by whom, under which conditions, and what is recorded."""

from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Transition:
    """One legal step. `who` and `guards` name functions in policy and transitions; `event` is what is recorded.

    `needs_proof` steps are taken only right after a fresh proof of identity: they let people in, or shut them out.
    Those with an `own_page` are taken over several rows at once, on a page called like the model and the step.
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
