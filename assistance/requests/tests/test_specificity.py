"""The check of how specific a request is: pure, each line for itself, in the language of the text."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assistance.requests.specificity import DATA, LINES, Asked, check, example, words

REFERENCE = Path(settings.BASE_DIR) / "entities" / "reference"
TODAY = date(2026, 11, 30)
GOOD = Asked(
    language="en",
    theme="border",
    theme_name="Border security",
    title="Passenger data at four airports",
    description="No advance passenger information is received at the four international airports of the State.",
    beneficiary="Passenger Information Unit, Ministry of the Interior",
    deliverable="A unit of twelve analysts who work in shifts.",
    quantity=12,
    unit="people",
    wanted_by=date(2027, 6, 30),
    has_requirement=True,
    baseline="0 of 4 airports connected",
    target="4 of 4 by June 2027",
    earlier_help=True,
    elsewhere=True,
    has_contact=True,
)


def met(**changes: Any) -> set[str]:
    return {line.name for line in check(replace(GOOD, **changes), TODAY).lines if line.is_met}


def test_a_specific_request_meets_all_ten_lines() -> None:
    found = check(GOOD, TODAY)
    assert (found.met, found.of, found.warnings) == (10, 10, ())
    assert met() == set(LINES)


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("institution", {"beneficiary": ""}),
        ("institution", {"beneficiary": "The  Government"}),
        ("institution", {"language": "fr", "beneficiary": "Autorités compétentes"}),
        ("institution", {"language": "ar", "beneficiary": "الحكومة"}),
        ("deliverable", {"deliverable": "A unit."}),
        ("deliverable", {"deliverable": "Something that is certainly longer than forty characters."}),
        ("quantity", {"quantity": None}),
        ("quantity", {"unit": ""}),
        ("wanted_by", {"wanted_by": None}),
        ("wanted_by", {"wanted_by": TODAY + timedelta(days=59)}),
        ("wanted_by", {"wanted_by": TODAY + timedelta(days=5 * 365 + 1)}),
        ("wanted_by", {"wanted_by": date(1, 1, 1)}),
        ("wanted_by", {"wanted_by": date(9999, 12, 31)}),
        ("requirement", {"has_requirement": False}),
        ("baseline", {"baseline": "none"}),
        ("target", {"target": ""}),
        ("target", {"target": "All of them, in every place of the country"}),
        ("target", {"baseline": "0 of 4 airports", "target": "20 trainers"}),
        ("earlier_help", {"earlier_help": False}),
        ("asked_elsewhere", {"elsewhere": False}),
        ("contact", {"has_contact": False}),
    ],
)
def test_each_line_fails_for_itself(line: str, changes: dict[str, Any]) -> None:
    found = met(**changes)
    assert line not in found
    if "language" not in changes and line not in ("target", "baseline"):
        assert found == set(LINES) - {line}


def test_sixty_days_ahead_is_enough() -> None:
    assert "wanted_by" in met(wanted_by=TODAY + timedelta(days=60))


def test_numbers_count_in_every_script() -> None:
    assert "target" in met(language="ar", baseline="٠ من ٤ مطارات", target="4 من 4 مطارات")
    assert "target" in met(language="zh-hans", baseline="4个机场中0个", target="4个机场")


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"title": "border  Security"}, 1),
        ({"title": "Capacity building"}, 1),
        ({"language": "ru", "title": "Обучение"}, 1),
        ({"language": "zh-hans", "title": "能力建设"}, 1),
        ({"description": "Too short."}, 1),
        ({"title": "Training", "description": ""}, 2),
    ],
)
def test_words_that_say_nothing_are_pointed_out(changes: dict[str, Any], count: int) -> None:
    assert len(check(replace(GOOD, **changes), TODAY).warnings) == count


@given(st.builds(Asked, language=st.sampled_from([code for code, _name in settings.LANGUAGES])))
def test_whatever_is_written_is_checked(asked: Asked) -> None:
    found = check(asked, TODAY)
    assert [line.name for line in found.lines] == list(LINES) and 0 <= found.met <= found.of


def test_the_lists_of_words_and_examples_have_every_language() -> None:
    codes = {code for code, _name in settings.LANGUAGES}
    for kind in ("empty_title", "vague_institution", "result"):
        assert all(words(kind, code) for code in codes)
    with (DATA / "examples.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["line"] for row in rows if not row["theme"]} == set(LINES)
    assert all(row[code] for row in rows for code in codes)
    with translation.override("fr"):
        assert check(GOOD, TODAY).lines[0].example == "Unité d’information passagers, ministère de l’intérieur"


def test_each_theme_has_examples_of_its_own_that_meet_the_check() -> None:
    with (REFERENCE / "themes.csv").open(encoding="utf-8", newline="") as file:
        themes = [row["code"] for row in csv.DictReader(file)]
    for theme in themes:
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                own = {line: example(line, theme) for line in ("institution", "deliverable")}
                assert all(text != example(line, "") for line, text in own.items()), (theme, code)
            asked = Asked(language=code, beneficiary=own["institution"], deliverable=own["deliverable"].ljust(80, "."))
            met = {line.name for line in check(asked, TODAY).lines if line.is_met}
            assert {"institution", "deliverable"} <= met, (theme, code, own)
