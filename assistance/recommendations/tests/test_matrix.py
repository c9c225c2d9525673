"""The recommendations of a report as a document and as a spreadsheet."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from assistance.consents import transitions as consents
from assistance.recommendations.models import Recommendation
from assistance.recommendations.tests import reports
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from audit.models import Entry

pytestmark = pytest.mark.django_db


def cells_of(content: bytes) -> list[list[str]]:
    table: Any = Document(io.BytesIO(content)).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_both_sides_read_the_same_table_in_each_language(cast: Cast, client: Client) -> None:
    response = reports.replied(cast, action="=1+1")
    reports.rated(cast, response.recommendation, "not")
    docx, xlsx = (reverse(f"visit-matrix-{kind}", args=[response.visit_id]) for kind in ("docx", "xlsx"))
    sign_in(client, cast, "cted", "en")
    head, row = cells_of(client.get(docx).content)
    assert head == [
        "Number", "Recommendation", "Priority", "State said", "Action taken", "CTED found", "Reason for the rating",
        "Needs",
    ]  # fmt: skip
    assert row[:5] == ["1", "Screening 1\nReceive advance passenger information 1.", "High", "Under way", "=1+1"]
    assert row[5].startswith("Not implemented") and row[6] == "No unit was found."
    sign_in(client, cast, "carana", "en")
    book: Any = load_workbook(io.BytesIO(client.get(xlsx, {"language": "ar"}).content))
    table = book.active
    assert table.sheet_view.rightToLeft and table["E2"].value == "=1+1" and table["E2"].data_type == "s"
    assert Entry.objects.filter(kind="exported", detail__startswith="recommendations of V-").count() == 2
    assert client.get(docx, {"language": "xx"}).status_code == 404


def test_others_read_only_what_the_state_releases(cast: Cast, client: Client) -> None:
    response = reports.replied(cast)
    visit = response.visit
    reports.recommended(cast, visit, 2)
    consents.release(actor=cast.carana, rows=[Recommendation.objects.get(number=1)], audience="compact")
    sign_in(client, cast, "unodc", "en")
    head, row = cells_of(client.get(reverse("visit-matrix-docx", args=[visit.pk])).content)
    assert head == ["Number", "Recommendation", "Priority", "Needs"] and row[0] == "1"
    sign_in(client, cast, "sumora", "en")
    assert client.get(reverse("visit-matrix-docx", args=[visit.pk])).status_code == 404
