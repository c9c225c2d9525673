"""How much is measured: in a whole run, and in the quick one."""

from dataclasses import dataclass

from bench.world import KINDS


@dataclass(frozen=True)
class Plan:
    """The numbers of a bench."""

    sizes: tuple[int, ...]  # needs; half as many projects
    people: int = 193
    searching: tuple[str, ...] = ("entity", "state")  # who searches for every term
    opening: tuple[str, ...] = KINDS  # who opens the pages
    beside: tuple[str, ...] = KINDS  # for whom the portal without one of its parts is measured
    rounds: int = 3
    seconds: float = 0.25  # for one operation on one server in one round
    load_seconds: float = 10.0
    released: tuple[int, ...] = (1, 100, 1_000)
    patience: float = 120.0  # how long a release, or the mails about it, may take before the rest is computed from it
    mails: int = 3_000
    activities: int = 3_000
    lines_of_a_need: int = 10  # lines of the audit log, for each need


WHOLE = Plan(sizes=(10_000, 100_000))
QUICK = Plan(
    sizes=(10_000,),
    seconds=0.08,
    searching=("entity",),
    opening=("entity", "state"),
    beside=("entity",),
    load_seconds=5.0,
    patience=20.0,
    mails=600,
)
