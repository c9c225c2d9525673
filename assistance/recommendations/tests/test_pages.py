"""Pages of visit reports: the steps, the State's reply row by row, a recommendation, in two languages."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.consents.summaries import items_of
from assistance.documents.models import Document
from assistance.pages.views import transition_url
from assistance.recommendations import answers, procedure
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.recommendations.tests import reports
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import errors_at, sign_in, statements, words
from assistance.visits.models import Visit
from assistance.visits.states import VISIT
from assistance.workflow import editing
from files.tests import samples

pytestmark = pytest.mark.django_db


def visit_page(client: Client, visit: Visit) -> str:
    return words(client.get(reverse("visit", args=[visit.pk])))


def run(client: Client, visit: Visit, name: str, **data: Any) -> Any:
    return client.post(transition_url(visit, VISIT[name]), data)


def reply_row(row: Recommendation, **values: Any) -> dict[str, Any]:
    """Return what the form of a row of the reply sends."""
    return {"recommendation": str(row.pk), **{f"{row.pk.hex}-{name}": value for name, value in values.items()}}


def recommendation_data(cast: Cast, visit: Visit, **values: Any) -> dict[str, Any]:
    return {
        "number": "1", "section": str(visit.sections.get().pk), "language": "en", "title": "Screening",
        "text": "Receive advance passenger information.", "theme": "border", "priority": "high", **values,
    }  # fmt: skip


@pytest.mark.turns(2)
@pytest.mark.parametrize(
    ("language", "road"), [("en", "Draft report with the State"), ("ar", "مشروع التقرير لدى الدولة")]
)
def test_a_report_goes_by_pages_from_the_draft_to_the_reply(
    cast: Cast, client: Client, language: str, road: str
) -> None:
    visit = cast.section(cast.visit()).visit
    sign_in(client, cast, "cted", language)
    add = reverse("recommendation-add", args=[visit.pk])
    assert client.get(add).context["form"].initial["number"] == 1
    assert errors_at(client.post(add, recommendation_data(cast, visit, theme="zzz")), "theme")
    assert client.post(add, recommendation_data(cast, visit)).status_code == 302
    assert run(client, visit, "send-draft").status_code == 302
    assert road in visit_page(client, visit)
    sign_in(client, cast, "carana", language)
    assert errors_at(run(client, visit, "observe", language="en"), "text")
    file = samples.note("observations.pdf", "Section 1: twelve posts, not ten.")
    assert run(client, visit, "observe", language=language, file=file).status_code == 302
    (document,) = Document.objects.filter(observation__visit=visit)
    assert document.title in visit_page(client, visit)
    sign_in(client, cast, "cted", language)
    for name in ("adopt", "send-final"):
        assert run(client, visit, name).status_code == 302
    sign_in(client, cast, "carana", language)
    url = reverse("visit-reply", args=[visit.pk])
    assert url in client.get(reverse("visit", args=[visit.pk])).content.decode()
    row = visit.recommendations.get()
    sent = reply_row(row, said="implemented", language="en")
    refused = client.post(url, {**sent, **reply_row(row, on="2026-01-02")})
    assert refused.status_code == 422 and errors_at(refused, "action")
    evidence = samples.note("law.pdf", "The law.")
    saved = client.post(url, {**sent, **reply_row(row, action="The law is in force.", evidence=evidence)})
    assert saved.status_code == 302 and saved.url.endswith("#recommendation-1")
    draft = Response.objects.get(recommendation=row)
    assert (draft.said, draft.status) == ("implemented", "draft") and draft.documents.count() == 1
    assert run(client, visit, "reply").status_code == 302
    sign_in(client, cast, "cted", language)
    assert "The law is in force." in words(client.get(reverse("recommendation", args=[row.pk])))


def test_a_row_of_the_reply_is_saved_whole_or_not_at_all(cast: Cast, client: Client) -> None:
    visit, other = reports.final(cast), reports.final(cast)
    row = visit.recommendations.get()
    sign_in(client, cast, "carana")
    url = reverse("visit-reply", args=[visit.pk])
    sent = reply_row(row, said="planned", action="Next year.", language="en")
    refused = client.post(url, {**sent, **reply_row(row, evidence=SimpleUploadedFile("law.pdf", b"MZ no document"))})
    assert refused.status_code == 422 and errors_at(refused, "evidence") and "Next year." in refused.content.decode()
    assert not Response.objects.exists()
    for key in (str(other.recommendations.get().pk), str(visit.pk), "nonsense", ""):
        assert client.post(url, {**sent, "recommendation": key}).status_code == 404, key
    assert client.post(url, sent).status_code == 302
    stale = client.post(
        url, {**sent, **reply_row(row, action="This year.")}
    )  # from a page on which nothing stood there
    assert stale.status_code == 409 and "This year." in stale.content.decode()
    assert Response.objects.get().action == "Next year."


def test_a_row_keeps_its_text_when_cted_renumbers_the_recommendation_meanwhile(cast: Cast, client: Client) -> None:
    visit = reports.final(cast)
    row = visit.recommendations.get()
    sign_in(client, cast, "carana")
    url = reverse("visit-reply", args=[visit.pk])
    names = re.findall(r'name="([^"]+-said)"', client.get(url).content.decode())
    assert names == list(reply_row(row, said=""))[1:]
    editing.edit(actor=cast.cted, model=Recommendation, pk=row.pk, values={"number": 2})
    sent = reply_row(row, said="planned", action="Next year.", language="en")
    assert client.post(url, sent).status_code == 302
    assert Response.objects.get().action == "Next year."


def test_what_others_see_of_a_visit_says_nothing_of_its_report(cast: Cast, client: Client) -> None:
    visit = reports.replied(cast).visit
    sign_in(client, cast, "unodc")
    page = client.get(reverse("visit", args=[visit.pk]))
    text = words(page)
    assert page.context["stage"] == "conducted" and "stepper" not in page.content.decode()
    for word in ("Draft report", "Observations", "Reply", "adopted", "Screening 1", "Letter"):
        assert word not in text, word
    assert str(page.context["stage"].label) in words(client.get(reverse("visits")))
    for name in MEMBERS:
        sign_in(client, cast, name)
        found = client.get(reverse("visit-reply", args=[visit.pk])).status_code
        assert found == {"carana": 200, "sumora": 404, "partner": 404}.get(name, 403), name


def test_a_released_recommendation_is_read_without_the_reply_and_the_rating(cast: Cast, client: Client) -> None:
    response = reports.replied(cast)
    row = response.recommendation
    reports.rated(cast, row, "not")
    consents.release(actor=cast.carana, rows=[row], audience="compact")
    sign_in(client, cast, "unodc")
    text = words(client.get(reverse("recommendation", args=[row.pk])))
    assert "Receive advance passenger information" in text and "Under way" not in text and "Not implemented" not in text
    for model in (Response, Rating):
        assert client.get(model.objects.get().get_absolute_url()).status_code == 404
    consents.release(actor=cast.carana, rows=[Rating.objects.get(), response], audience="compact")
    text = words(client.get(reverse("recommendation", args=[row.pk])))
    assert "Under way" in text and "Not implemented" in text and "A unit was set up." in text


def test_the_release_of_a_visit_has_a_line_for_each_part(cast: Cast, client: Client) -> None:
    response = reports.replied(cast)
    reports.rated(cast, response.recommendation)
    reports.answered(cast, response.visit, said="planned")
    sign_in(client, cast, "carana")
    client.post(reverse("account_reauthenticate"), {"password": "correct horse battery staple"})
    text = words(client.get(reverse("visit-share", args=[response.visit_id])))
    for line in ("Recommendation 1", "Observations 1", "Reply to recommendation 1", "Rating of recommendation 1"):
        assert line in text, line
    rows = [item.row for item in items_of(cast.carana, response.visit)]
    assert [row.status for row in rows if isinstance(row, Response)] == ["sent"], "what is not sent cannot be released"


def test_a_follow_up_is_recorded_from_the_visit_it_follows(cast: Cast, client: Client) -> None:
    visit = reports.adopted(cast)
    sign_in(client, cast, "cted")
    url = f"{reverse('visit-add')}?follows={visit.pk}"
    assert url.replace("&", "&amp;") in client.get(reverse("visit", args=[visit.pk])).content.decode()
    initial = client.get(url).context["form"].initial
    assert (initial["follows"], initial["state"], initial["kind"]) == (visit.pk, visit.state_id, "follow_up")
    assert client.get(f"{reverse('visit-add')}?follows=nonsense").status_code == 200


def test_the_page_of_a_visit_costs_the_same_for_one_recommendation_and_for_three(cast: Cast, client: Client) -> None:
    visit = reports.replied(cast).visit
    sign_in(client, cast, "cted")
    url = reverse("visit", args=[visit.pk])
    whole = statements(client, url)
    for number in (2, 3):
        reports.rated(cast, reports.recommended(cast, Visit.objects.get(pk=visit.pk), number, needs=[cast.need()]))
    assert statements(client, url) <= whole + 3, "three more for the first need and the first rating"
    assert Recommendation.objects.filter(visit=visit).count() == 3 and Observation.objects.exists()


@pytest.mark.turns(2)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_page_opens_in_each_language(cast: Cast, client: Client, language: str) -> None:
    response = reports.replied(cast)
    found = reports.rated(cast, response.recommendation)
    sign_in(client, cast, "carana", language)
    observation = response.visit.observations.get()
    pages = [row.get_absolute_url() for row in (response, found, observation, response.recommendation, response.visit)]
    pages += [reverse("recommendations"), reverse("recommendation-as", args=[response.recommendation_id])]
    for page in pages:
        assert client.get(page).status_code == 200, page
    procedure.record_letter(
        actor=cast.cted,
        visit=response.visit_id,
        letter="final-report",
        number="CTED/7",
        sent_on=response.created_at.date(),
    )
    assert "CTED/7" in visit_page(client, response.visit)


def test_who_decides_about_a_report_reads_all_of_it_beside_the_button(cast: Cast, client: Client) -> None:
    visit = reports.observed(cast, "Twelve posts, not ten.").visit
    Visit.objects.filter(pk=visit.pk).update(adoption_proposed_by=cast.users["cted"])
    sign_in(client, cast, "cted")
    adopting = words(client.get(transition_url(visit, VISIT["adopt"])))
    shown = ("Receive advance passenger information 1.", "Twelve posts, not ten.", "Adoption proposed by")
    assert all(text in adopting for text in shown)
    sign_in(client, cast, "carana")
    observing = words(client.get(transition_url(visit, VISIT["observe"])))
    assert all(text in observing for text in shown[:2]) and shown[2] not in observing


def test_who_sends_the_reply_reads_it_beside_the_button(cast: Cast, client: Client) -> None:
    draft = reports.answered(cast, action="A unit works day and night.")
    sign_in(client, cast, "carana")
    sending = words(client.get(transition_url(draft.visit, VISIT["reply"])))
    assert "A unit works day and night." in sending and "Receive advance passenger information 1." in sending
    sign_in(client, cast, "cted")
    recording = words(client.get(transition_url(draft.visit, VISIT["record-letter"])))
    assert "A unit works day and night." not in recording and "Receive advance passenger" in recording


def test_both_texts_of_a_stale_row_are_kept_and_the_second_one_can_be_saved(cast: Cast, client: Client) -> None:
    draft = reports.answered(cast, action="Next year.")
    row = draft.recommendation
    answers.save(actor=cast.carana, recommendation=row.pk, said="under_way", action="A colleague’s.", version=1)
    sign_in(client, cast, "carana")
    url = reverse("visit-reply", args=[draft.visit_id])
    stale = client.post(url, reply_row(row, said="planned", action="This year.", language="en", version="1"))
    text = words(stale)
    assert stale.status_code == 409 and all(one in text for one in ("This year.", "A colleague’s."))
    (address,) = re.findall(r'<form method="post" action="([^"]+)"', stale.content.decode())
    shown = stale.content.decode().partition(address)[2].partition("</form>")[0]
    (version,) = re.findall(rf'name="{row.pk.hex}-version" value="([^"]+)"', shown)
    again = reply_row(row, said="planned", action="This year.", language="en", version=version)
    del again["recommendation"]  # the page has no field for it: it is in the address
    assert f'name="{row.pk.hex}-action"' in shown and client.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert (draft.said, draft.action) == ("planned", "This year.")
    assert client.post(address, again).status_code == 409, "it is no longer the version that was read"


def test_a_rating_given_from_the_page_of_a_later_visit_rests_on_it(cast: Cast, client: Client) -> None:
    visit = reports.followed_up(cast)
    row = visit.follows.recommendations.get()
    sign_in(client, cast, "cted")
    page = client.get(reverse("visit", args=[visit.pk])).content.decode()
    (address,) = re.findall(r'href="([^"]+[?]basis=[^"]+)"', page)
    assert client.get(address).context["form"]["basis"].value() == visit.pk
    assert (
        client.post(address, {"rated": "not", "why": "None.", "language": "en", "basis": visit.pk}).status_code == 302
    )
    assert row.ratings.get().basis == visit
    for other in (visit.follows_id, cast.visit(state=cast.org("sumora")).pk, "nonsense"):
        answer = client.get(f"{address.partition('=')[0]}={other}")
        assert answer.status_code == 200 and answer.context["form"]["basis"].value() is None, other


def test_who_sends_the_final_report_reads_which_needs_go_with_it(cast: Cast, client: Client) -> None:
    draft, agreed, other = cast.need(title="Radar"), cast.need("agreed", title="Posts"), cast.need(title="Ports")
    visit = reports.adopted(cast, needs=[draft, agreed])
    sign_in(client, cast, "cted")
    text = words(client.get(transition_url(visit, VISIT["send-final"])))
    assert "sent to the Member State with the final report" in text and "Radar" in text
    assert "Posts" not in text and other.title not in text
    assert "Radar" not in words(client.get(transition_url(visit, VISIT["record-letter"])))


def test_the_day_proposed_stands_beside_the_adoption_to_be_confirmed(cast: Cast, client: Client) -> None:
    visit = reports.observed(cast).visit
    reports.ask_for_two(cast)
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    sign_in(client, cast, "cted")
    page = client.get(transition_url(visit, VISIT["adopt"]))
    assert page.context["proposed_day"] == timezone.now().date() and "Adoption proposed by" in words(page)
    sign_in(client, cast, "carana")
    assert client.get(transition_url(visit, VISIT["observe"])).context["proposed_day"] is None
