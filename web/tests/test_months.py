"""A month in weeks, as the reader's language begins them."""

from collections import namedtuple
from datetime import date

import pytest
from django.utils import translation

from web.months import month_of

Row = namedtuple("Row", "day url")


def test_each_day_stands_once_under_the_name_of_its_day_of_the_week() -> None:
    month = month_of(date(2027, 2, 14), [])
    assert [str(short) for short, _long in month.weekdays] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert all(len(week) == 7 for week in month.weeks)
    days = [(found.day, n) for week in month.weeks for n, found in enumerate(week) if found]
    assert [day for day, _n in days] == [date(2027, 2, n) for n in range(1, 29)]
    assert all(day.weekday() == n for day, n in days)


def test_rows_of_other_months_are_left_out() -> None:
    rows = [Row(date(2027, 2, 3), "a"), Row(date(2027, 2, 3), "b"), Row(date(2027, 3, 3), "c")]
    found = {day.day: day.rows for week in month_of(date(2027, 2, 1), rows).weeks for day in week if day and day.rows}
    assert found == {date(2027, 2, 3): tuple(rows[:2])}


@pytest.mark.parametrize(("language", "name"), [("ar", "الأحد"), ("fr", "lundi"), ("zh-hans", "星期一")])
def test_the_days_of_the_week_are_named_in_the_language_of_the_reader(language: str, name: str) -> None:
    with translation.override(language):
        assert str(month_of(date(2027, 2, 1), []).weekdays[0][1]).lower() == name
