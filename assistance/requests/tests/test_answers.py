"""The consolidated answers to a request: who was asked, what each answered, and that only the State sees it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from assistance.consents import transitions as consents
from assistance.needs import match_transitions as matches
from assistance.offers.models import Offer
from assistance.requests import answers, questions, transitions
from assistance.requests.answers import OrganisationAnswer
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import again, make, need_of, offered, with_offer
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import sign_in, words
from audit.models import Entry
from entities.models import Organisation
from portal.tests.api import ApiClients
from web.exceptions import NotVisible

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def given(cast: Cast, row: AssistanceRequest) -> dict[str, OrganisationAnswer]:
    """Return the answer of each organization that the cast's State is shown."""
    return {line.organisation.slug: line.answer for line in answers.sheet_of(cast.carana, again(row)).lines}


def test_all_that_were_asked_are_listed_by_what_they_answered(cast: Cast) -> None:
    row = make(cast, "circulated")
    other = Organisation.objects.providers().filter(in_compact=True, appointments=None).first()
    assert given(cast, row)["unodc"] == given(cast, row)["iom"] == OrganisationAnswer.SILENT
    assert other is None or given(cast, row)[other.slug] == OrganisationAnswer.UNREACHED
    assert not {"carana", "cted", "sumora"} & set(given(cast, row))
    questions.ask(actor=cast.iom, assistance_request=row.pk, text="Which systems?")
    offered(cast, row, share=60)
    found = given(cast, row)
    assert (found["unodc"], found["iom"]) == (OrganisationAnswer.OFFERED, OrganisationAnswer.ASKED)
    sheet = answers.sheet_of(cast.carana, again(row))
    assert [line.organisation.slug for line in sheet.answered] == ["unodc", "iom"]
    assert sum(number for _answer, number in sheet.counts) == len(sheet.lines)


def test_a_provider_that_declines_is_shown_with_the_type_of_its_reason(cast: Cast) -> None:
    row = make(cast, "circulated")
    match = matches.propose(actor=cast.cted, need=need_of(row).pk, provider=cast.org("iom"))
    assert given(cast, row)["iom"] == OrganisationAnswer.SILENT  # it was suggested to it, and has not answered
    matches.decline(actor=cast.iom, match=match.pk, reason="No trainers.", reason_code="no_capacity")
    (line,) = answers.sheet_of(cast.carana, again(row)).answered
    assert (line.answer, line.reason, line.on) == (
        OrganisationAnswer.DECLINED, "No capacity", timezone.now().date(),
    )  # fmt: skip
    match = matches.propose(actor=cast.cted, need=need_of(row).pk, provider=cast.org("iom"))
    matches.decline(actor=cast.iom, match=match.pk, reason="Only next year.")
    assert answers.sheet_of(cast.carana, again(row)).answered[0].reason in ("No capacity", "Only next year.")


def test_an_offer_declined_by_the_state_or_withdrawn_stays_an_offer(cast: Cast) -> None:
    row = make(cast, "circulated")
    own, other = offered(cast, row, share=40), offered(cast, row, "iom", 60)
    matches.decline(actor=cast.carana, match=own.pk, reason="Another is nearer.", reason_code="another_chosen")
    matches.retract(actor=cast.iom, match=other.pk, reason="No money.", reason_code="no_money")
    lines = {line.organisation.slug: line for line in answers.sheet_of(cast.carana, again(row)).answered}
    (first,), (second,) = lines["unodc"].offers, lines["iom"].offers
    assert (first.match.status, first.reason) == ("declined", "Another provider chosen")
    assert (second.match.status, second.reason) == ("retracted", "No funds")
    assert {line.answer for line in lines.values()} == {OrganisationAnswer.OFFERED}


def test_what_is_offered_its_share_and_its_start(cast: Cast) -> None:
    row = make(cast, "circulated")
    offer, day = cast.offer(), timezone.now().date() + timedelta(days=30)
    Offer.objects.filter(pk=offer.pk).update(opens_on=day)
    matches.propose(actor=cast.unodc, need=need_of(row).pk, offer=offer.pk, share=70)
    (line,) = answers.sheet_of(cast.carana, again(row)).answered
    (cells,) = answers.cells_of(line)
    assert cells[3] == "Training: Training at borders" and cells[4] == "70%" and str(day.year) in cells[5]
    Offer.objects.filter(pk=offer.pk).update(opens_on=None, lead_time_days=45)
    (line,) = answers.sheet_of(cast.carana, again(row)).answered
    assert answers.cells_of(line)[0][5] == "45 days after the acceptance"


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_only_the_state_sees_the_answers(cast: Cast, client: Client, api_clients: ApiClients, name: str) -> None:
    row = with_offer(cast)
    status = 200 if name in ("carana", "observer") else 404
    sign_in(client, cast, name)
    page = client.get(reverse("assistance-request-answers", args=[row.pk]))
    assert page.status_code == status
    assert client.get(reverse("assistance-request-answers-file", args=[row.pk])).status_code == status
    api = getattr(api_clients, name)
    assert api.get(f"requests/{row.pk}/answers/").status_code == status
    assert api.get(f"requests/{row.pk}/answer-sheet/").status_code == status
    shown = client.get(row.get_absolute_url())
    if shown.status_code == 200:
        assert ("Answers of those who were asked" in words(shown)) == (status == 200)


def test_hidden_and_absent_are_answered_alike(cast: Cast, api_clients: ApiClients) -> None:
    row = with_offer(cast)
    for path in ("answers", "answer-sheet"):
        hidden, absent = (api_clients.unoct.get(f"requests/{pk}/{path}/") for pk in (row.pk, need_of(row).pk))
        assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_there_is_no_sheet_before_the_circulation(cast: Cast, client: Client) -> None:
    row = make(cast, "cleared")
    with pytest.raises(NotVisible):
        answers.sheet_of(cast.carana, row)
    sign_in(client, cast, "carana")
    assert "Answers of those who were asked" not in words(client.get(row.get_absolute_url()))


def test_the_answers_stay_when_the_circulation_has_ended(cast: Cast) -> None:
    row = make(cast, "circulated")
    offered(cast, row)
    before = set(given(cast, row))
    consents.withdraw(actor=cast.carana, rows=[need_of(row)], reason="Enough.")
    assert set(given(cast, row)) == before
    transitions.withdraw(actor=cast.carana, assistance_request=row.pk, reason="Solved.")
    assert set(given(cast, row)) == before and given(cast, row)["unodc"] == OrganisationAnswer.OFFERED


def test_only_those_to_whom_it_was_circulated_were_asked(cast: Cast) -> None:
    row = make(cast, "circulated", audience_allowed=["iom", "sumora"])
    assert set(given(cast, row)) == {"iom", "sumora"}


@pytest.mark.turns(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_has_the_lines_in_each_language(cast: Cast, language: str) -> None:
    row = with_offer(cast)
    sheet = answers.sheet_of(cast.carana, row)
    read = Document(io.BytesIO(answers.to_docx(sheet, language)))
    facts, lines = read.tables
    assert row.reference in [cell.text for one in facts.rows for cell in one.cells]
    assert len(lines.rows) == 1 + len(sheet.lines)
    properties: Any = lines._tbl.tblPr
    assert (properties.find(qn("w:bidiVisual")) is not None) == (language == "ar")
    heading: Any = lines.rows[0]._tr.trPr
    assert heading.find(qn("w:tblHeader")) is not None


def test_page_api_and_file_say_the_same(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    row = make(cast, "circulated")
    offered(cast, row, share=60)
    questions.ask(actor=cast.iom, assistance_request=row.pk, text="Which systems?")
    results = api_clients.carana.get(f"requests/{row.pk}/answers/").json()["results"]
    first, second = results[:2]
    assert (first["organisation"], first["answer"], first["offers"][0]["share"]) == ("unodc", "offered", 60)
    assert (second["organisation"], second["answer"], second["questions"]) == ("iom", "asked", 1)
    sign_in(client, cast, "carana")
    page = client.get(reverse("assistance-request-answers", args=[row.pk]))
    quiet = [one.name for _answer, silent in page.context["sheet"].quiet for one in silent]
    assert [dict(cells)["Organization"] for cells in page.context["rows"]] + quiet == [
        Organisation.objects.get(slug=one["organisation"]).name for one in results
    ]
    assert quiet and all(name in words(page) for name in quiet)
    assert "Questions asked: 1" in words(page) and "60%" in words(page)
    file = client.get(reverse("assistance-request-answers-file", args=[row.pk]), {"language": "fr"})
    assert file["Content-Disposition"] == f'attachment; filename="{row}-answers-fr.docx"'
    assert client.get(reverse("assistance-request-answers-file", args=[row.pk]), {"language": "xx"}).status_code == 404
    assert api_clients.carana.get(f"requests/{row.pk}/answer-sheet/", {"language": "zh"}).status_code == 200
    assert api_clients.carana.get(f"requests/{row.pk}/answer-sheet/", {"language": "xx"}).status_code == 422
    reader = cast.users["carana"].pk
    assert Entry.objects.filter(subjects__contains=[f"assistance_request:{row.pk}"], who=reader).exists()
