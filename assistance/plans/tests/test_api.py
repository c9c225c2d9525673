"""The whole procedure of a roadmap over the API, and bad values with the field at which they are refused."""

from typing import Any

import pytest

from assistance.plans.tests import made
from assistance.tests.cast import Cast
from portal.tests.api import ApiClient, ApiClients, fields, token_of

pytestmark = pytest.mark.django_db


@pytest.mark.turns(days=3)
def test_a_roadmap_goes_its_way_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    cted, state, entity, other = api_clients.cted, api_clients.carana, api_clients.unodc, api_clients.iom
    made_plan = cted.post("plans/", made.body(cast))
    assert made_plan.status_code == 201, made_plan.data
    plan = f"plans/{made_plan.data['id']}/"
    body = {**made.step_body(cast), "plan": str(made_plan.data["id"]), "supporters": ["unodc"], "priority": "high"}
    step = f"steps/{cted.post('steps/', body).data['id']}/"
    assert other.get(step).status_code == 404 and other.get(plan).status_code == 404

    def run(client: Any, path: str, **values: Any) -> Any:
        answer = client.post(path, values)
        assert answer.status_code == 200, (path, answer.data)
        return answer.data

    assert run(cted, f"{plan}put-to-state/")["status"] == "with_state"
    run(state, f"{step}comment/", text="يرجى ذكر الوحدة.")
    assert run(state, f"{plan}comment/")["status"] == "draft"
    assert [one["text"] for one in cted.get(plan).data["comments"]] == ["يرجى ذكر الوحدة."]
    run(cted, f"{plan}put-to-state/")
    agreed = run(state, f"{plan}agree/")
    assert agreed["status"] == "agreed" and [one["number"] for one in agreed["editions"]] == [1]
    assert agreed["progress"] == {"claimed": 0, "verified": 0, "of": 1, "overdue": 0}
    refused = state.post(f"{step}finish/", {"evidence": "Done."})
    assert refused.status_code == 422 and fields(refused) == {"file"}
    answer = state.post(f"{step}finish/", {"evidence": "Done.", "file": made.file()}, format="multipart")
    assert answer.status_code == 200, answer.data
    assert entity.post(f"{step}verify/", {}).status_code == 403
    assert run(cted, f"{step}verify/", note="Seen.")["status"] == "verified"
    assert cted.get(plan).data["progress"] == {"claimed": 1, "verified": 1, "of": 1, "overdue": 0}
    (listed,) = state.get(f"{plan}steps/").data["results"]
    assert listed["status"] == "verified" and listed["supporters"] == ["unodc"]


def test_a_request_is_made_of_a_step_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    step = made.going_on(cast)
    answer = api_clients.carana.post(f"steps/{step.pk}/request-help/", {})
    assert answer.status_code == 201
    found = api_clients.carana.get(f"requests/{answer.data['request']}/").data
    assert (found["title"], found["beneficiary"], found["status"]) == (step.title, "Civil Aviation Authority", "draft")
    assert api_clients.carana.get(f"steps/{step.pk}/").data["requests"] == [answer.data["request"]]
    assert api_clients.cted.get(f"steps/{step.pk}/").data["requests"] == []
    assert api_clients.cted.post(f"steps/{step.pk}/request-help/", {}).status_code == 403
    alone = ApiClient(token_of(cast.users["carana"], ["steps:read", "steps:write"]))
    refused = alone.post(f"steps/{step.pk}/request-help/", {})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "scope_missing")


def test_steps_are_filtered_by_a_plan_that_is_seen(cast: Cast, api_clients: ApiClients) -> None:
    step = made.going_on(cast, "unodc")
    assert api_clients.carana.ids("steps", plan=str(step.plan_id)) == [str(step.pk)]
    outside = made.step(cast, made.national(cast), supporters=[cast.org("iom")])
    made.agreed(cast, outside.plan)
    assert api_clients.iom.get(f"steps/?plan={outside.plan_id}").status_code == 422
