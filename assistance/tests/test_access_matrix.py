"""docs/access.md is what policy answers, and what is written by hand in the cases of each aggregate."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from assistance import registry
from assistance.management.commands import access_matrix
from assistance.management.commands.access_matrix import DOCUMENT, NO, READERS
from assistance.tests.cases import Cases, all_cases, name_of
from entities.models import Organisation

pytestmark = pytest.mark.django_db


def table_of(cases: Cases) -> dict[str, set[str]]:
    """Return state or right → those of the cast who have it, read from the table of these cases."""
    section = DOCUMENT.read_text("utf-8").split(f"## {registry.of(cases.model).label}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    assert rows[0] == ["", *READERS.values()]
    return {
        head.strip("*"): {name for name, cell in zip(READERS, cells, strict=True) if cell != NO}
        for head, *cells in rows[2:]
    }


@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_the_table_says_what_is_written_by_hand(cases: Cases) -> None:
    rights = {"records": cases.recorders, "edits": cases.editors, "attaches": cases.attachers}
    wanted = {row.state: {*row.readers} for row in cases.rows} | {right: {*who} for right, who in rights.items()}
    if not cases.model.takes_documents:
        del wanted["attaches"]
    assert table_of(cases) == wanted


@pytest.mark.turns(days=2)
def test_the_table_is_up_to_date_and_leaves_nothing_behind() -> None:
    call_command("access_matrix", "--check")
    assert not any(model._default_manager.exists() for model in registry.models())
    assert not User.objects.exists() and not Organisation.objects.filter(slug="donoria").exists()


def test_a_table_out_of_date_is_found_and_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = tmp_path / "access.md"
    document.write_text(DOCUMENT.read_text("utf-8").replace("| provider |", "| – |", 1), "utf-8")
    monkeypatch.setattr(access_matrix, "DOCUMENT", document)
    monkeypatch.setattr("assistance.tests.cases.all_cases", lambda: all_cases()[2:3])  # offers, to be quick
    said = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("access_matrix", "--check", stderr=said)
    assert ending.value.code == 1 and "access_matrix --write" in said.getvalue()
    call_command("access_matrix", "--write")
    assert "## Offers" in document.read_text("utf-8")
    call_command("access_matrix", "--check")
