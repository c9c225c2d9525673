"""Who sees the line and who the text of an assessment: on pages, in the API and in the database."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.access import policy
from assistance.access.audiences import drift
from assistance.assessments import comments, transitions
from assistance.assessments.models import Assessment, AssessmentLine, Comment
from assistance.assessments.tests import assessments as made
from assistance.assessments.tests.cases import PARTIES
from assistance.consents import transitions as consents
from assistance.tests.cast import COMPACT, EVERYBODY, Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import editing
from portal.tests.api import ApiClient, ApiClients, token_of
from web.exceptions import Conflict, NotVisible

pytestmark = pytest.mark.django_db
SECRETS = ("Kestrel", "Heron", "Plover", "reports.example.org")


def secret(cast: Cast, make: Any = made.assessment, **changes: Any) -> Assessment:
    """Return an assessment with texts that no line holds."""
    found = [made.finding(cast, text="Plover")]
    return make(cast, title="Kestrel", summary="Heron", findings=found, **changes)


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_the_compact_sees_the_line_and_not_the_text(cast: Cast, client: Client, name: str) -> None:
    cast.add_donor()
    row = secret(cast)
    year = row.ends_on.year
    sign_in(client, cast, name)
    page = client.get(reverse("assessments"))
    text = words(page)
    listed = name in PARTIES | COMPACT
    assert (f"CaranaUNODCAuditBordersecurity{year}" in text.replace(" ", "")) == listed, text
    line = client.get(reverse("assessment-line", args=[made.line(row).pk]))
    assert line.status_code == (200 if listed else 404)
    api = ApiClient(token_of(cast.users[name]))
    answer = api.get("assessment-lines/").json()["results"]
    seen = {
        "id": str(made.line(row).pk), "assessment": str(row.pk) if name in PARTIES else None, "entity": "unodc",
        "state": "XCA", "kind": "audit", "themes": ["border"], "year": year, "same_as": None,
    }  # fmt: skip
    assert [{**one, "modified_at": None} for one in answer] == ([{**seen, "modified_at": None}] if listed else [])
    status = 200 if name in PARTIES else 404
    assert client.get(reverse("assessment", args=[row.pk])).status_code == status
    assert api.get(f"assessments/{row.pk}/").status_code == status
    everything = text + words(line) + str(answer)
    if name not in PARTIES:
        hidden = [*SECRETS, row.reference, str(row.pk), str(row.starts_on), "planned", "Planned"]
        assert not [word for word in hidden if word in everything]


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_a_public_report_is_read_by_the_compact(cast: Cast, client: Client, name: str) -> None:
    cast.add_donor()
    row = secret(cast, made.public)
    sign_in(client, cast, name)
    page = client.get(reverse("assessment", args=[row.pk]))
    assert page.status_code == (200 if name in PARTIES | COMPACT else 404)
    assert ("Plover" in words(page)) == (name in PARTIES | COMPACT)


def test_a_release_opens_the_text_and_a_withdrawal_closes_it(cast: Cast) -> None:
    row = made.assessment(cast, "done")
    assert not policy.visible(cast.iom, Assessment)
    consents.release(actor=cast.carana, rows=[row], audience=["iom", "searcct"])
    assert policy.visible(cast.iom, Assessment).get() == row and policy.visible(cast.partner, Assessment).get() == row
    assert policy.visible(cast.partner, AssessmentLine).get() == made.line(row), "who reads the text sees the line"
    assert not policy.visible(cast.cted, Assessment), "CTED, too, reads it only by the State's consent"
    row.refresh_from_db()
    consents.withdraw(actor=cast.carana, rows=[row])
    assert not policy.visible(cast.iom, Assessment) and not policy.visible(cast.partner, AssessmentLine)
    assert policy.visible(cast.iom, AssessmentLine).get() == made.line(row)


def test_a_published_assessment_is_not_released_besides(cast: Cast) -> None:
    row = made.public(cast)
    with pytest.raises(Conflict, match="published"):
        consents.release(actor=cast.carana, rows=[row])


def test_a_consent_that_has_ended_does_not_close_a_published_assessment(cast: Cast) -> None:
    row = made.assessment(cast, "done")
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        consents.release(actor=cast.carana, rows=[row], until=timezone.now().date() + timedelta(days=2))
    public = {"is_public": True, "public_link": "https://reports.example.org/1"}
    row = editing.edit(actor=cast.unodc, model=Assessment, pk=row.pk, values=public)
    assert row.ends_at is None and policy.visible(cast.iom, Assessment).get() == row


def test_a_cancelled_assessment_is_seen_by_its_entity_and_its_state(cast: Cast) -> None:
    row = made.public(cast, "planned")
    transitions.cancel(actor=cast.unodc, assessment=row.pk, reason="Postponed.")
    for model in (Assessment, AssessmentLine):
        seen = {name for name in sorted(EVERYBODY - {"donor"}) if policy.visible(getattr(cast, name), model).exists()}
        assert seen == PARTIES


def test_the_line_keeps_its_version_where_only_the_text_changes(cast: Cast) -> None:
    row = made.assessment(cast)
    before = made.line(row)
    editing.edit(actor=cast.unodc, model=Assessment, pk=row.pk, values={"summary": "Changed."})
    same = made.line(row)
    assert (same.version, same.modified_at) == (before.version, before.modified_at)
    editing.edit(actor=cast.unodc, model=Assessment, pk=row.pk, values={"kind": "other"})
    assert (made.line(row).version, made.line(row).kind) == (2, "other")


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", sorted(EVERYBODY - {"donor"}))
def test_comments_are_read_by_the_two_sides_alone(
    cast: Cast, client: Client, api_clients: ApiClients, name: str
) -> None:
    row = made.public(cast)
    comments.add(actor=cast.carana, assessment=row.pk, text="Kestrel")
    sign_in(client, cast, name)
    assert ("Kestrel" in words(client.get(reverse("assessment", args=[row.pk])))) == (name in PARTIES)
    answer = getattr(api_clients, name).get(f"assessments/{row.pk}/comments/")
    assert answer.status_code == (200 if name in PARTIES else 403 if name in COMPACT else 404)
    history = getattr(api_clients, name).get(f"assessments/{row.pk}/").json().get("history", [])
    assert ("assessment_commented" in {event["event"] for event in history}) == (name in PARTIES)


def test_only_the_two_sides_comment(cast: Cast) -> None:
    row = made.public(cast)
    for name in ("iom", "cted", "observer"):
        assert policy.acting_as(getattr(cast, name), "entity_or_state", row) is None
    with pytest.raises(NotVisible):
        comments.add(actor=cast.sumora, assessment=row.pk, text="Mine")
    assert not Comment.objects.exists()


def test_stored_audiences_are_the_computed_ones(cast: Cast) -> None:
    made.released(cast, audience=["searcct"])
    made.public(cast)
    transitions.cancel(actor=cast.unodc, assessment=made.assessment(cast).pk, reason="Postponed.")
    assert list(drift(mend=False)) == []
