"""The guide for a new aggregate, followed to the letter in a copy of the project: nothing else has to be edited.

The example of docs/development/adding-an-aggregate.md is written to the files its headings name. The copy then has to
start, and to pass the tests over all kinds of records for the new kind as for the others.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = "docs/development/adding-an-aggregate.md"
HEADING = re.compile(r"^### `([\w./]+\.py)`", re.MULTILINE)
BLOCK = re.compile(r"^```(python|django)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Tests over all kinds of records that have cases for the new one: access, lists, answers and bodies of the API.
SWEEPS = (
    "assistance/pledges",
    "assistance/access/tests/test_policy.py",
    "assistance/access/tests/test_rebuild_grants.py",
    "assistance/access/tests/test_row_security.py",
    "portal/tests/test_api_lists.py",
    "portal/tests/test_api_schema.py",
    "portal/tests/test_token_scopes.py",
)


def files_of_the_example() -> Iterator[tuple[str, str]]:
    """Yield path and content of each file of the guide's example."""
    text = (PROJECT / GUIDE).read_text()
    headings = list(HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=True):
        section = text[heading.end() : end].partition("\n## ")[0]
        blocks = BLOCK.findall(section)
        code = next((code for language, code in blocks if language == "python"), "")
        yield f"assistance/pledges/{heading[1]}", f'"""Pledges."""\n\n{code}'
        for language, template in blocks:
            if language == "django":
                yield "templates/assistance/pledges/pledge.html", template


def copy_project(target: Path) -> None:
    """Copy what git keeps."""
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, kept.split("\0")):
        if (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, target / name)


def run(folder: Path, *arguments: str) -> str:
    """Return the output of a Python command in the copy, which has a database of its own on the server of this run.

    Fails if the command does.
    """
    database = urlsplit(os.environ["DATABASE_URL"])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {
        "DJANGO_SETTINGS_MODULE": "devserver.testing",
        "DATABASE_URL": database._replace(path=f"{database.path}_copy").geturl(),
        "PORTAL_TEST_SERVICES": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("PORTAL_TEST_TEMPLATE", None)
    done = subprocess.run(
        [sys.executable, *arguments], check=False, cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.turns(days=3)
@pytest.mark.slow
def test_the_example_of_the_guide_works_without_any_other_edit(tmp_path: Path) -> None:
    copy_project(tmp_path)
    listed = tmp_path / "assistance/aggregates.py"
    names = re.search(r"AGGREGATES = \((.*?)\)", listed.read_text(), re.DOTALL)
    assert names is not None
    listed.write_text(listed.read_text().replace(names[1], f'{names[1].rstrip().rstrip(",")}, "pledges"'))
    for name, content in files_of_the_example():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    migrate(tmp_path)
    result = run(tmp_path, "-m", "pytest", "-v", "-n", "0", "-p", "no:cacheprovider", "-k", "pledge", *SWEEPS)
    passed = re.findall(r"^(\S+)::\S+ PASSED", result, re.MULTILINE)
    assert set(passed) == {*SWEEPS[1:], "assistance/pledges/tests/test_pages.py"} and len(passed) > 20, result[-3000:]


def migrate(folder: Path) -> None:
    """Make the one migration, with row-level security as the guide says."""
    run(folder, "manage.py", "makemigrations", "assistance", "--name", "pledges")
    (migration,) = (folder / "assistance/migrations").glob("*_pledges.py")
    imports = "import uuid\nfrom assistance.access import database\nfrom assistance.search import columns_of\n"
    text = migration.read_text().replace("import uuid\n", imports, 1)
    assert "import database" in text and text.rstrip().endswith("]")
    events = 'database.read_with("assistance_event", "pledge", "assistance_pledge")'
    own = f'    database.row_security("assistance_pledge"),\n        {events},\n'
    own += '        *database.searched("assistance_pledge", columns_of("title", "description")),\n'
    migration.write_text(f"{text.rstrip()[:-1]}{own}    ]\n")
