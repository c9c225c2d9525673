"""What changes nothing leaves no trace: a body or a form with the values that are stored makes no version and no event."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from accounts.models import Delivery
from assistance import registry
from assistance.access.models import Restricted
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from assistance.workflow.models import Event
from portal.tests.api import ApiClients

EDITED = [cases for cases in all_cases() if registry.of(cases.model).edit is not None]


def trace(row: Restricted) -> tuple[Any, ...]:
    """Return all that an edit of a row moves."""
    row.refresh_from_db()
    return getattr(row, "version"), getattr(row, "modified_at"), Event.objects.count(), Delivery.objects.count()  # noqa: B009


def made(cases: Cases, cast: Cast, api_clients: ApiClients) -> tuple[Restricted, dict[str, Any]]:
    """Return a row recorded by the API, and the body it was recorded by."""
    assert cases.body is not None
    body = cases.body(cast)
    answer = getattr(api_clients, cases.recorders[0]).post(f"{cases.collection}/", body)
    assert answer.status_code == 201, answer.content
    return cases.model._default_manager.get(pk=answer.json()["id"]), body


@pytest.mark.turns(3)
@pytest.mark.parametrize("cases", EDITED, ids=name_of)
def test_a_body_that_changes_nothing_moves_nothing(cast: Cast, api_clients: ApiClients, cases: Cases) -> None:
    row, body = made(cases, cast, api_clients)
    api_client, path, before = getattr(api_clients, cases.recorders[0]), f"{cases.collection}/{row.pk}/", trace(row)
    shown = api_client.get(path).json()
    again = {
        name: shown[name] for name in registry.of(cases.model).viewset.write_serializer_class().fields if name in shown
    }
    for call, sent in (
        (api_client.patch, {}),
        (api_client.patch, body),
        (api_client.put, body),
        (api_client.patch, again),
    ):
        answer = call(path, sent)
        assert answer.status_code == 200, answer.content
        assert answer.json()["version"] == before[0] and trace(row) == before


@pytest.mark.turns(3)
@pytest.mark.parametrize("cases", EDITED, ids=name_of)
def test_a_form_sent_as_it_is_shown_moves_nothing(
    client: Client, cast: Cast, api_clients: ApiClients, cases: Cases
) -> None:
    row, _body = made(cases, cast, api_clients)
    before = trace(row)
    sign_in(client, cast, cases.recorders[0])
    page = reverse(cases.model.url_name(cases.edit_page), args=[row.pk])
    shown = next(
        form
        for form in html.fromstring(client.get(page).content).forms
        if form.method == "POST" and "version" in form.fields
    )
    sent: dict[str, list[str]] = {}
    for name, value in shown.form_values():
        sent.setdefault(name, []).append(value)
    assert client.post(page, sent).status_code == 302
    assert trace(row) == before
    text = cases.model.translated[0] if cases.model.translated else ""
    if text:
        assert client.post(page, {**sent, text: ["Another text"]}).status_code == 302
        assert trace(row)[0] == before[0] + 1 and trace(row)[2] == before[2] + 1


def test_other_partners_are_a_change(cast: Cast, api_clients: ApiClients) -> None:
    project = api_clients.unodc.post("projects/", {"title": "Safer", "status": "planned"}).json()
    partners = [{"organisation": "iom", "role": "implementing"}, {"organisation": "carana", "role": "funding"}]
    path = f"projects/{project['id']}/"
    first = api_clients.unodc.patch(path, {"partners": partners}).json()
    assert first["version"] == project["version"] + 1
    assert api_clients.unodc.patch(path, {"partners": partners[::-1]}).json()["version"] == first["version"]
    assert api_clients.unodc.patch(path, {"partners": partners[:1]}).json()["version"] == first["version"] + 1


def test_a_line_that_is_not_in_a_plan_is_not_taken_out(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("agreed")
    plan = api_clients.carana.post("releases/", {"needs": [str(need.pk)]}).json()
    path = f"releases/{plan['id']}/take-out/"
    assert api_clients.carana.post(path, {"line": str(need.pk)}).json()["version"] == plan["version"]
    assert api_clients.carana.post(path, {"line": plan["lines"][0]["id"]}).json()["version"] == plan["version"] + 1
