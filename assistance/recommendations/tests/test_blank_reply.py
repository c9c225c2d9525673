"""The table that CTED encloses with the letter asking for the reply: on its pages, in the letter, and over the API."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from assistance.letters.docx import TYPE as DOCX
from assistance.recommendations import procedure
from assistance.recommendations.tests import reports
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import sign_in
from assistance.visits.models import Visit
from audit.models import Entry
from portal.tests.api import ApiClients, fields
from web.spreadsheets import TYPE as XLSX

pytestmark = pytest.mark.django_db
RUSSIAN = ["Рекомендация", "Принятая мера", "Дата принятия меры", "Подтверждающие материалы"]


def asked(cast: Cast, count: int = 6) -> Visit:
    """Return a visit whose final report, with so many recommendations, is with the State."""
    visit = reports.recommended(cast).visit
    for number in range(2, count + 1):
        reports.recommended(cast, visit, number)
    procedure.send_draft(actor=cast.cted, visit=visit.pk)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="No remarks.")
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    return procedure.send_final(actor=cast.cted, visit=visit.pk)


def in_docx(content: bytes) -> list[list[str]]:
    (table,) = Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def in_xlsx(content: bytes) -> list[list[str]]:
    book: Any = load_workbook(io.BytesIO(content))
    return [[str(value or "") for value in row] for row in book.active.iter_rows(values_only=True)]


def is_blank(rows: list[list[str]], count: int) -> bool:
    """Return whether a table has a line for each recommendation, with nothing filled in."""
    texts = [f"{n}. Screening {n}\nReceive advance passenger information {n}." for n in range(1, count + 1)]
    return rows[1:] == [[text, "", "", ""] for text in texts]


def test_cted_downloads_the_letter_in_russian_with_the_table(cast: Cast, client: Client) -> None:
    visit = asked(cast)
    sign_in(client, cast, "cted")
    page = reverse("visit-letter-reply-request", args=[visit.pk])
    shown = client.get(page, {"language": "ru"}).content.decode()
    assert f"{page}table/?language=ru" in shown and RUSSIAN[3] in shown
    rows = in_docx(client.get(f"{page}file/", {"language": "ru"}).content)
    assert rows[0] == RUSSIAN and is_blank(rows, 6)
    file = client.get(f"{page}table/", {"language": "ru"})
    assert file["Content-Type"] == XLSX
    rows = in_xlsx(file.content)
    assert rows[0] == RUSSIAN and is_blank(rows, 6)
    assert Entry.objects.filter(kind="exported", detail=f"blank reply to {visit.reference}, 6 rows").count() == 1
    assert client.get(f"{page}table/", {"language": "xx"}).status_code == 404


def test_others_get_no_blank_table_and_other_letters_have_none(cast: Cast, client: Client) -> None:
    visit = asked(cast, 1)
    page = reverse("visit-letter-reply-request", args=[visit.pk])
    for name in MEMBERS:
        sign_in(client, cast, name)
        status = client.get(f"{page}table/").status_code
        assert status == {"cted": 200, "sumora": 404, "partner": 404}.get(name, 403), name
    sign_in(client, cast, "cted")
    other = reverse("visit-letter-final-report", args=[visit.pk])
    assert "table/" not in client.get(other).content.decode() and client.get(f"{other}table/").status_code == 404


def test_letters_and_tables_of_a_visit_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    visit = asked(cast, 2)
    letter, matrix = f"visits/{visit.pk}/letter/", f"visits/{visit.pk}/matrix/"
    cted = api_clients.cted
    answer = cted.get(letter, {"kind": "reply-request", "language": "ru"})
    assert answer.status_code == 200 and answer["Content-Type"] == DOCX and in_docx(answer.content)[0] == RUSSIAN
    assert fields(cted.get(letter)) == fields(cted.get(letter, {"kind": "acknowledgement"})) == {"kind"}
    assert fields(cted.get(letter, {"kind": "reply-request", "language": "xx"})) == {"language"}
    assert cted.get(letter, {"kind": "draft-report"}).status_code == 409
    assert api_clients.carana.get(letter, {"kind": "reply-request"}).status_code == 403
    assert api_clients.sumora.get(letter, {"kind": "reply-request"}).status_code == 404
    blank = cted.get(matrix, {"kind": "blank", "language": "ru"})
    assert blank["Content-Type"] == XLSX and is_blank(in_xlsx(blank.content), 2)
    assert api_clients.carana.get(matrix, {"kind": "blank"}).status_code == 403
    for client in (cted, api_clients.carana):
        assert [len(row) for row in in_xlsx(client.get(matrix).content)] == [8, 8, 8]
        answer = client.get(matrix, {"kind": "docx"})
        assert answer["Content-Type"] == DOCX and len(in_docx(answer.content)) == 3
    assert len(in_xlsx(api_clients.unodc.get(matrix).content)) == 1, "no recommendation was released"
    assert api_clients.sumora.get(matrix).status_code == 404
    assert fields(cted.get(matrix, {"kind": "pdf"})) == {"kind"}


def test_reading_letter_and_table_over_the_api_is_logged(cast: Cast, api_clients: ApiClients) -> None:
    visit = asked(cast, 1)
    for path in (f"visits/{visit.pk}/letter/?kind=reply-request", f"visits/{visit.pk}/matrix/"):
        before = Entry.objects.filter(kind="read").count()
        assert api_clients.cted.get(path).status_code == 200
        assert Entry.objects.filter(kind="read").count() > before, path
