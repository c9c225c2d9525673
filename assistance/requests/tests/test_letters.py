"""Letters about requests: drawn up from the record in six languages, by coordinators of UNOCT alone."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from assistance.letters import drafting
from assistance.letters.docx import to_docx
from assistance.letters.models import LetterText
from assistance.pages.views import transition_url
from assistance.requests.letters import LETTERS, NAMES
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import REQUEST
from assistance.requests.tests.requests import a_year_old, again, make, with_offer
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from audit.models import Entry
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db
BY_NAME = {kind.name: kind for kind in LETTERS}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def row_for(cast: Cast, name: str) -> AssistanceRequest:
    """Return a request about which this letter can be drawn up."""
    made = {"acknowledgement": lambda: make(cast, "acknowledged"), "offers": lambda: with_offer(cast)}
    return made.get(name, lambda: a_year_old(cast))()


@pytest.mark.turns(4)
@pytest.mark.parametrize("name", BY_NAME)
def test_each_letter_is_filled_from_the_record_in_each_language(cast: Cast, name: str) -> None:
    row = row_for(cast, name)
    for language in LANGUAGES:
        draft = drafting.draw_up(cast.unoct, row, BY_NAME[name], language)
        whole = "\n".join(draft.paragraphs)
        assert row.reference in whole and row.title in whole and "{" not in whole, language
        assert set(draft.missing) <= {str(NAMES["wanted_by"])} and (drafting.BLANK in whole) is bool(draft.missing)
        read = Document(io.BytesIO(to_docx(draft)))
        assert [one.text for one in read.paragraphs] == list(draft.paragraphs)


def test_a_letter_in_arabic_runs_from_right_to_left(cast: Cast) -> None:
    draft = drafting.draw_up(cast.unoct, make(cast, "acknowledged"), BY_NAME["acknowledgement"], "ar")
    read = Document(io.BytesIO(to_docx(draft)))
    for paragraph in read.paragraphs:
        properties: Any = paragraph._p.pPr
        assert properties.find(qn("w:bidi")) is not None
        assert all(run._r.rPr.find(qn("w:rtl")) is not None for run in paragraph.runs)


def test_what_is_missing_is_marked_and_listed(cast: Cast) -> None:
    row = make(cast, "acknowledged", note_number="", note_to_follow=True)
    draft = drafting.draw_up(cast.unoct, row, BY_NAME["acknowledgement"], "en")
    assert draft.missing == (str(NAMES["note"]),) and drafting.BLANK in "\n".join(draft.paragraphs)


def test_the_letter_stands_beside_the_acknowledgement(cast: Cast, client: Client) -> None:
    row = make(cast, "authenticated", note_number="", note_to_follow=True)
    sign_in(client, cast, "unoct")
    answer = client.get(transition_url(row, REQUEST["acknowledge"]))
    address = reverse("assistance-request-letter-acknowledgement", args=[row.pk])
    assert f'href="{address}"' in answer.content.decode() and client.get(address).status_code == 200
    assert answer.context["letter"].missing == (str(NAMES["note"]),) and str(NAMES["note"]) in words(answer)
    other = client.get(transition_url(row, REQUEST["send-back"]))
    assert address not in other.content.decode()


def test_only_coordinators_write_letters(cast: Cast, client: Client) -> None:
    row = make(cast, "acknowledged")
    for actor in (cast.carana, cast.cted):
        with pytest.raises(Forbidden):
            drafting.draw_up(actor, row, BY_NAME["acknowledgement"], "en")
    address = reverse("assistance-request-letter-acknowledgement", args=[row.pk])
    for who, status in (("unoct", 200), ("carana", 403), ("cted", 403), ("iom", 404), ("sumora", 404)):
        sign_in(client, cast, who)
        assert client.get(address).status_code == status, who
        assert client.get(f"{address}file/").status_code == status, who


def test_a_letter_belongs_to_a_status(cast: Cast) -> None:
    with pytest.raises(Conflict):
        drafting.draw_up(cast.unoct, make(cast, "submitted"), BY_NAME["acknowledgement"], "en")


def test_the_page_shows_the_letter_and_its_file(cast: Cast, client: Client) -> None:
    row = make(cast, "acknowledged")
    sign_in(client, cast, "unoct")
    assert "Letter acknowledging a request" in client.get(row.get_absolute_url()).content.decode()
    address = reverse("assistance-request-letter-acknowledgement", args=[row.pk])
    body = client.get(f"{address}?language=fr").content.decode()
    assert "présente ses compliments" in body and 'lang="fr"' in body
    file = client.get(f"{address}file/?language=fr")
    assert file["Content-Disposition"] == f'attachment; filename="{row}-acknowledgement-fr.docx"'
    assert client.get(f"{address}?language=xx").status_code == 404
    assert Entry.objects.filter(
        subjects__contains=[f"assistance_request:{row.pk}"], who=cast.users["unoct"].pk
    ).exists()


def test_a_letter_is_recorded_as_sent(cast: Cast, client: Client) -> None:
    row, day = make(cast, "acknowledged"), timezone.now().date()
    sign_in(client, cast, "unoct")
    sent = {"letter": "acknowledgement", "number": "2026/17", "sent_on_day": day.day, "sent_on_month": day.month}
    values = {**sent, "sent_on_year": day.year, "version": row.version}
    assert client.post(transition_url(row, REQUEST["record-letter"]), values).status_code == 302
    sign_in(client, cast, "carana")
    assert "2026/17" in client.get(row.get_absolute_url()).content.decode()
    late = {**values, "sent_on_year": day.year + 1, "version": again(row).version}
    sign_in(client, cast, "unoct")
    assert client.post(transition_url(row, REQUEST["record-letter"]), late).status_code == 422


def test_unoct_changes_the_texts(cast: Cast, client: Client) -> None:
    kind, row = BY_NAME["acknowledgement"], make(cast, "acknowledged")
    texts = {**drafting.texts_of(kind), "en": "{date}\n\nWe thank {state} for {reference}."}
    drafting.change(actor=cast.unoct, kind=kind, texts=texts, version=drafting.version_of(kind))
    assert LetterText.objects.count() == 1
    assert drafting.draw_up(cast.unoct, row, kind, "en").paragraphs[1] == f"We thank Carana for {row}."
    with pytest.raises(Invalid) as error:
        drafting.change(actor=cast.unoct, kind=kind, texts={"fr": "Bonjour {nobody}", "es": " "}, version="")
    assert set(error.value.errors) == {"text_fr", "text_es"}
    drafting.change(actor=cast.unoct, kind=kind, texts={"en": kind.text_of("en")}, version=drafting.version_of(kind))
    assert not LetterText.objects.exists()
    for who, status in (("unoct", 200), ("carana", 403), ("cted", 403)):
        sign_in(client, cast, who)
        assert client.get(reverse("letter-texts")).status_code == status
        assert client.get(reverse("letter-text-acknowledgement")).status_code == status


def test_of_two_who_change_the_texts_the_second_sees_both(cast: Cast, client: Client) -> None:
    kind, url = BY_NAME["year"], reverse("letter-text-year")
    sign_in(client, cast, "unoct")
    opened = {name: str(value) for name, value in client.get(url).context["form"].initial.items()}
    first = {**drafting.texts_of(kind), "en": "The first text."}
    drafting.change(actor=cast.unoct, kind=kind, texts=first, version=opened["version"])
    answer = client.post(url, {**opened, "text_en": "The second text."})
    shown = answer.content.decode()
    assert answer.status_code == 409 and "The first text." in shown and "The second text." in shown
    assert drafting.text_of(kind, "en") == "The first text."
    again = {**opened, "text_en": "The second text.", "version": drafting.version_of(kind)}
    assert client.post(url, again).status_code == 302 and drafting.text_of(kind, "en") == "The second text."


def test_the_texts_of_all_letters_have_known_names_only() -> None:
    for kind in LETTERS:
        for code in LANGUAGES:
            assert set(drafting.PLACE.findall(kind.text_of(code))) <= set(kind.names), (kind.name, code)


def test_a_letter_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    row = make(cast, "acknowledged")
    answer = api_clients.unoct.get(f"requests/{row.pk}/letter/", {"kind": "acknowledgement", "language": "zh"})
    assert answer.status_code == 200 and "普通照会" in "".join(
        one.text for one in Document(io.BytesIO(answer.content)).paragraphs
    )
    assert api_clients.unoct.get(f"requests/{row.pk}/letter/", {"kind": "love"}).status_code == 422
    assert api_clients.carana.get(f"requests/{row.pk}/letter/", {"kind": "acknowledgement"}).status_code == 403
    assert api_clients.iom.get(f"requests/{row.pk}/letter/", {"kind": "acknowledgement"}).status_code == 404
