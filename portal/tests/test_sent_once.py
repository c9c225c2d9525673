"""A form is sent once: two clicks, or Back and Save, record one row; against a live server with real threads."""

import http.client
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sending
from accounts.models import ApiToken, SentForm
from assistance.documents.models import Document
from assistance.needs.models import Match, Need
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.tests import sheets
from assistance.tests.cases import all_cases
from assistance.tests.cast import Cast
from assistance.tests.pages import words
from assistance.visits.models import Section, Visit
from entities.models import Appointment, Holiday, MembershipChange
from files.tests.samples import pdf
from portal.tests.leak_world import BACKEND
from portal.tests.routes import routes
from web.views import FORM_KEY

KEY = re.compile(rf'name="{FORM_KEY}" value="([^"]+)"')


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name], backend=BACKEND)
    return client


def key_at(client: Client, path: str) -> str:
    found = KEY.search(client.get(path).content.decode())
    assert found, f"no key in the form at {path}"
    return found[1]


def need_data(cast: Cast) -> dict[str, Any]:
    return {
        "state": cast.org("carana").pk, "source": "desk_survey", "language": "en", "title": "Screening",
        "description": "Missing.", "pillar": "II", "theme": "border", "assistance_type": "training",
        "priority": "high", "human_rights": "not_considered", "gender": "not_considered",
    }  # fmt: skip


def membership_data(cast: Cast) -> dict[str, Any]:
    return {"step": "join", "organisation": cast.org("sumora").pk, "to": "is_donor", "reason": "Its letter of March."}


def holiday_data(cast: Cast) -> dict[str, Any]:
    return {"day": timezone.now().date().isoformat(), "name": "Founding Day"}


def nomination_data(cast: Cast) -> dict[str, Any]:
    day = timezone.now().date().isoformat()
    person = {"email": "new@example.org", "name": "New Person", "language": "fr", "role": "alternate", "since": day}
    return {"organisation": cast.org("carana").pk, **person}


class Nominated:
    """The appointments that await approval: the cast has others."""

    objects = Appointment.objects.in_phase("awaiting")


def visit_data(cast: Cast) -> dict[str, Any]:
    return {
        "state": cast.org("carana").pk, "kind": "focused", "mode": "virtual", "starts_on": "2026-03-02",
        "ends_on": "2026-03-06",
    }  # fmt: skip


def offer_data(cast: Cast) -> dict[str, Any]:
    return {
        "provider": cast.org("unodc").pk, "language": "en", "title": "Courses", "description": "For officers.",
        "themes": ["border"], "assistance_types": ["training"],
    }  # fmt: skip


def project_data(cast: Cast) -> dict[str, Any]:
    return {
        "lead": cast.org("unodc").pk, "language": "en", "title": "Ports", "status": "planned", "themes": ["border"],
        "states": [cast.org("carana").pk], "human_rights": "not_considered", "gender": "not_considered",
    }  # fmt: skip


def of_visit(cast: Cast) -> str:
    return reverse("section-add", args=[cast.visit().pk])


def attached_to(cast: Cast) -> str:
    return reverse("document-add", args=["visit", cast.visit().pk])


def proposed_for(cast: Cast) -> str:
    return reverse("match-propose", args=[cast.need("shared").pk])


def spreadsheet_data(cast: Cast) -> dict[str, Any]:
    """Return a table that was filled in; the same file for each sending."""
    visit = Visit.objects.filter(final_sent_on__isnull=False).first() or sheets.report(cast)
    if visit.pk not in FILES:
        FILES[visit.pk] = sheets.changed(sheets.downloaded(cast.carana, visit), {"G6": "Planned"})
    return {"file": sheets.upload(FILES[visit.pk])}


FILES: dict[Any, bytes] = {}  # the table of each visit: a second download has another number


SECTION = {"number": "1", "language": "en", "title": "Borders", "text": "Found."}
TOKEN = {"name": "script", "days": "9", "read_all": "on"}
Data = Callable[[Cast], dict[str, Any]]
# Every form that makes a row: who sends it, where, what, and which rows it makes.
FORMS: dict[str, tuple[str, Callable[[Cast], str], Data, Any]] = {
    "visit": ("cted", lambda cast: reverse("visit-add"), visit_data, Visit),
    "section": ("cted", of_visit, lambda cast: SECTION, Section),
    "need": ("cted", lambda cast: reverse("need-add"), need_data, Need),
    "offer": ("unodc", lambda cast: reverse("offer-add"), offer_data, Offer),
    "project": ("unodc", lambda cast: reverse("project-add"), project_data, Project),
    "match": (
        "unodc",
        proposed_for,
        lambda cast: {"share": "20", "message": "We can.", "provider": cast.org("unodc").pk},
        Match,
    ),
    "document": (
        "cted",
        attached_to,
        lambda cast: {"title": "Plan", "file": SimpleUploadedFile("a.pdf", pdf())},
        Document,
    ),
    "spreadsheet": ("carana", lambda cast: reverse("spreadsheet-add"), spreadsheet_data, Spreadsheet),
    "holiday": ("unoct", lambda cast: reverse("holiday-add"), holiday_data, Holiday),
    "membership": ("unoct", lambda cast: reverse("membership-add"), membership_data, MembershipChange),
    "designation": ("unoct", lambda cast: reverse("designation-add"), nomination_data, Nominated),
    "token": ("cted", lambda cast: reverse("token-new"), lambda cast: TOKEN, ApiToken),
    **{
        cases.model.url_name(): (
            cases.recorders[0],
            cases.form_path or (lambda cast, kind=cases.model: reverse(kind.url_name("add"))),
            cases.form,
            cases.model,
        )
        for cases in all_cases()
        if cases.form is not None
    },
}


def test_each_form_of_a_new_row_is_among_them() -> None:
    found = {route.name.removesuffix("-add") for route in routes() if route.name.endswith("-add")}
    assert found and found <= set(FORMS), "a form that adds rows is missing above"


@pytest.mark.turns(8)
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.django_db
def test_a_second_send_leads_to_the_result_of_the_first(cast: Cast, name: str) -> None:
    who, path_of, data, model = FORMS[name]
    path, client = path_of(cast), signed_in(cast, who)
    sent = {**data(cast), FORM_KEY: key_at(client, path)}
    first = client.post(path, sent)
    assert first.status_code in (200, 302) and model.objects.count() == 1, words(first)
    again = client.post(path, {**data(cast), FORM_KEY: sent[FORM_KEY]}, follow=True)
    assert model.objects.count() == 1 and again.status_code == 200
    assert "You sent this form twice. It was recorded once" in words(again)
    if first.status_code == 302:
        assert again.redirect_chain[0][0] == first["Location"]


@pytest.mark.django_db
def test_other_text_under_a_key_that_was_used_is_asked_about_and_kept(cast: Cast) -> None:
    client, path = signed_in(cast, "cted"), reverse("need-add")
    sent = {**need_data(cast), FORM_KEY: key_at(client, path)}
    client.post(path, sent)
    answer = client.post(path, {**sent, "title": "Another need"})
    assert answer.status_code == 409 and Need.objects.count() == 1
    assert "You have already sent this form with a different text" in words(answer)
    assert (
        Need.objects.get().get_absolute_url() in answer.content.decode() and "Another need" in answer.content.decode()
    )
    fresh = KEY.search(answer.content.decode())
    assert fresh and fresh[1] != sent[FORM_KEY]
    assert client.post(path, {**sent, "title": "Another need", FORM_KEY: fresh[1]}).status_code == 302
    assert Need.objects.count() == 2


@pytest.mark.django_db
def test_a_form_that_was_refused_is_sent_again_with_its_key(cast: Cast) -> None:
    client, path = signed_in(cast, "cted"), reverse("need-add")
    sent = {**need_data(cast), FORM_KEY: key_at(client, path)}
    refused = client.post(path, {**sent, "title": ""})
    found = KEY.search(refused.content.decode())
    assert refused.status_code == 422 and found and found[1] == sent[FORM_KEY] and not SentForm.objects.exists()
    assert client.post(path, sent).status_code == 302


@pytest.mark.django_db
def test_an_edit_sent_twice_is_no_conflict_with_oneself(cast: Cast) -> None:
    need, client = cast.need("draft"), signed_in(cast, "cted")
    path = reverse("need-edit", args=[need.pk])
    sent = {**need_data(cast), "version": need.version, FORM_KEY: key_at(client, path)}
    assert client.post(path, sent).status_code == 302
    again = client.post(path, sent, follow=True)
    assert again.status_code == 200 and "recorded once" in words(again)
    assert client.post(path, {**sent, "title": "Changed again"}).status_code == 409  # with both texts side by side


@pytest.mark.django_db
def test_the_key_of_another_person_or_form_is_nobodys(cast: Cast) -> None:
    client, path = signed_in(cast, "cted"), reverse("need-add")
    for key in (
        sending.new_key(cast.users["unodc"]),
        "x",
        "",
        "Z" * 64,
        sending.new_key(cast.users["cted"])[:-1] + "-",
    ):
        for _time in range(2):
            assert client.post(path, {**need_data(cast), FORM_KEY: key}).status_code == 302
    assert Need.objects.count() == 10 and not SentForm.objects.exists()
    key = key_at(client, path)
    assert client.post(reverse("visit-add"), {**visit_data(cast), FORM_KEY: key}).status_code == 302
    assert client.post(path, {**need_data(cast), FORM_KEY: key}).status_code == 302 and Need.objects.count() == 11


@pytest.mark.django_db
def test_old_rows_are_deleted(cast: Cast) -> None:
    client, path = signed_in(cast, "cted"), reverse("need-add")
    client.post(path, {**need_data(cast), FORM_KEY: key_at(client, path)})
    assert sending.tidy() == 0 and SentForm.objects.exists()
    SentForm.objects.update(sent_at="2020-01-01T00:00Z")
    assert sending.tidy() == 1 and not SentForm.objects.exists()


def test_every_page_with_a_form_of_its_view_has_the_key() -> None:
    for file in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        if re.search(r'<form[^>]*method="post"', text) and re.search(r"\{\{ form|error_summary form", text):
            own = file.parent.name in ("account", "accounts", "elements")
            assert own or "{% form_key %}" in text, file


# ── At the same moment ───────────────────────────────────────────────────────
@pytest.mark.turns(3)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["need", "offer", "token"])
def test_of_sends_at_the_same_moment_one_makes_a_row(cast: Cast, live_server: Any, name: str) -> None:
    who, path_of, data, model = FORMS[name]
    client, path = signed_in(cast, who), path_of(cast)
    body = urlencode({**data(cast), FORM_KEY: key_at(client, path), "csrfmiddlewaretoken": "x"}, doseq=True)
    page = client.get(path).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    body = body.replace("csrfmiddlewaretoken=x", f"csrfmiddlewaretoken={token[1]}")
    cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
    host, start, answers = urlsplit(live_server.url), threading.Barrier(6), []

    def send() -> None:
        link = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
        start.wait()
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Referer": live_server.url}
        link.request("POST", path, body, headers)
        answer = link.getresponse()
        answer.read()
        answers.append((answer.status, answer.getheader("Location")))

    threads = [threading.Thread(target=send) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert model.objects.count() == 1, answers
    assert len(answers) == 6 and {status for status, _location in answers} <= {200, 302}
    if name != "token":
        assert len({location for _status, location in answers}) == 1
    assert Appointment.objects.exists()
