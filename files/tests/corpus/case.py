"""What a case of the corpus is: a file, its expected outcome, and what of it must not be stored."""

from collections.abc import Callable
from dataclasses import dataclass

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<html><script>alert(document.domain)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
KEPT = "kept"


@dataclass(frozen=True)
class Case:
    """One file: its content, the sender's name, the expected outcome, and texts the stored file must not hold."""

    label: str
    make: Callable[[], bytes]
    outcomes: tuple[str, ...]
    sent_as: str = "note.pdf"
    kept_as: str = ""
    gone: tuple[bytes, ...] = ()


def kept(
    label: str, make: Callable[[], bytes], *gone: bytes, sent_as: str = "note.pdf", kept_as: str = "note.pdf"
) -> Case:
    return Case(label, make, (KEPT,), sent_as, kept_as, gone)


def refused(label: str, make: Callable[[], bytes], *codes: str, sent_as: str = "note.pdf") -> Case:
    return Case(label, make, codes, sent_as)
