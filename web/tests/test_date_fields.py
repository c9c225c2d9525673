"""A day as three fields: no browser swaps day and month, an error names the part, and a day sent whole is taken too."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from web.date_fields import DayField, EndField, after
from web.forms import DomainForm


class Dated(DomainForm):
    """A day and an end."""

    since = DayField(required=False)
    until = EndField(no_end="Until you withdraw it")


class Ending(DomainForm):
    """An end that is asked for."""

    until = EndField()


def sent(query: str, kind: type[DomainForm] = Dated) -> Any:
    form = kind(data=QueryDict(query))
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("query", "day"),
    [
        ("since=2026-03-04", date(2026, 3, 4)),
        ("since_day=4&since_month=3&since_year=2026", date(2026, 3, 4)),
        ("since_day=04&since_month=%203%20&since_year=2026", date(2026, 3, 4)),
        ("since_day=٤&since_month=٣&since_year=٢٠٢٦", date(2026, 3, 4)),
        ("", None),
        ("since_day=&since_month=&since_year=", None),
    ],
)
def test_a_day_is_taken_whole_or_in_parts(query: str, day: date | None) -> None:
    form = sent(query)
    assert not form.errors and form.cleaned_data["since"] == day


@pytest.mark.parametrize(
    ("query", "text", "wrong"),
    [
        ("since_day=4&since_year=2026", "Enter the missing part of the date: Month.", ["month"]),
        ("since_day=4", "Enter the missing parts of the date: Month, Year.", ["month", "year"]),
        ("since_day=32&since_month=13&since_year=2026", "Enter the day as a number from 1 to 31.", ["day", "month"]),
        ("since_day=4&since_month=March&since_year=2026", "Enter the month as a number from 1 to 12.", ["month"]),
        ("since_day=4&since_month=3&since_year=20266", "Enter the year as a number with 4 digits.", ["year"]),
        ("since_day=-4&since_month=3&since_year=2026", "Enter the day as a number from 1 to 31.", ["day"]),
        (
            "since_day=30&since_month=2&since_year=2026",
            "This day does not exist in the month entered. Enter another day.",
            [],
        ),
        ("since=2026-02-30", "Enter a valid date.", []),
    ],
)
def test_an_error_names_the_part_and_what_was_typed_stays(query: str, text: str, wrong: list[str]) -> None:
    form = sent(query)
    assert text in form.errors["since"]
    html = str(form["since"])
    for part in ("day", "month", "year"):
        field = html.split(f'name="since_{part}"')[1].split(">", maxsplit=1)[0]
        assert ('aria-invalid="true"' in field) == (part in wrong)
        assert f'value="{QueryDict(query).get(f"since_{part}", "")}"' in field


@pytest.mark.parametrize(
    ("language", "order", "words"),
    [
        ("en", ["day", "month", "year"], "Month"),
        ("fr", ["day", "month", "year"], "Mois"),
        ("ar", ["day", "month", "year"], "الشهر"),
        ("zh-hans", ["year", "month", "day"], "月"),
    ],
)
def test_the_parts_stand_in_the_order_of_the_language(language: str, order: list[str], words: str) -> None:
    with translation.override(language):
        html = str(Dated(initial={"since": date(2026, 3, 4)})["since"])
    assert sorted(order, key=lambda part: html.index(f"since_{part}")) == order and words in html
    assert 'name="since_month" value="3"' in html and 'type="date"' not in html


def test_each_part_has_its_label_and_the_group_its_legend() -> None:
    html = str(Dated())
    assert '<fieldset id="id_since_group"' in html and "<legend>Since" in html
    for part in ("day", "month", "year"):
        assert f'<label for="id_since_{part}">' in html and f'id="id_since_{part}"' in html


# ── An end ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("query", "day"),
    [
        ("until_choice=", None),
        ("", None),
        ("until_choice=2030-06-30", date(2030, 6, 30)),
        ("until_choice=another&until_day=1&until_month=7&until_year=2030", date(2030, 7, 1)),
        ("until_choice=&until_day=1&until_month=7&until_year=2030", None),
        ("until_day=1&until_month=7&until_year=2030", date(2030, 7, 1)),
        ("until=2030-06-30", date(2030, 6, 30)),
    ],
)
def test_an_end_is_chosen_or_given(query: str, day: date | None) -> None:
    form = sent(query)
    assert not form.errors and form.cleaned_data["until"] == day


def test_another_day_must_be_given_once_it_is_chosen() -> None:
    assert "until" in sent("until_choice=another&until_day=&until_month=&until_year=").errors
    assert "until" in sent("", Ending).errors and "until" in sent("until_choice=soon").errors


def test_the_quick_choices_say_their_day_in_words() -> None:
    html = str(Dated()["until"])
    assert "6 months" in html and "1 year" in html and "Until you withdraw it" in html
    assert f'value="{after(6).isoformat()}"' in html and html.count("checked") == 1
    assert str(Ending()["until"]).count("checked") == 0
    kept = str(sent("until_choice=another&until_day=31&until_month=2&until_year=2030")["until"])
    assert 'value="another" checked' in kept and 'name="until_day" value="31"' in kept


@pytest.mark.parametrize(("today", "end"), [("2026-08-31", date(2027, 2, 28)), ("2026-01-31", date(2026, 7, 31))])
def test_half_a_year_ends_with_the_month_where_it_has_no_such_day(
    today: str, end: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date.fromisoformat(today))
    assert after(6) == end


def test_a_day_in_parts_is_carried_along_whole() -> None:
    form = sent("since_day=4&since_month=3&since_year=2026&until_choice=2030-06-30")
    assert 'name="since" value="2026-03-04"' in form["since"].as_hidden()
    assert 'name="until" value="2030-06-30"' in form["until"].as_hidden()
    assert isinstance(form.fields["since"], forms.DateField)
