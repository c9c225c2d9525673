"""Groups of States by lists of the United Nations, as reference data: least developed countries, and others.

Source and day of each list are in `reference/state_groups.csv`; a newer list replaces its lines there.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "reference" / "state_groups.csv"


@dataclass(frozen=True)
class StateList:
    """The ISO 3166 codes of the States on a list, and the day of the list."""

    as_of: date
    iso3: frozenset[str]


@cache
def state_lists() -> dict[str, StateList]:
    """Return the code of each group → its list: `ldc`, `lldc` and `sids`."""
    days: dict[str, date] = {}
    members: dict[str, set[str]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days[row["group"]] = date.fromisoformat(row["as_of"])
            members.setdefault(row["group"], set()).add(row["iso3"])
    return {group: StateList(days[group], frozenset(codes)) for group, codes in members.items()}
