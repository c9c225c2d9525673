"""The path of one need over the API only: steps 2 to 7 of the main job, each by the user who has to take it."""

import json
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.models import Delivery
from assistance.consents.models import Consent
from assistance.tests.cast import Cast
from assistance.workflow import announcements
from files.tests import samples
from portal.tests.api import COLLECTIONS, ApiClient, ApiClients

NEED = {
    "state": "XCA", "title": "Screening at borders", "description": "No advance passenger information is received.",
    "theme": "border", "pillar": "II", "assistance_type": "training", "priority": "high",
    "priority_reason": "Named by the Committee.",
}  # fmt: skip
OFFER = {
    "title": "Training at borders", "description": "Courses.", "themes": ["border"], "assistance_types": ["training"],
    "for_states": ["XCA"], "for_regions": ["002"], "places": 30, "amount": "5000.50", "currency": "USD",
    "working_languages": ["ar", "zh"], "closes_on": "2099-12-31",
}  # fmt: skip


def visit_body(**values: Any) -> dict[str, Any]:
    return {
        "state": "XCA", "kind": "comprehensive", "mode": "on_site", "starts_on": "2026-01-10", "ends_on": "2026-01-14",
        **values,
    }  # fmt: skip


def made(answer: Any) -> dict[str, Any]:
    """Return the row created by a POST to a collection, and check that it is at the URL in the response."""
    assert answer.status_code == 201, answer.content
    row: dict[str, Any] = answer.json()
    assert answer["Location"].endswith(f"/{row['id']}/")
    return row


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    row: dict[str, Any] = answer.json()
    return row


@pytest.mark.turns(days=3)
def test_a_need_travels_from_finding_to_verified_and_back(cast: Cast, api_clients: ApiClients) -> None:
    # 2 · CTED records the visit, its report and a need, puts it to the State and asks consent
    visit = made(api_clients.cted.post("visits/", visit_body(delegation=["unodc"])))
    assert visit["delegation"] == ["unodc"] and visit["stage"] == "conducted"
    assert visit["transitions"] == ["record-letter", "cancel"]
    first, second = (
        made(
            api_clients.cted.post(
                "sections/", {"visit": visit["id"], "number": n, "title": f"Part {n}", "text": "Found."}
            )
        )
        for n in (1, 2)
    )
    need = made(api_clients.cted.post("needs/", {**NEED, "visit": visit["id"], "section": first["id"]}))
    assert (need["status"], need["source"], need["section"]) == ("draft", "visit", first["id"])
    assert need["transitions"] == ["put-to-state", "close"]
    assert api_clients.carana.get(f"needs/{need['id']}/").status_code == 404
    done(api_clients.cted.post(f"needs/{need['id']}/put-to-state/"))
    asked = done(api_clients.cted.post(f"visits/{visit['id']}/ask-consent/"))
    assert asked["consent_state"] == "asked"

    # 3 · The State is notified, reads, agrees, and releases chosen sections and needs with a note verbale
    messages = [row["message"] for row in api_clients.carana.get("notifications/").json()["results"]]
    assert {"need_put_to_state", "consent_asked"} <= set(messages)
    assert done(api_clients.carana.post(f"needs/{need['id']}/agree/"))["status"] == "agreed"
    note = samples.note()
    until = (timezone.now().date() + timedelta(days=365)).isoformat()
    body = {"audience": "compact", "until": until, "note_verbale": note}
    shared = done(api_clients.carana.post(f"needs/{need['id']}/share/", body, format="multipart"))
    assert shared["status"] == "shared" and "withdraw" in shared["transitions"]
    assert shared["who_can_see"]["until"] == until and len(shared["who_can_see"]["organisations"]) >= 5
    done(api_clients.carana.post(f"sections/{second['id']}/share/", {"audience": ["unodc", "unoct"]}))
    consent = api_clients.carana.get("consents/", {"need": need["id"]}).json()["results"][0]
    assert (consent["audience"], consent["needs"]) == (["compact"], [need["id"]])
    file = api_clients.cted.get(f"consents/{consent['id']}/note-verbale/")
    assert b"(note) Tj" in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert file["Content-Disposition"] == 'attachment; filename="note.pdf"'

    # 4 · The entity is notified, finds the need, sees only the released section, and proposes its offer
    announcements.announce_waiting()
    assert "need_shared" in [row["message"] for row in api_clients.unodc.get("notifications/").json()["results"]]
    for query in ({"q": "passenger"}, {"state": "XCA"}, {"region": "002"}, {"theme": "border", "status": "shared"}):
        assert api_clients.unodc.ids("needs", **query) == [need["id"]], query
    seen = done(api_clients.unodc.get(f"needs/{need['id']}/"))
    assert (seen["visit"], seen["section"], seen["transitions"]) == (visit["id"], None, [])
    assert api_clients.unodc.ids("sections") == [second["id"]] and api_clients.iom.ids("sections") == []
    assert [s["id"] for s in done(api_clients.unodc.get(f"visits/{visit['id']}/"))["sections"]] == [second["id"]]
    offer = made(api_clients.unodc.post("offers/", OFFER))
    assert (offer["provider"], offer["working_languages"], offer["amount"]) == ("unodc", ["ar", "zh"], "5000.50")
    done(api_clients.unodc.post(f"offers/{offer['id']}/publish/"))
    (ranked,) = api_clients.unodc.get(f"needs/{need['id']}/offers/").json()["results"]
    assert ranked["offer"]["id"] == offer["id"] and ranked["points"] >= 80
    assert {"theme", "assistance_type", "state_named"} <= {reason["code"] for reason in ranked["reasons"]}
    match = made(
        api_clients.unodc.post(
            "matches/", {"need": need["id"], "offer": offer["id"], "share": 60, "message": "In May."}
        )
    )
    assert (match["status"], match["transitions"]) == ("proposed", ["retract"])
    assert done(api_clients.unodc.get(f"needs/{need['id']}/"))["status"] == "under_consideration"

    # 5 · The State accepts; both sides, CTED and UNOCT are notified
    assert api_clients.carana.get(f"matches/{match['id']}/").json()["transitions"] == ["accept", "decline"]
    assert done(api_clients.carana.post(f"matches/{match['id']}/accept/"))["status"] == "accepted"
    told = set(Delivery.objects.filter(message="match_accepted").values_list("recipient__name", flat=True))
    assert told == {"unodc", "cted", "unoct"}
    assert done(api_clients.iom.get(f"needs/{need['id']}/"))["status"] == "matched_in_part"

    # 6 · Delivery is reported, CTED verifies, the coverage and the history show it
    done(api_clients.unodc.post(f"matches/{match['id']}/start/"))
    done(
        api_clients.unodc.post(
            f"matches/{match['id']}/deliver/",
            {"note": "Two courses held.", "trained_women": 14, "trained_men": 9, "documents": "Two attendance lists."},
        )
    )
    body = {"outcome": "partly_met", "share": 40, "note": "Half of it."}
    verified = done(api_clients.cted.post(f"needs/{need['id']}/verify/", body))
    assert verified["status"] == "partly_met"
    assert verified["coverage"] == {"claimed": 40, "confirmed": 40, "verified": 40, "open": 60}
    assert [m["verified_share"] for m in verified["matches"]] == [40]
    verbs = [event["event"] for event in verified["history"]]
    assert verbs[0] == "need_recorded" and verbs[-1] == "need_verified" and "match_accepted" in verbs

    # 7 · The State withdraws: from the next request on everyone else gets "not found", on pages and in the API
    withdrawn = done(api_clients.carana.post(f"needs/{need['id']}/withdraw/", {"reason": "New talks."}))
    assert withdrawn["status"] == "partly_met" and "withdraw" not in withdrawn["transitions"]
    for api_client in (api_clients.unodc, api_clients.iom, api_clients.unoct, api_clients.sumora, api_clients.partner):
        assert api_client.get(f"needs/{need['id']}/").status_code == 404
        assert api_client.get(f"matches/{match['id']}/").status_code == 404
        assert api_client.get(f"needs/{need['id']}/offers/").status_code == 404
        assert (
            api_client.ids("needs") == []
            and api_client.ids("needs", q="passenger") == []
            and api_client.ids("matches") == []
        )
        assert api_client.post("matches/", {"need": need["id"]}).status_code in (422, 403)
    assert api_clients.cted.get(f"needs/{need['id']}/").status_code == 200


def test_several_needs_and_sections_are_released_by_one_consent(cast: Cast, api_clients: ApiClients) -> None:
    visit = cast.visit()
    sections = [str(cast.section(visit, n).pk) for n in (1, 2)]
    needs = [str(cast.need("agreed").pk) for _n in range(2)]
    body = {"needs": needs, "sections": sections, "audience": ["iom", "compact"], "until": "2099-12-31"}
    consent = made(api_clients.carana.post("consents/", body))
    assert (consent["decision"], consent["audience"]) == ("granted", ["compact", "iom"])
    assert sorted(consent["needs"]) == sorted(needs) and sorted(consent["sections"]) == sorted(sections)
    assert set(api_clients.iom.ids("needs")) == set(needs)
    assert api_clients.iom.ids("consents") == [] and api_clients.unoct.ids("consents") == []
    assert api_clients.iom.get(f"consents/{consent['id']}/").status_code == 404
    assert api_clients.iom.post("consents/", body).status_code == 403
    assert Consent.objects.count() == 1


def test_cted_suggests_and_each_side_answers_for_itself(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    match = made(api_clients.cted.post("matches/", {"need": str(need.pk), "provider": "iom", "share": 50}))
    path = f"matches/{match['id']}"
    assert match["status"] == "suggested" and match["suggested_by_cted"]
    assert api_clients.carana.post(f"{path}/accept/").status_code == 403
    assert done(api_clients.iom.post(f"{path}/accept/"))["status"] == "proposed"
    assert api_clients.carana.post(f"{path}/decline/").status_code == 422
    declined = done(api_clients.carana.post(f"{path}/decline/", {"reason": "Another time."}))
    assert (declined["status"], declined["answer_reason"], declined["transitions"]) == ("declined", "Another time.", [])


def test_projects_are_kept_here_with_their_partners_and_needs(cast: Cast, api_clients: ApiClients) -> None:
    shared, hidden = cast.need("shared"), cast.need("agreed")
    body = {
        "title": "Safer borders", "status": "ongoing", "states": ["XCA"], "regions": ["002"], "themes": ["border"],
        "partners": [{"organisation": "iom", "role": "funding"}, {"organisation": "iom", "role": "funding"}],
        "needs": [str(shared.pk)], "budget": "1000000.00", "currency": "EUR", "planned_start": "2026-01-01",
    }  # fmt: skip
    project = made(api_clients.unodc.post("projects/", body))
    assert (project["lead"], project["needs"], project["states"]) == ("unodc", [str(shared.pk)], ["XCA"])
    assert project["partners"] == [{"organisation": "iom", "name": "Iom", "role": "funding"}]
    assert api_clients.carana.get(f"projects/{project['id']}/").json()["needs"] == [str(shared.pk)]
    hidden_answer = api_clients.unodc.patch(f"projects/{project['id']}/", {"needs": [str(hidden.pk)]})
    assert hidden_answer.status_code == 422 and hidden_answer.json()["errors"][0]["field"] == "needs.0"
    assert done(api_clients.unodc.patch(f"projects/{project['id']}/", {"partners": []}))["partners"] == []
    assert api_clients.iom.patch(f"projects/{project['id']}/", {"title": "Mine"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_program_needs_nothing_but_its_token(live_server: LiveServer) -> None:
    cast = Cast()
    token = ApiClients(cast).token("cted")

    def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        connection = HTTPConnection(live_server.url.removeprefix("http://"), timeout=20)
        connection.request(method, f"/api/v1/{path}", data, headers)
        answer = connection.getresponse()
        return answer.status, json.load(answer)

    status, need = call("POST", "needs/", {**NEED, "language": "fr", "title": "Contrôle aux frontières"})
    assert (status, need["title_language"], need["translations"]["title"]) == (
        201,
        "fr",
        {"fr": "Contrôle aux frontières"},
    )
    assert call("POST", f"needs/{need['id']}/put-to-state/")[1]["status"] == "put_to_state"
    assert call("PATCH", f"needs/{need['id']}/", {"priority": "low", "version": 2})[1]["priority"] == "low"
    assert [row["id"] for row in call("GET", "needs/?q=fronti%C3%A8re")[1]["results"]] == [need["id"]]


def test_every_collection_is_listed_at_the_root(api_clients: ApiClients) -> None:
    names = set(api_clients.unodc.get("").json())
    reference = {"member-states", "organisations", "regions", "pillars", "themes", "instruments", "programmes"}
    ours = {"notifications", "appointments", "directory", "releases", "access-log"}
    assert names == {*COLLECTIONS, *reference, "working-groups", *ours}
    assert ApiClient().get("").status_code == 401
