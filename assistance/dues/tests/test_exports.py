"""The list of deadlines as a calendar and as a spreadsheet: what they hold, for whom, and that it is logged."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar
from openpyxl import Workbook, load_workbook

from assistance.consents import transitions as consents
from assistance.dues import exports, transitions
from assistance.dues.models import Due
from assistance.tests.cast import Cast
from audit.kinds import Kind
from audit.models import Entry
from portal.tests.api import ApiClients
from web import calendars, spreadsheets

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
TITLE = "Screening at borders"


def consent(cast: Cast) -> Due:
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    return Due.objects.get(visit=visit)


def entries(content: bytes) -> list[Any]:
    return Calendar.from_ical(content).walk("VEVENT")  # type: ignore[no-any-return]


def rows(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def last_export() -> str:
    return Entry.objects.filter(kind=Kind.EXPORTED).latest("id").detail


# ── Calendar ─────────────────────────────────────────────────────────────────
def test_the_calendar_holds_the_days_of_the_list_without_titles(cast: Cast, sign_in: SignIn) -> None:
    owed, mine = Due.objects.get(match=cast.match("delivered"), kind="verify"), consent(cast)
    answer = sign_in("carana").get(reverse("due-calendar"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and answer["Cache-Control"] == "private, no-store"
    assert re.fullmatch(r'attachment; filename="deadlines-\d{4}-\d\d-\d\d\.ics"', answer["Content-Disposition"])
    (entry,) = entries(answer.content)
    assert str(entry["SUMMARY"]) == f"Decision on the release of a visit report · {mine.visit.reference} · XCA"
    assert entry["DTSTART"].dt == mine.due_on and entry["DTEND"].dt == mine.due_on + DAY
    assert entry["DTSTART"].params["VALUE"] == "DATE" == entry["DTEND"].params["VALUE"]
    assert str(entry["URL"]).endswith(mine.get_absolute_url()) and str(entry["URL"]).startswith("http")
    others = sign_in("carana").get(reverse("due-calendar"), {"whose": "others"}).content.replace(b"\r\n ", b"").decode()
    assert owed.match.reference in others and TITLE not in others
    assert last_export() == "deadlines as a calendar, 1 entries"
    assert not Entry.objects.filter(kind=Kind.LISTED, subjects__contains=[f"need:{owed.match.need_id}"]).exists()


def test_the_key_of_an_entry_stays_and_tells_nothing(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    due = consent(cast)
    first, again = (entries(sign_in("carana").get(reverse("due-calendar")).content)[0]["UID"] for _ in range(2))
    key, _at, host = str(first).partition("@")
    assert first == again and host == "localhost" and re.fullmatch(r"[0-9a-f-]{36}", key) and key[14] == "5"
    assert key != str(due.pk) and due.visit.reference not in first
    settings.SECRET_KEY = "x" * 50
    assert calendars.uid_of(f"due:{due.pk}") != first


def test_lines_end_and_fold_as_the_standard_says() -> None:
    name = "طلب المساعدة التقنية في مجال مكافحة الإرهاب " * 6
    day = date(2028, 2, 29)
    content = calendars.calendar_of(
        name, [calendars.Entry("due:1", day, f"{name}; a, b\\c", "/dues/1/")], datetime.now(UTC)
    )
    assert content.count(b"\n") == content.count(b"\r\n") and content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for line in content.split(b"\r\n"):
        line.decode()  # no character is cut
    (entry,) = entries(content)
    assert str(entry["SUMMARY"]) == f"{name}; a, b\\c" and entry["DTEND"].dt == date(2028, 3, 1)


def test_a_paused_deadline_has_no_day_and_is_not_in_the_calendar(cast: Cast, sign_in: SignIn) -> None:
    due = consent(cast)
    Due.objects.filter(pk=due.pk).update(counts_from=None, due_at=None)
    assert entries(sign_in("carana").get(reverse("due-calendar")).content) == []
    line = rows(sign_in("carana").get(reverse("due-spreadsheet")).content)[1]
    assert line[6] is None and line[7].startswith("Paused:")


def test_offers_and_projects_have_no_state_in_their_entry(cast: Cast, sign_in: SignIn) -> None:
    offer = cast.offer()
    (entry,) = entries(sign_in("unodc").get(reverse("due-calendar")).content)
    assert str(entry["SUMMARY"]) == f"Confirmation of an offer · {offer.reference}"


# ── Spreadsheet ──────────────────────────────────────────────────────────────
def test_the_spreadsheet_has_typed_days_and_the_names_of_its_rows(cast: Cast, sign_in: SignIn) -> None:
    due = Due.objects.get(match=cast.match("delivered"), kind="verify")
    until = timezone.now().date() + 50 * DAY
    transitions.nudge(actor=cast.carana, due=due.pk)
    transitions.snooze(actor=cast.cted, due=due.pk, until=until)
    answer = sign_in("cted").get(reverse("due-spreadsheet"))
    assert answer["Content-Type"] == spreadsheets.TYPE and answer["Cache-Control"] == "private, no-store"
    sheet = load_workbook(io.BytesIO(answer.content)).active
    heads, line = list(sheet.iter_rows())
    assert [cell.value for cell in heads][:3] == ["What is due", "Concerns", "Reference"]
    assert [cell.value for cell in line][:5] == [
        "Verification of the assistance delivered", f"{TITLE} · Carana · UNODC · 100%", due.match.reference, "Cted", "Carana",
    ]  # fmt: skip
    assert line[6].is_date and line[6].value.date() == due.due_on and line[5].is_date
    assert line[7].value == "Open" and line[8].value.date() == timezone.localdate() and line[9].value.date() == until
    assert not sheet.sheet_view.rightToLeft
    assert last_export() == "deadlines as a spreadsheet, 1 entries"
    read = Entry.objects.filter(kind__in=(Kind.READ, Kind.LISTED), who=cast.users["cted"].pk).latest("id")
    assert f"need:{due.match.need_id}" in read.all_subjects, "its title was read"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")', "\x00\x0bplain"])
def test_no_text_becomes_a_formula(text: str) -> None:
    content = spreadsheets.workbook(
        "A/B: [x]", [text, "", "", ""], [[text, date(2028, 2, 29), 3, None]], right_to_left=True
    )
    sheet = load_workbook(io.BytesIO(content)).active
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type in ("s", "inlineStr") and cell.value == text.lstrip("\x00\x0b")
        assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))
    assert sheet["B2"].is_date and sheet["C2"].value == 3 and sheet["D2"].value is None
    assert sheet.sheet_view.rightToLeft and sheet.title == "AB x"
    assert isinstance(load_workbook(io.BytesIO(content)), Workbook)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}


def test_in_arabic_the_sheet_is_from_right_to_left(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    consent(cast)
    client = sign_in("carana")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    sheet = load_workbook(io.BytesIO(client.get(reverse("due-spreadsheet")).content)).active
    assert sheet.sheet_view.rightToLeft
    with translation.override("ar"):
        assert [cell.value for cell in next(sheet.iter_rows())] == exports.headings()


# ── Rights and filters ───────────────────────────────────────────────────────
@pytest.mark.turns(2)
@pytest.mark.parametrize("page", ["due-calendar", "due-spreadsheet"])
def test_the_files_hold_what_the_list_shows_the_reader(cast: Cast, sign_in: SignIn, page: str) -> None:
    match, asked = cast.match("proposed"), consent(cast)

    def count(name: str, **query: str) -> int:
        content = sign_in(name).get(reverse(page), query).content
        return len(entries(content)) if page == "due-calendar" else len(rows(content)) - 1

    assert count("carana") == 2 == count("cted", whose="others") and count("unodc", whose="others") == 1
    assert count("carana", kind="consent_answer") == 1 and count("carana", match=str(match.pk)) == 1
    assert count("iom", whose="others") == count("sumora", whose="others") == count("carana", whose="overdue") == 0
    consents.withdraw(actor=cast.carana, rows=[match.need])
    assert count("unodc", whose="others") == 0
    assert asked.visit.reference not in sign_in("unoct").get(reverse(page), {"whose": "others"}).content.decode(
        "latin-1"
    )
    assert sign_in("carana").get(reverse(page), {"whose": "nobody"}).status_code in (400, 422)
    assert Client().get(reverse(page)).status_code == 302


def test_the_list_links_to_the_files_with_its_filters(cast: Cast, sign_in: SignIn) -> None:
    body = sign_in("carana").get(reverse("dues"), {"whose": "others", "kind": "verify"}).content.decode()
    for page in ("due-calendar", "due-spreadsheet"):
        assert f"{reverse(page)}?whose=others&amp;kind=verify" in body
    assert f"{reverse('due-calendar')}?whose=mine" in sign_in("carana").get(reverse("dues")).content.decode()


def test_the_api_sends_the_same_files(cast: Cast, api_clients: ApiClients) -> None:
    due = consent(cast)
    answer = api_clients.carana.get("dues/calendar/?whose=mine")
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(entries(answer.content)) == 1 and due.visit.reference in str(entries(answer.content)[0]["SUMMARY"])
    sheet = api_clients.carana.get("dues/spreadsheet/?kind=consent_answer")
    assert sheet["Content-Type"] == spreadsheets.TYPE and len(rows(sheet.content)) == 2
    assert len(rows(api_clients.unoct.get("dues/spreadsheet/").content)) == 1
    assert api_clients.carana.get("dues/calendar/?kind=nothing").status_code == 422
    assert api_clients.carana.get("dues/calendar/?other=1").status_code == 400
    assert api_clients.nobody.get("dues/calendar/").status_code in (401, 403)
    assert Entry.objects.filter(kind=Kind.EXPORTED).count() == 3
