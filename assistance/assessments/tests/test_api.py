"""The API of assessments: recording with findings, steps, errors at their fields, comments."""

from typing import Any

import pytest

from assistance.assessments.models import Assessment
from assistance.assessments.tests import assessments as made
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from portal.tests.api import ApiClients, fields

pytestmark = pytest.mark.django_db


def test_an_entity_records_an_assessment_with_its_findings(cast: Cast, api_clients: ApiClients) -> None:
    answer = api_clients.iom.post("assessments/", made.body(cast, instruments=[]))
    assert answer.status_code == 201
    told = answer.json()
    assert (told["entity"], told["state"], told["status"], told["themes"]) == ("iom", "XCA", "planned", ["border"])
    (finding,) = told["findings"]
    assert (finding["framework"], finding["is_gap"], finding["need"]) == ("operational", True, None)
    other = {"theme": "border", "framework": "legislative", "text": "No law."}
    again = [{**finding, "text": "Screened at night only."}, other]
    answer = api_clients.iom.patch(f"assessments/{told['id']}/", {"findings": again})
    assert answer.status_code == 200 and answer.json()["findings"][0]["id"] == finding["id"]
    assert answer.json()["version"] == 2


@pytest.mark.parametrize(
    ("findings", "at"),
    [
        ([{"theme": "border"}], {"findings.0.framework", "findings.0.text"}),
        ([{"theme": "zzz", "framework": "operational", "text": "x"}], {"findings.0.theme"}),
        ([{"theme": "border", "framework": "operational", "text": "x", "id": "nonsense"}], {"findings.0.id"}),
        ([{"theme": "border", "framework": "operational", "text": "x\0"}], {"findings.0.text"}),
        ("nothing", {"findings"}),
    ],
)
def test_errors_of_findings_are_said_at_their_place(
    cast: Cast, api_clients: ApiClients, findings: Any, at: set[str]
) -> None:
    row = made.assessment(cast)
    answer = api_clients.unodc.patch(f"assessments/{row.pk}/", {"findings": findings})
    assert answer.status_code == 422 and fields(answer) == at
    row.refresh_from_db()
    assert row.version == 1


def test_the_steps_of_an_assessment(cast: Cast, api_clients: ApiClients) -> None:
    row = made.assessment(cast)
    own = api_clients.unodc
    assert own.post(f"assessments/{row.pk}/finish/").status_code == 409
    assert own.post(f"assessments/{row.pk}/start/", {"version": row.version}).json()["status"] == "under_way"
    assert own.post(f"assessments/{row.pk}/finish/", {"version": row.version}).status_code == 409, "stale"
    assert own.post(f"assessments/{row.pk}/finish/").json()["status"] == "done"
    assert api_clients.carana.post(f"assessments/{row.pk}/start/").status_code == 403
    assert api_clients.iom.post(f"assessments/{row.pk}/start/").status_code == 404


def test_cted_makes_a_need_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    row = made.released(cast)
    (finding,) = api_clients.cted.get(f"assessments/{row.pk}/").json()["findings"]
    body = {"finding": finding["id"], "title": "Screening", "assistance_type": "training", "priority": "high"}
    answer = api_clients.cted.post(f"assessments/{row.pk}/propose-need/", body)
    need = Need.objects.get()
    assert answer.status_code == 200 and answer.json()["findings"][0]["need"] == str(need.pk)
    assert api_clients.iom.get(f"assessments/{row.pk}/").json()["findings"][0]["need"] is None
    assert api_clients.cted.post(f"assessments/{row.pk}/propose-need/", body).status_code == 409


def test_comments_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    row = made.public(cast)
    path = f"assessments/{row.pk}/comments/"
    assert api_clients.carana.post(path, {"text": "We disagree."}).status_code == 201
    assert api_clients.unodc.post(path, {"text": "Why?"}).status_code == 201
    assert [one["text"] for one in api_clients.observer.get(path).json()["results"]] == ["We disagree.", "Why?"]
    assert api_clients.observer.post(path, {"text": "Mine."}).status_code == 403
    assert api_clients.iom.post(path, {"text": "Mine."}).status_code == 403
    assert api_clients.carana.post(path, {"text": "x" * 5_001}).status_code == 422


def test_the_search_finds_what_the_reader_may_read(cast: Cast, api_clients: ApiClients) -> None:
    made.public(cast, title="Kestrels at airports")
    made.assessment(cast, title="Kestrels at ports")
    assert len(api_clients.iom.ids("assessments", q="kestrels")) == 1
    assert len(api_clients.unodc.ids("assessments", q="kestrels")) == 2
    assert Assessment.objects.count() == 2
