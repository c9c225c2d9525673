"""One file, one process: `python -m files.cleaning SOURCE TARGET PIXELS SECONDS BYTES WANTED` cleans SOURCE into TARGET.

WANTED is `file`, or `cells` for what stands in a spreadsheet, as JSON. It prints one line of JSON: the media type of
the file that was cleaned, or the reason for a refusal.
"""

import contextlib
import importlib
import json
import resource
import sys
from pathlib import Path

from files.cleaning.kinds import JPEG, PDF, PNG, Refused, kind_of

# Named, not imported: only the module that is needed is loaded.
CLEANERS = {PDF: "pdfs", PNG: "pictures", JPEG: "pictures", "application/zip": "office"}


def limit(seconds: int, most: int) -> None:
    """Limit this process to so many seconds of processor time and bytes of memory."""
    for kind, value in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a system without this limit relies on the parent's time-out
            resource.setrlimit(kind, (value, value))


def main(source: str, target: str, pixels: str, seconds: str, most: str, wanted: str) -> None:
    """Clean one file and print the outcome."""
    limit(int(seconds), int(most))
    content = Path(source).read_bytes()
    try:
        kind = kind_of(content)
        cleaner = importlib.import_module(f"files.cleaning.{CLEANERS[kind]}")
        cleaned, kind = cleaner.clean(content, kind, pixels=int(pixels))
        if wanted == "cells":
            cleaned = importlib.import_module("files.cleaning.cells").extract(cleaned, kind)
        Path(target).write_bytes(cleaned)
        said = {"media_type": kind}
    except Refused as error:
        said = {"refused": error.code}
    except (MemoryError, RecursionError):
        said = {"refused": "costly"}
    except OSError:  # the target cannot be written whole
        said = {"refused": "no_room"}
    sys.stdout.write(json.dumps(said))


main(*sys.argv[1:])
