"""Dates in words, as United Nations documents write them in each language."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils import timezone, translation

from web.dates import as_far_as_known, in_words
from web.forms import shown

FIRST, MOMENT = date(2026, 3, 1), datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "short", "moment"),
    [
        ("ar", "1 آذار/مارس 2026", "1 آذار/مارس 2026", "1 آذار/مارس 2026، 09:05"),
        ("en", "1 March 2026", "1 Mar 2026", "1 March 2026, 09:05"),
        ("es", "1 de marzo de 2026", "01/03/2026", "1 de marzo de 2026, 09:05"),
        ("fr", "1er mars 2026", "01/03/2026", "1er mars 2026 à 9 h 05"),
        ("ru", "1 марта 2026 года", "01.03.2026", "1 марта 2026 года, 09:05"),
        ("zh-hans", "2026年3月1日", "2026年3月1日", "2026年3月1日 09:05"),
    ],
)
def test_a_date_is_written_as_its_language_does(language: str, day: str, short: str, moment: str) -> None:
    page = engines["django"].from_string(
        '{{ d|date:"DATE_FORMAT" }} | {{ d|date:"SHORT_DATE_FORMAT" }} | {{ m|date:"DATETIME_FORMAT" }}'
    )
    with translation.override(language):
        assert (in_words(FIRST), in_words(FIRST, "SHORT_DATE_FORMAT"), in_words(MOMENT, "DATETIME_FORMAT")) == (
            day, short, moment,
        )  # fmt: skip
        assert page.render({"d": FIRST, "m": MOMENT}) == f"{day} | {short} | {moment}"
        assert shown(FIRST) == day


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_other_day_and_no_code_is_changed(language: str) -> None:
    with translation.override(language):
        months = [in_words(date(2026, month, 11), "j F") for month in range(1, 13)]
        assert len(set(months)) == 12 and all(text.startswith("11 ") for text in months)
        assert language == "fr" or all("/" in text for text in months)
        assert in_words(FIRST, "Y-m-d") == "2026-03-01" and in_words(FIRST, "d/m/Y") == "01/03/2026"


def test_a_moment_is_shown_in_the_zone_of_its_reader() -> None:
    with timezone.override("Asia/Tokyo"):
        assert in_words(MOMENT, "DATETIME_FORMAT") == "1 March 2026, 18:05"


@pytest.mark.parametrize("value", [None, "", "soon"])
def test_what_is_no_date_is_shown_as_nothing(value: object) -> None:
    assert engines["django"].from_string("{{ d|date }}").render({"d": value}) == ""


def test_the_tag_of_the_present_moment_is_ours() -> None:
    with translation.override("ar"):
        assert "/" in engines["django"].from_string('{% now "F" as x %}{{ x }}').render({})


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("ar", "7 أيار/مايو 2019", "كانون الثاني/يناير 2020"), ("en", "7 May 2019", "January 2020"),
        ("es", "7 de mayo de 2019", "enero de 2020"), ("fr", "7 mai 2019", "janvier 2020"),
        ("ru", "7 мая 2019 года", "Январь 2020 года"), ("zh-hans", "2019年5月7日", "2020年1月"),
    ],
)  # fmt: skip
def test_a_day_is_written_as_far_as_it_is_known(language: str, day: str, month: str) -> None:
    with translation.override(language):
        assert (as_far_as_known("2019-05-07"), as_far_as_known("2020-01")) == (day, month)
        for other in ("2010", "", "2020-13", "2020-02-30", "September 2023"):
            assert as_far_as_known(other) == other
