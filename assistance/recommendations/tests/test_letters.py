"""Letters about a visit: drawn up by CTED from the record in six languages."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from assistance.consents import transitions as consents
from assistance.letters import drafting
from assistance.letters.docx import to_docx
from assistance.recommendations.letters import LETTERS
from assistance.recommendations.tests import reports
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import sign_in, words
from assistance.visits.models import Visit
from web.exceptions import Conflict

pytestmark = pytest.mark.django_db
BY_NAME = {kind.name: kind for kind in LETTERS}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def visit_for(cast: Cast, name: str) -> Visit:
    """Return a visit about which this letter can be drawn up."""
    if name in ("draft-report", "observations-reminder"):
        return reports.drafted(cast)
    visit = reports.final(cast)
    return consents.ask(actor=cast.cted, visit=visit.pk) if name == "consent-request" else visit


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", BY_NAME)
def test_each_letter_is_filled_from_the_record_in_each_language(cast: Cast, name: str) -> None:
    visit = visit_for(cast, name)
    for language in LANGUAGES:
        draft = drafting.draw_up(cast.cted, visit, BY_NAME[name], language)
        whole = "\n".join(draft.paragraphs)
        assert visit.reference in whole and "{" not in whole and not draft.missing, (language, draft.missing)
        assert ("Screening 1" in whole) == (name == "final-report")
        read = Document(io.BytesIO(to_docx(draft)))
        assert [one.text for one in read.paragraphs] == list(draft.paragraphs)


def test_the_consent_is_asked_for_with_a_table_to_tick(cast: Cast) -> None:
    visit = visit_for(cast, "consent-request")
    draft = drafting.draw_up(cast.cted, visit, BY_NAME["consent-request"], "ar")
    (table,) = Document(io.BytesIO(to_docx(draft))).tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert len(texts) == 1 + 2 and all(row[1:3] == ["☐", "☐"] for row in texts[1:])  # section, recommendation
    properties: Any = table._tbl.tblPr
    assert properties.find(qn("w:bidiVisual")) is not None


def test_cted_alone_draws_them_up_and_only_when_they_belong(cast: Cast, client: Client) -> None:
    visit = reports.drafted(cast)
    url = reverse("visit-letter-draft-report", args=[visit.pk])
    for name in MEMBERS:
        sign_in(client, cast, name)
        status = client.get(url).status_code
        assert status == {"cted": 200, "sumora": 404, "partner": 404}.get(name, 403), name
    sign_in(client, cast, "cted")
    assert "Letter transmitting the draft report" in words(client.get(reverse("visit", args=[visit.pk])))
    assert client.get(f"{url}file/").status_code == 200
    with pytest.raises(Conflict):
        drafting.draw_up(cast.cted, visit, BY_NAME["final-report"], "en")
