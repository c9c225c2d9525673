"""What an import has to tell whoever runs it: values left out, not understood or changed, and faults that refuse a file.

The texts are for the operator at the shell, in English as the rest of the command's output.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

MOST = 20  # of each kind; the others are counted


@dataclass(frozen=True)
class Note:
    """One value: where it stands in the file, of which kind the finding is, and what was done."""

    line: int
    address: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text} ({self.address})" if self.address else f"line {self.line}: {self.text}"


class Findings:
    """Collects notes, and faults, which refuse the file when all of it has been read."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.faults: list[Note] = []

    def note(self, element: Element, kind: str, text: str) -> None:
        """Add a finding about an element: the value is left out, or kept in another form."""
        self.notes.append(Note(element.sourceline, address_of(element), kind, text))

    def fault(self, element: Element, text: str) -> None:
        """Add a fault: the file is refused."""
        self.faults.append(Note(element.sourceline, "", "fault", text))


def address_of(element: Element) -> str:
    """Return the path of an element in the file, for example iati-activity[2]/budget[1]/value."""
    path = str(element.getroottree().getpath(element))
    return path.removeprefix("/iati-activities/")


def limited(notes: list[Note]) -> Iterator[tuple[str, list[Note], int]]:
    """Yield for each kind, in the order of the file: its name, the first notes, and how many there are in all."""
    counts = Counter(note.kind for note in notes)
    for kind, count in counts.items():
        yield kind, [note for note in notes if note.kind == kind][:MOST], count
