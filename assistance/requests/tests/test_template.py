"""The template of a request as DOCX: blank and filled in, in six languages, and what is left out for whom."""

import io

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from assistance.letters.drafting import BLANK
from assistance.requests import template
from assistance.requests.models import Asked, AssistanceRequest
from assistance.requests.parts import CONTACT, PARTS, PROCEDURE
from assistance.requests.states import AskedOutcome
from assistance.requests.tests.requests import chosen, make
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import editing
from portal.tests.api import ApiClients

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
FIELDS = [name for part in PARTS.values() for name in part.fields]


def rows_of(content: bytes) -> dict[str, str]:
    """Return label → value of all tables of a file."""
    tables = Document(io.BytesIO(content)).tables
    return {row.cells[0].text: row.cells[1].text for table in tables for row in table.rows}


def label(name: str) -> str:
    return capfirst(str(AssistanceRequest._meta.get_field(name).verbose_name))


def test_the_parts_have_every_field_that_a_state_fills_in() -> None:
    assert set(FIELDS) | {"language"} == set(editing.written(AssistanceRequest))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_blank_template_asks_for_every_field(cast: Cast, language: str) -> None:
    with override(language):
        found = rows_of(template.blank(language))
        labels = [text.split("\n")[0] for text in found]
        assert set(map(label, FIELDS)) <= set(labels)
        own = [value for text, value in found.items() if text.split("\n")[0] in set(map(label, FIELDS))]
        assert all(BLANK in value or template.OPEN in value for value in own)
        assert found[label("title")] == template.to_be_filled()


@pytest.mark.turns(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_fills_it_in(cast: Cast, language: str) -> None:
    row = make(cast, "submitted")
    Asked.objects.create(assistance_request=row, name="Another body", outcome=AskedOutcome.PENDING)
    with override(language):
        found = rows_of(template.filled(cast.carana, row, language))
        assert found[label("title")] == row.title and found[label("contact_name")] == "Amal Idris"
        assert found[label("baseline")] == template.to_be_filled()
        assert found[label("assistance_types")].count(template.TICKED) == 1
        assert found["Another body"] == "" and row.reference in found.values()
        assert found[label("state")] == row.state.name and "NV/2026/17" in found[label("note_number")]


def test_in_arabic_it_runs_from_right_to_left_and_texts_keep_their_direction(cast: Cast) -> None:
    read = Document(io.BytesIO(template.filled(cast.carana, make(cast, "submitted"), "ar")))
    assert all(table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in read.tables)
    with override("ar"):
        (title,) = [row for table in read.tables for row in table.rows if row.cells[0].text == label("title")]
    own = [cell.paragraphs[0]._p.pPr.find(qn("w:bidi")) is not None for cell in title.cells]
    assert own == [True, False]  # the label is Arabic, the title that the State wrote is English


def test_what_is_hidden_on_the_page_is_left_out(cast: Cast) -> None:
    row = chosen(cast)
    for who, hidden in (
        ("carana", ()), ("unoct", ()), ("cted", ()), ("unodc", PROCEDURE), ("iom", (*PROCEDURE, *CONTACT)),
    ):  # fmt: skip
        content = template.filled(getattr(cast, who), row, "en")
        assert set(rows_of(content)) & set(map(label, FIELDS)) == {label(one) for one in FIELDS if one not in hidden}
        whole = "\n".join(rows_of(content).values())
        assert ("Amal Idris" in whole, "NV/2026/17" in whole) == (
            "contact_name" not in hidden, "note_number" not in hidden,
        ), who  # fmt: skip


@pytest.mark.turns(days=3)
def test_who_sees_the_request_gets_its_file(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    row = make(cast, "submitted")
    address = reverse("assistance-request-template", args=[row.pk])
    for who, status in (
        ("carana", 200),
        ("observer", 200),
        ("unoct", 200),
        ("cted", 200),
        ("iom", 404),
        ("sumora", 404),
    ):
        sign_in(client, cast, who)
        answer = client.get(address, {"language": "ru"})
        assert answer.status_code == status, who
        assert getattr(api_clients, who).get(f"requests/{row.pk}/template/").status_code == status, who
    sign_in(client, cast, "carana")
    assert client.get(address, {"language": "xx"}).status_code == 404
    assert address in client.get(row.get_absolute_url()).content.decode()


def test_those_who_record_requests_get_the_blank_one(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    address = reverse("request-template")
    for who, status in (("carana", 200), ("sumora", 200), ("iom", 403), ("unoct", 403)):
        sign_in(client, cast, who)
        assert client.get(address).status_code == status, who
        assert getattr(api_clients, who).get("requests/template/", {"language": "zh"}).status_code == status, who
    sign_in(client, cast, "carana")
    for page in ("requests", "assistance-request-add"):
        assert address in client.get(reverse(page)).content.decode(), page
    assert "Template to fill in" in words(client.get(reverse("assistance-request-add")))
    assert api_clients.carana.get("requests/template/", {"language": "klingon"}).status_code == 422
