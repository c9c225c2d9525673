"""The needs of a visit as a spreadsheet: edited, added, and locked once the State has agreed them."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from assistance.needs.models import Need
from assistance.spreadsheets import transitions
from assistance.spreadsheets.preview import preview_of
from assistance.spreadsheets.tests.sheets import changed, downloaded, upload
from assistance.tests.cast import Cast
from assistance.workflow import editing
from assistance.workflow.models import Event
from entities.models import Theme
from web.exceptions import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db
# D section, E language, F title, G description, H type, I theme, J pillar, K instrument, L provision, M beneficiary,
# N priority, O reason, P baseline, Q target, R deadline


def table_of(content: bytes) -> Any:
    book: Any = load_workbook(io.BytesIO(content))
    return book.worksheets[0]


def filled(cast: Cast, content: bytes, **cells: Any) -> dict[str, Any]:
    """Return the cells of a new row, with the labels that the lists of the spreadsheet offer."""
    book: Any = load_workbook(io.BytesIO(content))
    lists = book["lists"]
    first = {letter: lists[f"{letter}1"].value for letter in "ABEF"}
    return {
        "D7": first["A"], "E7": "English", "F7": "Border unit", "G7": "Twelve posts have no readers.",
        "H7": first["E"], "I7": str(cast.theme.name), "N7": "High", **cells,
    }  # fmt: skip


def test_a_need_is_edited_and_another_added(cast: Cast) -> None:
    visit = cast.section(cast.visit()).visit
    need = cast.need(visit=visit)
    content = downloaded(cast.cted, visit, "visit-needs")
    cells = filled(cast, content, F6="A better title", R7="2027-06-30")
    row = transitions.receive(actor=cast.cted, file=upload(changed(content, cells)))
    found = preview_of(cast.cted, row)
    assert [(one.is_new, one.outcome) for one in found.rows] == [(False, "change"), (True, "change")], [
        (one.why, [cell.why for cell in one.cells]) for one in found.rows
    ]
    transitions.apply(actor=cast.cted, spreadsheet=row.pk)
    need.refresh_from_db()
    added = Need.objects.exclude(pk=need.pk).get(visit=visit)
    assert need.title == "A better title" and need.version == 2
    assert (added.title, added.status, added.state_id, str(added.deadline)) == (
        "Border unit", "draft", visit.state_id, "2027-06-30",
    )  # fmt: skip
    assert {event.name for event in Event.objects.filter(need__in=[need, added])} == {"need_recorded", "need_edited"}


def test_a_need_agreed_by_the_state_is_locked(cast: Cast) -> None:
    visit = cast.section(cast.visit()).visit
    need = cast.need("agreed", visit=visit)
    content = downloaded(cast.cted, visit, "visit-needs")
    assert table_of(content)["F6"].protection.locked and not table_of(content)["F7"].protection.locked
    row = transitions.receive(actor=cast.cted, file=upload(changed(content, {"F6": "Another title"})))
    (refused,) = preview_of(cast.cted, row).refused
    assert "cannot be changed" in refused.why[0]
    need.refresh_from_db()
    assert need.version == Need.objects.get(pk=need.pk).version


def test_a_new_row_that_is_not_complete_is_refused_by_field(cast: Cast) -> None:
    visit = cast.section(cast.visit()).visit
    content = downloaded(cast.cted, visit, "visit-needs")
    row = transitions.receive(actor=cast.cted, file=upload(changed(content, {"F6": "Border unit"})))
    (refused,) = preview_of(cast.cted, row).refused
    assert any("Priority" in why or "priority" in why for why in refused.why), refused.why


@pytest.mark.parametrize("number", [None, 7])
def test_a_row_whose_key_was_changed_is_neither_added_nor_applied_to_another(cast: Cast, number: int | None) -> None:
    visit = cast.section(cast.visit()).visit
    first, second = cast.need(visit=visit), cast.need(visit=visit)

    def edit_key(book: Any, table: Any) -> None:
        table["A6"] = table[f"A{number}"].value if number else None

    content = changed(downloaded(cast.cted, visit, "visit-needs"), {"F6": "A better title"}, edit_key)
    row = transitions.receive(actor=cast.cted, file=upload(content))
    found = preview_of(cast.cted, row)
    assert [one.outcome for one in found.rows] == ["refused"] * (2 if number else 1) and not found.has_something
    with pytest.raises(Conflict):
        transitions.apply(actor=cast.cted, spreadsheet=row.pk, leave_refused=True)
    assert set(Need.objects.values_list("pk", "title")) == {(one.pk, one.title) for one in (first, second)}


def test_it_comes_back_unchanged_in_each_language(cast: Cast) -> None:
    visit = cast.section(cast.visit()).visit
    cast.need(visit=visit, baseline="0 of 4 airports", deadline="2027-06-30")
    for language in ("en", "ar", "ru"):
        with pytest.raises(Invalid):
            transitions.receive(
                actor=cast.cted, file=upload(changed(downloaded(cast.cted, visit, "visit-needs", language)))
            )
    with pytest.raises(Forbidden):
        downloaded(cast.carana, visit, "visit-needs")


def test_a_choice_that_the_form_does_not_take_is_told_at_its_cell(cast: Cast) -> None:
    visit = cast.section(cast.visit()).visit
    need = cast.need(visit=visit)
    across = Theme.objects.create(code="across", name="Across", pillar=None)
    Theme.objects.create(code="other", name="Other theme", pillar=cast.pillar)
    content = downloaded(cast.cted, visit, "visit-needs")
    row = transitions.receive(actor=cast.cted, file=upload(changed(content, {"I6": "Other theme", "J6": None})))
    values = {"theme": across, "pillar": cast.pillar}
    editing.edit(actor=cast.cted, model=Need, pk=need.pk, values=values)
    assert [cell.address for cell in preview_of(cast.cted, row).conflicts] == ["I6"]
    with pytest.raises(Invalid) as problem:
        transitions.apply(actor=cast.cted, spreadsheet=row.pk, choices={"I6": "now"})
    assert set(problem.value.errors) == {"J6"}
    need.refresh_from_db()
    assert need.theme_id == "across"
