"""Which fields the portal sends of each kind of row: the bench reads them once, and the other servers send the same."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

FILE = "BENCH_SHAPES"  # the variable that names the file
ONE = "need"  # the kind of the answer about a single need; the others are collections
Shapes = Mapping[str, list[str]]


def read() -> Shapes:
    """Return for each kind the names of the fields, as the bench wrote them."""
    shapes: Shapes = json.loads(Path(os.environ[FILE]).read_text())
    return shapes


def write(path: Path, shapes: Shapes) -> None:
    """Write them for the servers that are started next."""
    path.write_text(json.dumps(shapes))
