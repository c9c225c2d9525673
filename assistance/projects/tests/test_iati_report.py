"""The report of an import: what is left out, not understood or changed is named with its line and place in the file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistance.projects.iati.findings import MOST
from assistance.projects.iati.importer import Report, import_file
from assistance.projects.iati.languages import column_of
from assistance.projects.models import Project
from assistance.projects.tests.test_iati import REAL, activity, file, money, needs_real_file, refusal, run

pytestmark = pytest.mark.usefixtures("reference_lists", "db")


def report(folder: Path, **changes: str) -> Report:
    return import_file(file(folder, activity(**changes)))


def told(found: Report, kind: str) -> list[str]:
    """Return the texts of the notes of one kind."""
    return [note.text for note in found.notes if note.kind == kind]


def budget(first: str, last: str, amount: str, *, kind: str = "1", status: str = "2", currency: str = "USD") -> str:
    return (
        f'<budget type="{kind}" status="{status}"><period-start iso-date="{first}"/><period-end iso-date="{last}"/>'
        f'<value currency="{currency}" value-date="{first}">{amount}</value></budget>'
    )


# ── What is left out ─────────────────────────────────────────────────────────
def test_every_element_and_attribute_without_a_place_is_named(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        attributes='default-currency="USD" xml:lang="en" hierarchy="2"',
        places='<recipient-country code="KE" percentage="60"/><recipient-country code="UG" percentage="40"/>'
        "<location><name><narrative>Desk</narrative></name></location>",
        dates='<activity-date type="1" iso-date="2024-01-01"><narrative>about</narrative></activity-date>',
    )
    kinds = {note.kind for note in found.notes}
    assert kinds >= {
        "left out: iati-activity @hierarchy", "left out: recipient-country @percentage", "left out: location",
        "left out: sector", "left out: contact-info", "left out: activity-date/narrative",
    }  # fmt: skip
    assert not [note for note in found.notes if "nadia" in str(note).lower() or "Secret" in str(note)]
    percentages = [note for note in found.notes if note.kind == "left out: recipient-country @percentage"]
    assert [note.address for note in percentages] == [f"iati-activity/recipient-country[{n}]" for n in (1, 2)]
    assert all(note.line > 3 for note in percentages)


def test_the_command_names_the_first_of_each_kind_and_counts_the_rest(tmp_path: Path) -> None:
    said = run(file(tmp_path, activity(sectors='<sector vocabulary="1" code="15220"/>' * (MOST + 5))))
    assert f"left out: sector: {MOST + 5}\n" in said and "  and 5 more\n" in said
    assert said.count("(iati-activity/sector[") == MOST


@needs_real_file
def test_the_published_file_is_reported_in_full() -> None:
    found = import_file(REAL)
    counts = {kind: sum(note.kind == kind for note in found.notes) for kind in {note.kind for note in found.notes}}
    expected = {"sector": 168, "location": 142, "transaction": 56, "contact-info": 56, "document-link": 22}
    assert {tag: counts[f"left out: {tag}"] for tag in expected} == expected
    assert "unknown code" not in counts


# ── Languages ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("code", "column"),
    [
        ("fra", "fr"), ("fre", "fr"), ("FR-ch", "fr"), ("ara", "ar"), ("zho", "zh-hans"), ("zh-Hans", "zh-hans"),
        ("spa", "es"), ("rus", "ru"), ("eng", "en"), ("zh-Hant", None), ("zh-TW", None), ("pt", None), ("por", None),
        ("fro", None), ("", None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_each_of_its_codes(code: str, column: str | None) -> None:
    assert column_of(code) == column


def test_the_language_of_the_file_is_that_of_texts_that_state_none(tmp_path: Path) -> None:
    path = file(tmp_path, activity(attributes='default-currency="USD"'))
    path.write_text(path.read_text().replace('version="2.03"', 'version="2.03" xml:lang="fra"'))
    import_file(path)
    project = Project.objects.get()
    assert (project.language, project.title_fr, project.title_en) == ("fr", "Safer borders", None)


def test_a_text_without_any_language_is_noted(tmp_path: Path) -> None:
    assert "no language is stated; kept as English" in told(
        report(tmp_path, attributes='default-currency="USD"'), "language"
    )


def test_two_texts_in_one_language_do_not_run_together(tmp_path: Path) -> None:
    title = "<title><narrative>One</narrative><narrative xml:lang='eng'>Two</narrative></title>"
    found = report(tmp_path, title=title, description=title.replace("title", "description"))
    project = Project.objects.get()
    assert (project.title_en, project.description_en) == ("One", "One")
    assert told(found, "second text") == ["a second text in en is left out"] * 2


def test_a_text_in_another_language_is_named(tmp_path: Path) -> None:
    title = "<title><narrative>One</narrative><narrative xml:lang='pt'>Um</narrative></title>"
    assert told(report(tmp_path, title=title), "language") == ["the text in “pt” is left out"]


# ── Codes ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("code", ["ke", "ZZ", "298", "KEN"])
def test_an_unknown_country_is_not_kept(tmp_path: Path, code: str) -> None:
    found = report(tmp_path, places=f'<recipient-country code="{code}"><narrative>Ours</narrative></recipient-country>')
    project = Project.objects.get()
    assert project.places == "" and not project.states.exists()
    assert told(found, "unknown code") == [f"“{code}” is no country code of ISO 3166; left out"]


@pytest.mark.parametrize(("vocabulary", "code"), [("2", "298"), ("1", "7"), ("99", "A")])
def test_an_unknown_region_is_not_kept(tmp_path: Path, vocabulary: str, code: str) -> None:
    region = f'<recipient-region vocabulary="{vocabulary}" code="{code}"><narrative>Ours</narrative></recipient-region>'
    found = report(tmp_path, places=region)
    assert Project.objects.get().places == "" and len(told(found, "unknown code")) == 1


@pytest.mark.parametrize(("code", "name"), [("EH", "Western Sahara"), ("FK", "Falkland Islands (Malvinas)")])
def test_a_place_is_called_as_the_united_nations_call_it(tmp_path: Path, code: str, name: str) -> None:
    found = report(
        tmp_path, places=f'<recipient-country code="{code}"><narrative>Their name</narrative></recipient-country>'
    )
    assert Project.objects.get().places == name and len(told(found, "place")) == 1


def test_a_region_of_the_dac_has_the_name_of_its_list(tmp_path: Path) -> None:
    report(tmp_path, places='<recipient-region code="298"><narrative>Theirs</narrative></recipient-region>')
    assert Project.objects.get().places == "Africa, regional"


@pytest.mark.parametrize("currency", ["usd", "XXQ", "US"])
def test_an_unknown_currency_keeps_no_budget(tmp_path: Path, currency: str) -> None:
    found = report(tmp_path, budget=money("10", "2024", currency=currency))
    project = Project.objects.get()
    assert (project.budget, project.currency) == (None, "")
    assert told(found, "unknown code") == [f"“{currency}” is no currency of ISO 4217; the budget is left out"]


# ── Money and time ───────────────────────────────────────────────────────────
YEAR = budget("2023-01-01", "2023-12-31", "100")


@pytest.mark.parametrize(
    ("budgets", "kept"),
    [
        (YEAR + budget("2023-01-01", "2024-06-30", "120", kind="2"), Decimal(120)),
        (budget("2023-01-01", "2024-06-30", "120", kind="2") + YEAR, Decimal(120)),
        (YEAR + budget("2024-01-01", "2024-12-31", "50", kind="2"), Decimal(150)),
        (YEAR + budget("2023-12-31", "2024-12-31", "50"), Decimal(150)),
        (YEAR + budget("2023-01-01", "2023-12-31", "70", status="1"), Decimal(100)),
        (YEAR + YEAR, None),
        (YEAR + budget("2023-06-01", "2024-05-31", "70"), None),
        (YEAR + budget("2024-01-01", "2024-12-31", "-500"), Decimal(100)),
        (budget("2024-01-01", "2024-12-31", "-500"), None),
        (YEAR + budget("2024-12-31", "2024-01-01", "5"), Decimal(100)),
        (YEAR + budget("2024-01-01", "2024-12-31", "5", kind="7"), Decimal(100)),
    ],
    ids=["revised", "revised first", "beside", "one day", "indicative", "twice", "overlap", "negative", "only negative",
         "turned round", "unknown type"],
)  # fmt: skip
def test_budgets_of_overlapping_periods_are_not_added(tmp_path: Path, budgets: str, kept: Decimal | None) -> None:
    found = report(tmp_path, budget=budgets)
    assert Project.objects.get().budget == kept
    assert told(found, "budget") or told(found, "unknown code")


def test_of_two_planned_starts_the_first_is_kept_and_the_other_named(tmp_path: Path) -> None:
    dates = "".join(f'<activity-date type="1" iso-date="2024-0{month}-01"/>' for month in (2, 1, 2))
    found = report(tmp_path, dates=dates)
    assert Project.objects.get().planned_start == date(2024, 2, 1)
    assert told(found, "date") == ["a second planned start, 2024-01-01, is left out; 2024-02-01 is kept"]


# ── Faults ───────────────────────────────────────────────────────────────────
def test_all_faults_of_a_file_are_named(tmp_path: Path) -> None:
    first = activity("A", status="<activity-status code='9'/>", parties="<participating-org role='7'/>")
    message = refusal(file(tmp_path, first, activity("A", title="<title><narrative/></title>")))
    lines = message.splitlines()
    assert len(lines) == 4 and all(line.startswith("line ") for line in lines)
    for part in ("no activity status", "no role", "has no title", "is used twice"):
        assert part in message


def test_all_faults_against_the_schema_are_named_up_to_a_number(tmp_path: Path) -> None:
    message = refusal(file(tmp_path, *(activity(f"A{number}", title="") for number in range(MOST + 3))))
    assert message.count("does not follow IATI 2.03") == MOST and message.endswith("and 3 more errors.")
