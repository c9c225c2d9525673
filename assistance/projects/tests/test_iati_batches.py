"""The import writes in batches: more activities cost no more statements, and a fault in one keeps back all others."""

from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from assistance.projects.iati import importer
from assistance.projects.iati.importer import import_file
from assistance.projects.models import Party, Project
from assistance.projects.tests.test_iati import activity, file
from assistance.workflow.models import Event

pytestmark = pytest.mark.usefixtures("reference_lists", "db")
OTHER = "<title><narrative>Safer ports</narrative></title>"


def activities(first: int, number: int, **changes: str) -> list[str]:
    return [activity(f"XM-1-{n}", **changes) for n in range(first, first + number)]


def statements(folder: Path, *those: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        import_file(file(folder, *those))
    return len(queries)


def test_more_activities_cost_no_more_statements(tmp_path: Path) -> None:
    import_file(file(tmp_path, activity()))  # the audience of imported projects is made once
    few = statements(tmp_path, *activities(0, 2))
    assert statements(tmp_path, *activities(10, 20)) == few <= 20
    assert Project.objects.count() == Party.objects.count() == Event.objects.count() == 23
    assert Project.objects.filter(states__iso2="KE", iati_identifier__startswith="XM-1-1").count() == 11


def test_more_changed_activities_cost_one_statement_each(tmp_path: Path) -> None:
    import_file(file(tmp_path, *activities(0, 22)))
    few = statements(tmp_path, *activities(0, 2, title=OTHER))
    assert statements(tmp_path, *activities(2, 20, title=OTHER)) == few + 18
    assert Project.objects.filter(title_en="Safer ports", version=2).count() == 22
    assert Party.objects.count() == 22 and Project.states.through.objects.count() == 22
    assert Event.objects.count() == 44


def test_what_does_not_fill_a_batch_is_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    assert import_file(file(tmp_path, *activities(0, 5))).created == 5
    report = import_file(file(tmp_path, *activities(0, 3, title=OTHER), *activities(3, 3)))
    assert (report.created, report.updated, report.unchanged) == (1, 3, 2)
    assert Project.objects.count() == 6 and Project.objects.filter(title_en="Safer ports").count() == 3


@pytest.mark.django_db(transaction=True)
def test_an_error_in_a_later_batch_keeps_nothing_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    references = iter(["P-AAAA-AAAA", "P-BBBB-BBBB", "P-CCCC-CCCC", "P-AAAA-AAAA"])
    monkeypatch.setattr(Project._meta.get_field("reference"), "_get_default", lambda: next(references))
    with pytest.raises(IntegrityError, match="reference"):
        import_file(file(tmp_path, *activities(0, 4)))
    assert not Project.objects.exists() and not Event.objects.exists()
