"""Sessions in which a project trains people: pages, numbers that may be a slip, sums, and the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.projects.models import Project, TrainingSession
from assistance.projects.sessions import SESSIONS, trained_in
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from portal.tests.api import ApiClients, fields
from web.exceptions import Invalid

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


def session(**changes: Any) -> dict[str, Any]:
    """Return a session as a value."""
    return {
        "held_on": TODAY - timedelta(days=3),
        "place": "Carana City",
        "trained_women": 18,
        "trained_men": 22,
        **changes,
    }


def test_sessions_are_added_changed_and_removed_on_their_pages(cast: Cast, client: Client) -> None:
    project = cast.project()
    sign_in(client, cast, "unodc")
    sent = {
        "held_on": str(TODAY - timedelta(days=3)),
        "place": "Carana <City>",
        "trained_women": "18",
        "trained_men": "",
    }
    assert client.post(reverse("project-session", args=[project.pk]), sent).status_code == 302
    row = TrainingSession.objects.get(project=project)
    assert (row.trained_women, row.trained_men, row.trained_unknown) == (18, 0, 0)
    sign_in(client, cast, "carana")
    assert "Carana <City> 18 0 0 In all sessions 18 0 0" in words(client.get(project.get_absolute_url()))
    assert client.get(reverse("session-edit", args=[row.pk])).status_code == 403
    sign_in(client, cast, "partner")
    assert client.get(reverse("session-edit", args=[row.pk])).status_code == 404
    sign_in(client, cast, "unodc")
    url = reverse("session-edit", args=[row.pk])
    assert client.post(url, {**sent, "trained_men": "22"}).status_code == 302
    assert trained_in(project).all == 40
    assert client.post(url, {**sent, "remove": "on"}).status_code == 302
    assert trained_in(project).sessions == []


def test_a_large_number_is_confirmed(cast: Cast, client: Client) -> None:
    project = cast.project(sessions=[session(trained_men=9_999)])
    sign_in(client, cast, "unodc")
    url = reverse("session-edit", args=[project.sessions.get().pk])
    sent = {"held_on": str(TODAY), "place": "Carana City", "trained_men": "10000"}
    assert errors_at(client.post(url, sent), "trained_men")
    assert client.post(url, {**sent, "confirm_large": "on"}).status_code == 302
    again = {"sessions": [*SESSIONS.stored(project), session()]}
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values=again)
    assert trained_in(project).men == 10_022


def test_nobody_was_trained_in_a_session_to_come(cast: Cast) -> None:
    later = TODAY + timedelta(days=9)
    with pytest.raises(Invalid) as refused:
        cast.project(sessions=[session(held_on=later)])
    assert set(refused.value.errors) == {"sessions.0.held_on"}
    assert cast.project(sessions=[session(held_on=later, trained_women=0, trained_men=0)]).sessions.count() == 1


def test_the_api_lists_and_adds_sessions(cast: Cast, api_clients: ApiClients) -> None:
    project = cast.project(sessions=[session()])
    url = f"/api/v1/projects/{project.pk}/"
    body = {"held_on": str(TODAY), "place": "Sumora", "trained_unknown": 7}
    assert api_clients.iom.post(f"{url}sessions/", body).status_code == 403
    assert api_clients.partner.get(f"{url}sessions/").status_code == 404
    assert fields(api_clients.unodc.post(f"{url}sessions/", {**body, "trained_unknown": 10_000})) == {"trained_unknown"}
    added = api_clients.unodc.post(f"{url}sessions/", body)
    assert added.status_code == 201 and added.json()["place"] == "Sumora"
    listed = api_clients.carana.get(f"{url}sessions/").json()["results"]
    assert [one["trained_unknown"] for one in listed] == [0, 7]
    assert len(api_clients.carana.get(url).json()["sessions"]) == 2
