"""How much is measured: in a whole run, and in the quick one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """The numbers of a bench."""

    sizes: tuple[int, ...]  # needs; half as many projects
    people: int = 193
    rounds: int = 3
    seconds: float = 0.25  # for one operation on one server in one round
    load_seconds: float = 10.0
    released: tuple[int, ...] = (1, 100, 1_000)
    patience: float = 120.0  # how long a release, or the mails about it, may take before the rest is computed from it
    mails: int = 3_000
    activities: int = 3_000
    audit_lines: int = 1_000_000


WHOLE = Plan(sizes=(10_000, 100_000))
QUICK = Plan(
    sizes=(10_000,),
    seconds=0.08,
    load_seconds=6.0,
    patience=30.0,
    mails=600,
    audit_lines=100_000,
)
