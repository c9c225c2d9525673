"""Dates in words, as United Nations documents write them in each language."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import engines
from django.utils import timezone, translation

from accounts.matters import Matter
from assistance.workflow.pending_work import Task
from web import dates
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


AGES = (0, 1, 2, 6, 7, 14, 21, 31, 62, 340, 400, 800)  # days before 15 December 2026


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "today|1 day|2 days|6 days|1 week|2 weeks|3 weeks|1 month|2 months|11 months|1 year|2 years"),
        ("fr", "aujourd’hui|1 jour|2 jours|6 jours|1 semaine|2 semaines|3 semaines|1 mois|2 mois|11 mois|1 an|2 ans"),
        ("es", "hoy|1 día|2 días|6 días|1 semana|2 semanas|3 semanas|1 mes|2 meses|11 meses|1 año|2 años"),
        ("ru", "сегодня|1 день|2 дня|6 дней|1 неделя|2 недели|3 недели|1 месяц|2 месяца|11 месяцев|1 год|2 года"),
        (
            "ar",
            "اليوم|يوم واحد|يومان|6 أيام|أسبوع واحد|أسبوعان|3 أسابيع|شهر واحد|شهران|11 شهراً|سنة واحدة|سنتان",
        ),
        ("zh-hans", "今天|1天|2天|6天|1周|2周|3周|1个月|2个月|11个月|1年|2年"),
    ],
)
def test_an_age_has_the_forms_of_its_language(monkeypatch: pytest.MonkeyPatch, language: str, shown: str) -> None:
    today = datetime(2026, 12, 15, 9, 5, tzinfo=UTC)
    monkeypatch.setattr(dates, "now", lambda: today)
    with translation.override(language):
        assert "|".join(dates.age(today - timedelta(days=days)) for days in AGES) == shown


def test_days_of_waiting_are_counted_by_the_calendar_as_ages_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "now", lambda: datetime(2026, 12, 15, 1, 0, tzinfo=UTC))
    evening = datetime(2026, 12, 12, 23, 0, tzinfo=UTC)
    task = Task("need:1", "", Matter("t"), since=evening, due=None, url="", action="")
    assert task.age == 3 and dates.age(evening) == "3 days"


@pytest.mark.parametrize(
    ("language", "month", "year", "years"),
    [
        ("en", "25–29 October 2026", "28 November – 3 December 2026", "30 December 2026 – 2 January 2027"),
        ("fr", "25–29 octobre 2026", "28 novembre – 3 décembre 2026", "30 décembre 2026 – 2 janvier 2027"),
        (
            "es",
            "25–29 de octubre de 2026",
            "28 de noviembre – 3 de diciembre de 2026",
            "30 de diciembre de 2026 – 2 de enero de 2027",
        ),
        (
            "ru",
            "25–29 октября 2026 года",
            "28 ноября – 3 декабря 2026 года",
            "30 декабря 2026 года – 2 января 2027 года",
        ),
        (
            "ar",
            "25–29 تشرين الأول/أكتوبر 2026",
            "28 تشرين الثاني/نوفمبر – 3 كانون الأول/ديسمبر 2026",
            "30 كانون الأول/ديسمبر 2026 – 2 كانون الثاني/يناير 2027",
        ),
        ("zh-hans", "2026年10月25日至29日", "2026年11月28日至12月3日", "2026年12月30日至2027年1月2日"),
    ],
)
def test_a_span_says_once_what_its_days_share(language: str, month: str, year: str, years: str) -> None:
    with translation.override(language):
        assert dates.span(date(2026, 10, 25), date(2026, 10, 29)) == month
        assert dates.span(date(2026, 11, 28), date(2026, 12, 3)) == year
        assert dates.span(date(2026, 12, 30), date(2027, 1, 2)) == years
        assert dates.span(FIRST, FIRST) == in_words(FIRST)
        shown = engines["django"].from_string("{% load ui %}{% span a b %}").render({"a": FIRST, "b": FIRST})
        assert shown == in_words(FIRST)


@pytest.mark.parametrize(
    ("language", "both", "only_from", "only_until"),
    [
        ("en", "from 1 March 2026 until 2 May 2027", "from 1 March 2026", "until 2 May 2027"),
        ("fr", "du 1er mars 2026 au 2 mai 2027", "à partir du 1er mars 2026", "jusqu’au 2 mai 2027"),
        (
            "es",
            "del 1 de marzo de 2026 al 2 de mayo de 2027",
            "desde el 1 de marzo de 2026",
            "hasta el 2 de mayo de 2027",
        ),
        ("ru", "с 1 марта 2026 года по 2 мая 2027 года", "с 1 марта 2026 года", "по 2 мая 2027 года"),
        ("ar", "من 1 آذار/مارس 2026 إلى 2 أيار/مايو 2027", "من 1 آذار/مارس 2026", "حتى 2 أيار/مايو 2027"),
        ("zh-hans", "2026年3月1日至2027年5月2日", "2026年3月1日起", "至2027年5月2日"),
    ],
)
def test_a_period_is_one_phrase(language: str, both: str, only_from: str, only_until: str) -> None:
    page = engines["django"].from_string("{% load ui %}{% period a b %}|{% period a none %}|{% period none b %}")
    with translation.override(language):
        shown = page.render({"a": FIRST, "b": date(2027, 5, 2), "none": None})
        assert shown == f"{both}|{only_from}|{only_until}"
        assert dates.period(None, None) == ""


@pytest.mark.parametrize(
    ("language", "one", "both", "only_from", "none"),
    [
        ("en", "Q2 2026", "Q2 2026 – Q1 2027", "Q3 2026 (no end date)", "No dates recorded"),
        ("fr", "2e trimestre 2026", "2e trimestre 2026 – 1er trimestre 2027", "3e trimestre 2026 (sans date de fin)",
         "Aucune date enregistrée"),
        ("es", "2.º trimestre de 2026", "2.º trimestre de 2026 – 1.er trimestre de 2027",
         "3.er trimestre de 2026 (sin fecha de finalización)", "No hay fechas registradas"),
        ("ru", "II квартал 2026 года", "II квартал 2026 года – I квартал 2027 года",
         "III квартал 2026 года (дата окончания не указана)", "Даты не указаны"),
        ("ar", "الربع الثاني من عام 2026", "الربع الثاني من عام 2026 – الربع الأول من عام 2027",
         "الربع الثالث من عام 2026 (تاريخ الانتهاء غير مسجَّل)", "لا توجد تواريخ مسجلة"),
        ("zh-hans", "2026年第二季度", "2026年第二季度至2027年第一季度", "2026年第三季度（无结束日期）", "未记录日期"),
    ],
)  # fmt: skip
def test_quarters_are_written_as_the_language_does(
    language: str, one: str, both: str, only_from: str, none: str
) -> None:
    with translation.override(language):
        assert dates.quarters(date(2026, 4, 1), date(2026, 6, 30)) == one
        assert dates.quarters(date(2026, 6, 30), date(2027, 3, 31)) == both
        assert dates.quarters(date(2026, 9, 30), None) == only_from
        assert dates.quarters(None, None) == none
        assert dates.quarter(date(2026, 10, 1)) in dates.quarters(None, date(2026, 12, 31))
