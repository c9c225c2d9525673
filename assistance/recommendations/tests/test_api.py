"""The whole procedure of a visit report over the API, by CTED and the State."""

from typing import Any

import pytest
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.recommendations.models import Rating
from assistance.recommendations.tests import reports
from assistance.tests.cast import Cast
from portal.tests.api import ApiClients, fields

pytestmark = pytest.mark.django_db


@pytest.mark.turns(days=3)
def test_the_whole_procedure_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    cted, state, other = api_clients.cted, api_clients.carana, api_clients.unodc
    visit = cast.section(cast.visit()).visit
    here = f"visits/{visit.pk}/"
    body = {
        "visit": str(visit.pk), "section": str(visit.sections.get().pk), "number": 1, "title": "Screening",
        "text": "Receive advance passenger information.", "theme": "border", "priority": "high",
        "needs": [str(cast.need().pk)],
    }  # fmt: skip
    made = cted.post("recommendations/", body)
    assert made.status_code == 201 and made.data["adopted_on"] is None
    there = f"recommendations/{made.data['id']}/"

    def step(client: Any, name: str, **values: Any) -> Any:
        answer = client.post(f"{here}{name}/", values)
        assert answer.status_code == 200, (name, answer.data)
        return answer.data

    assert step(cted, "send-draft")["stage"] == "draft_with_state"
    assert step(state, "observe", text="Twelve posts, not ten.")["stage"] == "observations_in"
    assert step(cted, "adopt")["stage"] == "adopted"
    final = step(cted, "send-final")
    assert final["stage"] == "final_sent" and final["report"]["reply_by"] > final["report"]["final_sent_on"]
    assert state.put(f"{there}responses/", {"said": "implemented"}).status_code == 422
    assert cted.put(f"{there}responses/", {"said": "planned"}).status_code == 403
    saved = state.put(f"{there}responses/", {"said": "under_way", "action": "A unit was set up."})
    assert saved.status_code == 200 and saved.data["status"] == "draft"
    assert cted.get(f"{there}responses/").data["results"] == []
    assert step(state, "reply")["stage"] == "reply_in"
    (said,) = cted.get(f"{there}responses/").data["results"]
    assert (said["said"], said["action"]) == ("under_way", "A unit was set up.")
    rated = cted.post(f"{there}rate/", {"rated": "not", "why": "No unit was found."})
    assert rated.status_code == 200
    (found,) = state.get(f"{there}ratings/").data["results"]
    assert (found["rated"], found["basis"]) == ("not", None)
    assert cted.get(f"{there}proposals/").data["results"] == []  # the need was put to the State with the final report
    assert state.get(f"{there}proposals/").status_code == 403
    seen = other.get(here).data
    assert seen["stage"] == "conducted" and seen["report"] is None
    assert other.get(there).status_code == other.get(f"{there}ratings/").status_code == 404
    assert [event["event"] for event in seen["history"]] == ["visit_recorded"]


def test_a_reader_of_the_recommendation_sees_no_reply_and_no_rating_over_the_api(
    cast: Cast, api_clients: ApiClients
) -> None:
    row = reports.replied(cast).recommendation
    reports.rated(cast, row, "not")
    consents.release(actor=cast.carana, rows=[row], audience="compact")
    client = api_clients.unodc
    assert client.get(f"recommendations/{row.pk}/").data["visit"] == row.visit_id
    for nested in ("responses", "ratings"):
        assert client.get(f"recommendations/{row.pk}/{nested}/").data["results"] == []
        assert client.get(f"{nested}/").data["results"] == []
    assert client.get(f"ratings/{Rating.objects.get().pk}/").status_code == 404


def test_lists_are_filtered_by_visit_state_and_recommendation(cast: Cast, api_clients: ApiClients) -> None:
    first, second = reports.replied(cast), reports.replied(cast)
    client = api_clients.cted
    for collection in ("recommendations", "observations", "responses"):
        assert len(client.get(f"{collection}/").data["results"]) == 2
        assert len(client.get(f"{collection}/?visit={first.visit_id}").data["results"]) == 1
        assert len(client.get(f"{collection}/?state=XCA").data["results"]) == 2
        assert client.get(f"{collection}/?state=XXX").status_code == 422
    assert len(client.get(f"responses/?recommendation={second.recommendation_id}").data["results"]) == 1


def test_a_letter_about_a_visit_is_recorded(cast: Cast) -> None:
    visit = reports.drafted(cast)
    path = f"visits/{visit.pk}/record-letter/"
    sent = {"letter": "draft-report", "number": "CTED/2026/7", "sent_on": str(timezone.now().date())}
    assert ApiClients(cast).cted.post(path, sent).status_code == 200
    wrong = ApiClients(cast).cted.post(path, {**sent, "letter": "acknowledge"})
    assert fields(wrong) == {"letter"}
