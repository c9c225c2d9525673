"""Comments of States on a project: who writes them, who reads them, and who is told."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Delivery
from assistance.access.audiences import save_with_audience
from assistance.projects import comments
from assistance.projects.models import Project, ProjectComment
from assistance.tests.cast import EVERYBODY, Cast
from assistance.tests.pages import errors_at, sign_in, words
from portal.tests.api import ApiClients
from web.exceptions import Forbidden, NotVisible

pytestmark = pytest.mark.django_db

TEAM = frozenset({"unodc", "iom"})
READERS = {"Kestrel": TEAM | {"carana", "observer"}, "Heron": TEAM | {"sumora"}}  # by text


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of two States that the whole Compact sees, commented on by each State."""
    states = [cast.org("carana"), cast.org("sumora")]
    row = cast.project(states=states, partners=[(cast.org("iom"), "implementing")])
    comments.add(actor=cast.carana, project=row.pk, text="Kestrel")
    comments.add(actor=cast.sumora, project=row.pk, text="Heron")
    return row


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", sorted(EVERYBODY - {"donor", "partner"}))
def test_a_comment_is_read_by_its_state_and_the_team(
    project: Project, cast: Cast, client: Client, api_clients: ApiClients, name: str
) -> None:
    sign_in(client, cast, name)
    page = words(client.get(reverse("project", args=[project.pk])))
    api = getattr(api_clients, name)
    listed = [one["text"] for one in api.get(f"projects/{project.pk}/comments/").json()["results"]]
    read = [text for text in READERS if name in READERS[text]]
    assert listed == read and [text for text in READERS if text in page] == read
    assert ("Comments" in page) == (bool(read) or name in ("carana", "sumora"))
    history = [event["event"] for event in api.get(f"projects/{project.pk}/").json()["history"]]
    assert history.count("project_commented") == len(read)


def test_lead_and_partners_are_told(project: Project, cast: Cast) -> None:
    told = Delivery.objects.filter(message="project_commented")
    assert set(told.values_list("recipient__name", flat=True)) == {"unodc", "iom"}


def test_only_states_of_the_project_comment(project: Project, cast: Cast, api_clients: ApiClients) -> None:
    path = f"projects/{project.pk}/comments/"
    for name in ("observer", "cted", "unodc", "iom"):
        assert getattr(api_clients, name).post(path, {"text": "Mine."}).status_code == 403, name
    elsewhere = cast.project(states=[cast.org("sumora")], is_restricted=True)
    imported = cast.project()
    imported.origin = "IOM"
    save_with_audience(imported, ["origin"])
    with pytest.raises(NotVisible):
        comments.add(actor=cast.sumora, project=elsewhere.pk, text="Mine.")
    with pytest.raises(Forbidden):
        comments.add(actor=cast.carana, project=imported.pk, text="Mine.")
    assert ProjectComment.objects.count() == 2
    assert api_clients.carana.post(path, {"text": "x" * 5_001}).status_code == 422
    assert api_clients.carana.post(path, {"text": "Heard."}).json()["organisation"] == "carana"


def test_a_state_comments_on_its_page(project: Project, cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    url = reverse("project-comment", args=[project.pk])
    form = words(client.get(url))
    assert "Kestrel" in form and "Heron" not in form
    assert errors_at(client.post(url, {"text": " "}), "text")
    assert errors_at(client.post(url, {"text": "x" * 5_001}), "text")
    answer = words(client.post(url, {"text": "لا دورة في نيسان."}, follow=True))
    assert "لا دورة في نيسان." in answer and "The lead and the partners have been told." in answer
    sign_in(client, cast, "observer")
    assert client.get(url).status_code == 403
    sign_in(client, cast, "unodc")
    assert "لا دورة في نيسان." in words(client.get(reverse("project", args=[project.pk])))
