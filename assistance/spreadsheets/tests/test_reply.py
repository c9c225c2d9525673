"""The table of a reply: downloaded, filled in, returned, compared cell by cell, and applied all or nothing."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from assistance.recommendations import answers, procedure
from assistance.recommendations.models import Response
from assistance.spreadsheets import transitions
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.preview import Preview, preview_of
from assistance.spreadsheets.tests.sheets import (
    ACTION,
    FIRST,
    LANGUAGE,
    ON,
    SAID,
    changed,
    colleague_of,
    downloaded,
    report,
    returned,
    upload,
)
from assistance.tests.cast import Cast
from assistance.visits.models import Visit
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible, StaleSave

pytestmark = pytest.mark.django_db


def receive(
    cast: Cast, visit: Visit, cells: dict[str, Any] | None = None, change: Any = None, **more: Any
) -> Spreadsheet:
    """Return what the State returns after these changes."""
    content = changed(downloaded(cast.carana, visit, **more), cells, change)
    return transitions.receive(actor=cast.carana, file=upload(content))


def outcomes(found: Preview) -> dict[str, str]:
    return {cell.address: cell.outcome for row in found.rows for cell in row.cells}


def whys(found: Preview) -> list[str]:
    return [cell.why for row in found.rows for cell in row.cells if cell.why] + [
        why for row in found.rows for why in row.why
    ]


def said(visit: Visit) -> dict[int, tuple[str, str]]:
    """Return number → what the State has entered for its next reply."""
    rows = Response.objects.filter(visit=visit, status="draft").select_related("recommendation")
    return {row.recommendation.number: (row.said, row.action) for row in rows}


# ── What is downloaded ───────────────────────────────────────────────────────
def test_a_table_protects_all_but_the_cells_to_fill_in(cast: Cast) -> None:
    book: Any = load_workbook(io.BytesIO(downloaded(cast.carana, report(cast, 2))))
    table = book.worksheets[0]
    assert table.title == "Reply to the recommendations" and table.protection.sheet
    assert [table.cell(4, place).value for place in range(2, 11)] == [
        "Number", "Recommendation", "Text of the recommendation", "Priority", "Rating by CTED",
        "Status *", "Action taken", "Date of the action", "Language of the text *",
    ]  # fmt: skip
    assert [table.cell(6, place).value for place in range(2, 6)] == [
        1,
        "Screening 1",
        "Receive advance passenger information 1.",
        "High",
    ]
    locked = {
        cell.coordinate for row in table.iter_rows(min_row=6, max_row=7) for cell in row if cell.protection.locked
    }
    assert {f"{letter}6" for letter in "ABCDEF"} <= locked and not {f"{letter}6" for letter in "GHIJ"} & locked
    assert table.column_dimensions["A"].hidden
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "hidden", "hidden"]
    (status, language) = table.data_validations.dataValidation
    assert str(status.sqref) == "G6:G7" and status.formula1 == "lists!$A$1:$A$5"
    assert str(language.sqref) == "J6:J7"


def test_a_table_in_arabic_reads_from_the_right(cast: Cast) -> None:
    book: Any = load_workbook(io.BytesIO(downloaded(cast.carana, report(cast), language="ar")))
    table = book.worksheets[0]
    assert table.sheet_view.rightToLeft
    assert table["J6"].value == "العربية"


def test_only_the_state_downloads_the_table_of_its_reply(cast: Cast) -> None:
    visit = report(cast)
    for who in ("cted", "unoct", "observer", "iom", "sumora"):
        with pytest.raises(Forbidden):
            downloaded(getattr(cast, who), visit)


@pytest.mark.turns(days=3)
def test_a_table_that_comes_back_as_it_was_changes_nothing(cast: Cast) -> None:
    visit = report(cast, 3)
    answers.save(
        actor=cast.carana, recommendation=visit.recommendations.get(number=2).pk, said="implemented",
        action="= 3 units\n+ 12 posts\u200b · é", on=date(2026, 3, 1), language="fr",
    )  # fmt: skip
    for language in ("en", "ar", "fr", "zh-hans"):
        for content in (
            downloaded(cast.carana, visit, language=language),
            changed(downloaded(cast.carana, visit, language=language)),
        ):
            with pytest.raises(Invalid) as problem:
                transitions.receive(actor=cast.carana, file=upload(content))
            assert "nothing to apply" in str(problem.value.errors["file"][0])
    assert not Spreadsheet.objects.exists()


# ── The acceptance of the specification ──────────────────────────────────────
def test_five_cells_are_edited_without_a_connection_and_one_was_changed_meanwhile(cast: Cast) -> None:
    visit = report(cast, 3)
    first = visit.recommendations.get(number=1)
    answers.save(actor=cast.carana, recommendation=first.pk, said="planned", action="A unit is planned.")
    content = changed(
        downloaded(cast.carana, visit),
        {
            f"{ACTION}6": "A unit was set up.",
            f"{SAID}7": "Implemented",
            f"{ACTION}7": "Done.",
            f"{ON}7": date(2026, 2, 1),
            f"{SAID}8": "No answer",
        },
    )
    answers.save(actor=cast.carana, recommendation=first.pk, said="planned", action="Two units are planned.")
    row = transitions.receive(actor=cast.carana, file=upload(content))
    assert said(visit) == {1: ("planned", "Two units are planned.")}
    found = preview_of(cast.carana, row)
    assert outcomes(found) == {"H6": "conflict", "G7": "change", "H7": "change", "I7": "change", "G8": "change"}
    conflict = found.conflicts[0]
    assert (conflict.old, conflict.yours, conflict.now) == (
        "A unit is planned.",
        "A unit was set up.",
        "Two units are planned.",
    )
    with pytest.raises(Invalid) as missing:
        transitions.apply(actor=cast.carana, spreadsheet=row.pk)
    assert set(missing.value.errors) == {"H6"}
    assert said(visit) == {1: ("planned", "Two units are planned.")}
    done = transitions.apply(actor=cast.carana, spreadsheet=row.pk, choices={"H6": "yours"})
    assert (done.status, done.changed, done.content) == ("applied", 5, {})
    assert said(visit) == {1: ("planned", "A unit was set up."), 2: ("implemented", "Done."), 3: ("no_answer", "")}
    assert Response.objects.get(recommendation__number=2).on == date(2026, 2, 1)
    with pytest.raises(Conflict):
        transitions.apply(actor=cast.carana, spreadsheet=row.pk)
    with pytest.raises(Invalid):
        transitions.receive(actor=cast.carana, file=upload(content))  # the same file again: nothing to do
    procedure.reply(actor=cast.carana, visit=visit.pk)


def test_what_stands_in_the_portal_can_be_kept(cast: Cast) -> None:
    visit = report(cast, 2)
    first = visit.recommendations.get(number=1)
    content = changed(downloaded(cast.carana, visit), {f"{SAID}6": "Planned", f"{SAID}7": "Planned"})
    answers.save(actor=cast.carana, recommendation=first.pk, said="implemented", action="Done.")
    row = transitions.receive(actor=cast.carana, file=upload(content))
    transitions.apply(actor=cast.carana, spreadsheet=row.pk, choices={"G6": "now"})
    row.refresh_from_db()
    assert row.changed == 1 and said(visit) == {1: ("implemented", "Done."), 2: ("planned", "")}


def test_a_change_since_the_preview_is_told(cast: Cast) -> None:
    visit = report(cast)
    row = returned(cast, visit)
    seen = preview_of(cast.carana, row).digest
    answers.save(actor=cast.carana, recommendation=visit.recommendations.get().pk, said="planned")
    with pytest.raises(Conflict, match="have changed since"):
        transitions.apply(actor=cast.carana, spreadsheet=row.pk, seen=seen)
    with pytest.raises(StaleSave):
        transitions.discard(actor=cast.carana, spreadsheet=row.pk, version=9)


# ── Bad input ────────────────────────────────────────────────────────────────
@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("cells", "address", "why"),
    [
        ({"G6": "Done"}, "G6", "Enter one of these: Implemented, Under way, Planned, Not accepted, No answer."),
        ({"G6": "=1+1"}, "G6", "The cell contains a formula."),
        ({"G6": "Planned", "I6": "03.04.2026"}, "I6", "Enter the day as year, month and day"),
        ({"G6": "Planned", "I6": "2026-02-30"}, "I6", "Enter the day as year, month and day"),
        ({"G6": "Implemented"}, "", "H6 · Action taken: Say what was done"),
        ({"G6": "Implemented", "H6": "Done.", "I6": date(2099, 1, 1)}, "I6", "The date is in the future."),
        ({"H6": "Done."}, "", "G6 · Status: This field is required."),
        ({"G6": "Planned", "H6": "x" * 32_000}, "", ""),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named_with_the_reason(
    cast: Cast, cells: dict[str, Any], address: str, why: str
) -> None:
    visit = report(cast)
    row = receive(cast, visit, cells)
    found = preview_of(cast.carana, row)
    if why:
        assert any(why in one for one in whys(found)), whys(found)
        assert found.refused and not found.has_something
        assert not address or outcomes(found)[address] == "refused"
        with pytest.raises(Conflict):
            transitions.apply(actor=cast.carana, spreadsheet=row.pk)
    else:
        transitions.apply(actor=cast.carana, spreadsheet=row.pk)
        assert len(said(visit)[1][1]) == 32_000
        return
    assert not said(visit)


def test_days_in_arabic_digits_and_labels_of_any_case_are_read(cast: Cast) -> None:
    visit = report(cast)
    with override("ar"):
        labels = dict(Response._meta.get_field("said").flatchoices)
        planned = str(labels["planned"])
    row = receive(cast, visit, {"G6": f" {planned} ", "I6": "٢٠٢٦-٠٣-٠١"}, language="ar")
    transitions.apply(actor=cast.carana, spreadsheet=row.pk)
    response = Response.objects.get(visit=visit)
    assert (response.said, response.on, response.language) == ("planned", date(2026, 3, 1), "ar")


def test_refused_rows_are_left_out_only_on_purpose(cast: Cast) -> None:
    visit = report(cast, 2)
    row = receive(cast, visit, {"G6": "Planned", "G7": "Perhaps"})
    with pytest.raises(Invalid) as problem:
        transitions.apply(actor=cast.carana, spreadsheet=row.pk)
    assert set(problem.value.errors) == {"leave_refused"} and not said(visit)
    transitions.apply(actor=cast.carana, spreadsheet=row.pk, leave_refused=True)
    assert said(visit) == {1: ("planned", "")}


def test_nothing_is_applied_when_one_row_fails(cast: Cast) -> None:
    """What a choice between two entries leads to is known only when the change is made; it is told at its cell."""
    visit = report(cast, 2)
    second = visit.recommendations.get(number=2)
    draft = answers.save(actor=cast.carana, recommendation=second.pk, said="planned", action="A unit is planned.")
    content = changed(downloaded(cast.carana, visit), {"G6": "Planned", "G7": "Implemented", "H7": "Done."})
    answers.save(actor=cast.carana, recommendation=second.pk, said="planned", version=draft.version)
    row = transitions.receive(actor=cast.carana, file=upload(content))
    with pytest.raises(Invalid) as problem:
        transitions.apply(actor=cast.carana, spreadsheet=row.pk, choices={"H7": "now"})
    assert set(problem.value.errors) == {"H7"} and said(visit) == {2: ("planned", "")}
    row.refresh_from_db()
    assert row.status == "received"


def rename(book: Any, table: Any) -> None:
    table.title = "Antwort"


def merge(book: Any, table: Any) -> None:
    table.merge_cells("H6:H7")


def edit_key(book: Any, table: Any) -> None:
    table["A7"] = "00000000-0000-4000-8000-000000000000"


def take_key(book: Any, table: Any) -> None:
    """Give a row whose entries changed the key of another one, which did not change."""
    table["A6"] = table["A7"].value


def swap_keys(book: Any, table: Any) -> None:
    table["A6"], table["A7"] = table["A7"].value, table["A6"].value


def empty_key(book: Any, table: Any) -> None:
    table["A6"] = None


def double(book: Any, table: Any) -> None:
    for place in range(1, 11):
        table.cell(8, place).value = table.cell(6, place).value


def add(book: Any, table: Any) -> None:
    table["G8"] = "Planned"


def remove(book: Any, table: Any) -> None:
    table.delete_rows(7)


def fact(book: Any, table: Any) -> None:
    table["C6"] = "Something else"


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("change", "note", "why", "applied"),
    [
        (rename, "renamed “Antwort”", "", {1: ("planned", "")}),
        (merge, "", "merged with others", {}),
        (edit_key, "1 row is missing", "hidden key of the row was changed", {1: ("planned", "")}),
        (take_key, "1 row is missing", "stands in the spreadsheet twice", {}),
        (swap_keys, "no effect", "hidden key of the row was changed", {}),
        (empty_key, "1 row is missing", "hidden key of the row was changed", {}),
        (double, "", "stands in the spreadsheet twice", {}),
        (add, "", "Rows cannot be added", {1: ("planned", "")}),
        (remove, "1 row is missing", "", {1: ("planned", "")}),
        (fact, "no effect: C6", "", {1: ("planned", "")}),
    ],
)  # fmt: skip
def test_what_was_done_to_the_table_is_told(
    cast: Cast, change: Any, note: str, why: str, applied: dict[int, Any]
) -> None:
    visit = report(cast, 2)
    row = receive(cast, visit, {"G6": "Planned"}, change)
    found = preview_of(cast.carana, row)
    assert (not note and not found.notes) or note in " ".join(found.notes)
    assert (not why and not whys(found)) or why in " ".join(whys(found))
    if applied:
        transitions.apply(actor=cast.carana, spreadsheet=row.pk, leave_refused=True)
    else:
        with pytest.raises(Conflict, match="nothing to apply"):
            transitions.apply(actor=cast.carana, spreadsheet=row.pk, leave_refused=True)
    assert said(visit) == applied


def test_a_spreadsheet_without_its_table_or_of_somebody_else_is_refused(cast: Cast) -> None:
    visit = report(cast)
    content = downloaded(cast.carana, visit)

    def without_table(book: Any, table: Any) -> None:
        book.create_sheet("other")
        book.remove(table)

    def without_manifest(book: Any, table: Any) -> None:
        book.remove(book["portal"])

    def forged(book: Any, table: Any) -> None:
        book["portal"]["A1"] = book["portal"]["A1"].value[:-1] + "x"

    for change, text in (
        (without_table, "was removed"),
        (without_manifest, "not a spreadsheet of the portal"),
        (forged, "not a spreadsheet of the portal"),
    ):
        with pytest.raises(Invalid) as problem:
            transitions.receive(actor=cast.carana, file=upload(changed(content, {"G6": "Planned"}, change)))
        assert text in str(problem.value.errors["file"][0])
    filled = changed(content, {"G6": "Planned"})
    for who, error in (("cted", Forbidden), ("observer", Forbidden), ("sumora", NotVisible)):
        with pytest.raises(error):
            transitions.receive(actor=getattr(cast, who), file=upload(filled))
    assert not Spreadsheet.objects.exists()


def test_a_colleague_returns_it_and_an_old_one_is_read_with_a_warning(cast: Cast) -> None:
    visit = report(cast)
    with time_machine.travel(timezone.now() - timedelta(days=91), tick=False):
        content = changed(downloaded(cast.carana, visit), {"G6": "Planned"})
    colleague = colleague_of(cast)
    row = transitions.receive(actor=colleague, file=upload(content))
    notes = " ".join(preview_of(colleague, row).notes)
    assert "more than 90 days old" in notes and f"downloaded by {cast.carana.user.name}" in notes


def test_a_million_empty_rows_are_read_in_time(cast: Cast) -> None:
    visit = report(cast)

    def stretch(book: Any, table: Any) -> None:
        table.cell(1_048_576, 3).number_format = "0.00"
        table.cell(1_048_576, 3).value = " "

    row = receive(cast, visit, {"G6": "Planned"}, stretch)
    assert outcomes(preview_of(cast.carana, row)) == {"G6": "change"}


def test_what_nobody_applies_is_deleted_after_two_weeks(cast: Cast) -> None:
    row = returned(cast)
    assert transitions.run_deadlines(timezone.now() + timedelta(days=13)) == 0
    assert transitions.run_deadlines(timezone.now() + timedelta(days=15)) == 1
    assert transitions.run_deadlines(timezone.now() + timedelta(days=15)) == 0
    row.refresh_from_db()
    assert (row.status, row.content) == ("discarded", {})
    assert row.events.filter(name="spreadsheet_expired").count() == 1


def test_two_people_apply_at_once_and_one_wins(cast: Cast) -> None:
    row = returned(cast)
    transitions.apply(actor=cast.carana, spreadsheet=row.pk, version=row.version)
    with pytest.raises((Conflict, StaleSave)):
        transitions.apply(actor=colleague_of(cast), spreadsheet=row.pk, version=row.version)
    assert LANGUAGE == "J" and FIRST == 6
