"""The half-yearly confirmation of projects by their lead, and the mark of those that are not confirmed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.projects import transitions
from assistance.projects.models import Project
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import deadlines, due_runs, editing
from assistance.workflow.models import Due, Event
from assistance.workflow.pending_work import tasks
from entities.models import Appointment
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def recorded(cast: Cast, days_ago: int, **values: Any) -> Project:
    """Return a project that its lead recorded so many days ago."""
    Appointment.objects.update(since=timezone.now().date() - 500 * DAY, approved_at=timezone.now() - 500 * DAY)
    with time_machine.travel(timezone.now() - days_ago * DAY):
        return cast.project(**values)


def run(days: float = 0) -> int:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return deadlines.run()


def open_requests(cast: Cast) -> set[str]:
    rows = Delivery.objects.filter(recipient=cast.users["unodc"], needs_action=True, done_at=None, channel="portal")
    return set(rows.values_list("message", flat=True))


def the_due(project: Project) -> Due:
    return Due.objects.get(project=project, done_at=None)


def test_the_lead_is_asked_two_weeks_before_and_reminded_on_the_day_once(cast: Cast) -> None:
    project = recorded(cast, 160)
    for days, count in ((5, 0), (7, 1), (7, 0), (1, 0), (19, 0), (21, 1), (21, 0), (60, 0)):
        assert run(days) == count, days
    events = Event.objects.filter(project=project, actor=None).order_by("at").values_list("name", flat=True)
    assert list(events) == ["project_confirm_asked", "due_reminder"]
    assert open_requests(cast) == {"project_confirm_asked", "due_reminder"}
    assert [(task.reference, str(task.action)) for task in tasks(cast.unodc)] == [
        (project.reference, "Confirm project")
    ]
    due = the_due(project)
    assert (due.owed_by.slug, due.owed_to.slug) == ("unodc", "unoct")


def test_a_project_that_is_not_confirmed_says_so_to_all_its_readers(cast: Cast, client: Client) -> None:
    project, fresh = recorded(cast, 181), recorded(cast, 10, title="Another")
    for name in ("carana", "unodc", "iom"):
        sign_in(client, cast, name)
        for page in (project.get_absolute_url(), reverse("projects")):
            assert words(client.get(page)).count("Not confirmed since") == 1, name
        assert "Not confirmed since" not in words(client.get(fresh.get_absolute_url()))


def test_confirming_on_the_page_removes_the_mark_and_begins_anew(cast: Cast, client: Client) -> None:
    project = recorded(cast, 200)
    run()
    sign_in(client, cast, "unodc")
    assert "Confirm project" in words(client.get(project.get_absolute_url()))
    address = reverse("project-transition", args=[project.pk, "confirm"])
    assert (
        client.get(address).status_code == 200 == client.get(reverse("project-decide", args=[project.pk])).status_code
    )
    assert client.post(address, {}).status_code == 302
    project.refresh_from_db()
    assert project.unconfirmed_since is None and open_requests(cast) == set() and not tasks(cast.unodc)
    assert the_due(project).due_at == project.confirmed_at + 180 * DAY  # type: ignore[operator]
    sign_in(client, cast, "iom")
    assert client.post(address, {}).status_code == 403
    sign_in(client, cast, "partner")
    assert client.post(address, {}).status_code == 404


def test_the_api_confirms_and_shows_it(cast: Cast, api_clients: ApiClients) -> None:
    project = recorded(cast, 200)
    before = api_clients.iom.get(f"projects/{project.pk}/").json()
    assert before["is_unconfirmed"] is True and before["confirmed_at"]
    assert api_clients.iom.post(f"projects/{project.pk}/confirm/").status_code == 403
    assert api_clients.partner.post(f"projects/{project.pk}/confirm/").status_code == 404
    after = api_clients.unodc.post(f"projects/{project.pk}/confirm/", {"version": before["version"]}).json()
    assert after["is_unconfirmed"] is False and after["confirmed_at"] > before["confirmed_at"]
    again = api_clients.unodc.post(f"projects/{project.pk}/confirm/", {"version": before["version"]})
    assert again.status_code == 409


def test_an_edit_confirms_too_and_the_end_of_a_project_ends_the_clock(cast: Cast) -> None:
    project = recorded(cast, 170)
    run()
    assert open_requests(cast) == {"project_confirm_asked"}
    project = editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"title": "Safer ports"})
    assert open_requests(cast) == set() and the_due(project).starts_at > timezone.now() - DAY
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"status": "completed"})
    assert not Due.objects.filter(project=project, done_at=None).exists() and run(300) == 0
    with pytest.raises(Conflict):
        transitions.confirm(actor=cast.unodc, project=project.pk)
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"status": "ongoing"})
    assert the_due(project)


def test_only_the_lead_confirms_and_nobody_an_imported_project(cast: Cast) -> None:
    project = recorded(cast, 200, partners=[(cast.org("iom"), "implementing")])
    with pytest.raises(Forbidden):
        transitions.confirm(actor=cast.iom, project=project.pk)
    Project.objects.filter(pk=project.pk).update(origin="UNODC", confirmed_at=None)
    Due.objects.all().delete()
    with pytest.raises(Forbidden):
        transitions.confirm(actor=cast.unodc, project=project.pk)
    assert run() == 0 and not Due.objects.exists()


def test_projects_without_a_deadline_get_one(cast: Cast) -> None:
    project = recorded(cast, 175)
    recorded(cast, 400, status="completed")
    run()
    Due.objects.all().delete()
    assert due_runs.start_missing(timezone.now()) == 1
    assert run() == 0, "the lead has been asked since it last confirmed"
    assert the_due(project).starts_at == project.confirmed_at and the_due(project).rung == 1


def test_a_restricted_project_tells_nobody_of_its_deadline(cast: Cast) -> None:
    project = recorded(cast, 170, is_restricted=True)
    run()
    from_unoct = Delivery.objects.filter(recipient=cast.users["unoct"])
    assert not from_unoct.exists()
    assert [one.reference for one in deadlines.upcoming(cast.unodc)] == [project.reference]
    assert deadlines.upcoming(cast.unoct) == deadlines.upcoming(cast.cted) == []
