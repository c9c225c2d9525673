"""The readers of a bench and the terms they search for, as the steps that know Django write them for those that do not."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

KINDS = ("entity", "state", "cted", "unoct")


@dataclass(frozen=True)
class Reader:
    """A person: how each server knows them, and the State whose page they open."""

    name: str
    user: str
    session: str
    groups: str
    state: str


@dataclass(frozen=True)
class Term:
    """A term to search for, as it is typed and folded."""

    language: str
    kind: str
    text: str
    folded: str


@dataclass(frozen=True)
class World:
    """One reader of each kind, many others, and terms for searches."""

    readers: dict[str, Reader]
    people: list[Reader]
    terms: list[Term]

    def write(self, path: Path) -> None:
        """Write it to a file."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> "World":
        """Return what was written to a file."""
        found = json.loads(path.read_text())
        return cls(
            {kind: Reader(**one) for kind, one in found["readers"].items()},
            [Reader(**one) for one in found["people"]],
            [Term(**one) for one in found["terms"]],
        )
