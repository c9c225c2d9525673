"""Pages and API of returned spreadsheets: download, return, the changes, the choices, and what follows."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.recommendations import answers
from assistance.recommendations.models import Response
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.tests.sheets import changed, report, returned, upload
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, statements, words
from audit.models import Entry
from portal.tests.api import ApiClient, ApiClients
from portal.tests.conftest import api_clients
from web.spreadsheets import TYPE

pytestmark = pytest.mark.django_db
__all__ = ["api_clients"]


def link(response: Any) -> str:
    """Return the page to which an answer leads."""
    assert response.status_code == 302, words(response)
    return str(response["Location"])


@pytest.mark.turns(2)
@pytest.mark.parametrize(("language", "label"), [("en", "Changed by somebody else meanwhile"), ("ar", "غيّره")])
def test_a_state_replies_by_a_spreadsheet(cast: Cast, client: Client, language: str, label: str) -> None:
    visit = report(cast, 2)
    first = visit.recommendations.get(number=1)
    sign_in(client, cast, "carana", language)
    here = reverse("visit-reply", args=[visit.pk])
    table = reverse("sheet", args=["reply", visit.pk])
    assert table in client.get(here).content.decode()
    assert table in client.get(reverse("visit", args=[visit.pk])).content.decode()
    file = client.get(table)
    assert file["Content-Type"] == TYPE and file["Content-Disposition"].startswith('attachment; filename="SP-')
    assert Entry.objects.filter(kind="exported", detail__contains="reply of").count() == 1
    planned = dict(Response._meta.get_field("said").flatchoices)
    content = changed(file.content, {"G6": "Planned" if language == "en" else "planned", "H7": "x", "G7": "under_way"})
    assert planned
    answers.save(actor=cast.carana, recommendation=first.pk, said="implemented", action="Done.")
    page = link(client.post(reverse("spreadsheet-add"), {"file": upload(content)}))
    row = Spreadsheet.objects.get()
    assert page == row.get_absolute_url()
    shown = words(client.get(page))
    assert label in shown and "G6" in shown and "H7" in shown
    apply = reverse("spreadsheet-transition", args=[row.pk, "apply"])
    asked = client.get(apply)
    assert set(asked.context["form"].fields) == {"version", "seen", "choice_G6"}
    again = client.post(apply, {"seen": asked.context["form"].initial["seen"]})
    assert again.status_code == 422 and again.context["form"].errors["choice_G6"]
    done = client.post(apply, {"seen": asked.context["form"].initial["seen"], "choice_G6": "yours"}, follow=True)
    assert done.status_code == 200
    assert reverse("visit-reply", args=[visit.pk]) in done.content.decode()
    assert dict(Response.objects.values_list("recommendation__number", "said")) == {1: "planned", 2: "under_way"}


def test_a_file_that_is_no_spreadsheet_is_told_at_its_field(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    for content, text in ((b"hello", "Attach a PDF"), (b"", "The file is empty")):
        answer = client.post(reverse("spreadsheet-add"), {"file": upload(content)})
        assert answer.status_code == 422 and text in str(answer.context["form"].errors["file"])


def test_others_get_no_table_and_see_no_link_to_it(cast: Cast, client: Client) -> None:
    visit = report(cast)
    table = reverse("sheet", args=["reply", visit.pk])
    for who, status in (("cted", 403), ("observer", 403), ("iom", 403), ("sumora", 404)):
        sign_in(client, cast, who)
        assert client.get(table).status_code == status, who
        assert table not in client.get(reverse("visit", args=[visit.pk])).content.decode()
    sign_in(client, cast, "carana")
    assert client.get(reverse("sheet", args=["nothing", visit.pk])).status_code == 404


def test_a_table_is_downloaded_after_a_recent_proof_and_who_gets_none_is_not_asked(cast: Cast, client: Client) -> None:
    visit = report(cast)
    table = reverse("sheet", args=["reply", visit.pk])
    for who, status in (("cted", 403), ("sumora", 404)):
        sign_in(client, cast, who)
        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            assert client.get(table).status_code == status
    sign_in(client, cast, "carana")
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        asked = client.get(table)
    assert asked.status_code == 302 and "reauthenticate" in asked["Location"]
    assert table in unquote(asked["Location"])
    assert not Entry.objects.filter(kind="exported", detail__contains="reply of").exists()
    assert client.get(table)["Content-Type"] == TYPE


def test_a_longer_table_takes_no_more_statements(cast: Cast, client: Client) -> None:
    short, long = report(cast, 2), report(cast, 8)
    sign_in(client, cast, "carana")
    counts = []
    for visit in (short, short, long):
        url = reverse("sheet", args=["reply", visit.pk])
        counts.append(statements(client, url))
    assert counts[1] == counts[2] <= 40


def test_the_list_and_the_dashboard_name_what_waits(cast: Cast, client: Client) -> None:
    row = returned(cast)
    sign_in(client, cast, "carana")
    assert row.reference in words(client.get(reverse("spreadsheets")))
    assert "Apply the changes of the spreadsheet that you returned" in words(client.get(reverse("dashboard")))


def test_the_whole_way_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    state = api_clients.carana
    visit = report(cast, 2)
    file = state.get(f"spreadsheets/reply/{visit.pk}/")
    assert file.status_code == 200 and file["Content-Type"] == TYPE
    content = changed(file.content, {"G6": "Planned", "I7": "03.04.2026"})
    made = state.post("spreadsheets/", {"file": upload(content)}, format="multipart")
    assert made.status_code == 201 and made.data["transitions"] == ["apply", "discard"]
    preview = made.data["preview"]
    assert [(row["number"], row["result"]) for row in preview["rows"]] == [(6, "change"), (7, "refused")]
    assert preview["rows"][0]["cells"][0] | {"why": ""} == {
        "address": "G6", "field": "said", "old": "", "yours": "planned", "now": "", "result": "change", "why": "",
    }  # fmt: skip
    path = f"spreadsheets/{made.data['id']}/"
    bare = ApiClient(state_token := api_clients.token("carana"))
    assert bare.post(f"{path}apply/").status_code == 403 and state_token
    refused = state.post(f"{path}apply/", {"seen": preview["seen"]})
    assert refused.status_code == 422 and refused.data["errors"][0]["field"] == "leave_refused"
    assert state.post(f"{path}apply/", {"seen": "0123456789abcdef", "leave_refused": True}).status_code == 409
    done = state.post(f"{path}apply/", {"seen": preview["seen"], "leave_refused": True})
    assert done.status_code == 200 and (done.data["status"], done.data["changed"], done.data["preview"]) == (
        "applied", 1, None,
    )  # fmt: skip
    assert Response.objects.get(visit=visit).said == "planned"
    for other in (api_clients.cted, api_clients.iom):
        assert (
            other.get(path).status_code
            == other.get("spreadsheets/reply/00000000-0000-4000-8000-000000000000/").status_code
            == 404
        )
    assert api_clients.cted.get(f"spreadsheets/reply/{visit.pk}/").status_code == 403
