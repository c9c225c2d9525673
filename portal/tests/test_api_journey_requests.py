"""The journey of a request over the API only: asked, circulated, answered by three providers, and two of them chosen."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from docx import Document

from assistance.requests.tests.requests import add_interpol
from assistance.tests.cast import Cast
from files.tests import samples
from portal.tests.api import ApiClient, ApiClients, fields
from portal.tests.test_api_journey import done, made

DRAFT = {
    "title": "Training", "theme": "border", "assistance_types": ["training"], "language": "ar",
    "deliverable": "وحدة من اثني عشر محللا يعملون بالتناوب في أربعة مطارات دولية.",
}  # fmt: skip
CONTACT = {"beneficiary": "Passenger Information Unit", "contact_name": "Amal Idris", "contact_phone": "1"}
SHARES = {"unodc": 60, "iom": 40, "interpol": 100}


@pytest.mark.turns(days=2)
def test_a_state_asks_and_chooses_two_of_three_providers(cast: Cast, api_clients: ApiClients) -> None:
    add_interpol(cast)
    state, unoct = api_clients.carana, api_clients.unoct

    # 1 · The State drafts it in two parts; nobody else sees the draft
    row = made(state.post("requests/", DRAFT))
    path = f"requests/{row['id']}"
    row = done(state.patch(f"{path}/", {**CONTACT, "version": row["version"]}))
    assert (row["title"], row["title_language"], row["contact_name"]) == ("Training", "ar", "Amal Idris")
    for client in (unoct, api_clients.cted, api_clients.unodc):
        assert client.get(f"{path}/").status_code == 404

    # 2 · What is missing is said line by line; two lines are filled in, and the rest is sent as it is
    much = {
        "quantity": 12, "unit": "people", "wanted_by": str(timezone.now().date() + timedelta(days=200)),
        "no_earlier_help": True, "audience_allowed": ["compact"], "version": row["version"],
    }  # fmt: skip
    row = done(state.patch(f"{path}/", much))
    assert unmet(row) == {"requirement", "baseline", "target", "asked_elsewhere"}
    assert row["specificity"]["missing"] == ["note_verbale"]
    assert state.post(f"{path}/submit/").status_code == 409
    row = done(state.post(f"{path}/attach-note/", {"note_verbale": samples.note()}, format="multipart"))
    measured = {"baseline": "0 of 4 airports", "target": "4 of 4 airports", "version": row["version"]}
    row = done(state.patch(f"{path}/", measured))
    assert unmet(row) == {"requirement", "asked_elsewhere"} and row["specificity"]["met"] == 8
    assert done(state.post(f"{path}/submit/"))["status"] == "submitted"

    # 3 · UNOCT authenticates and acknowledges it, and draws up the letter in Arabic
    assert unoct.post(f"{path}/circulate/").status_code == 409, "it is not authenticated"
    assert fields(unoct.post(f"{path}/authenticate/")) == {"how"}
    done(unoct.post(f"{path}/authenticate/", {"how": "By telephone."}))
    done(unoct.post(f"{path}/acknowledge/"))
    letter = unoct.get(f"{path}/letter/", {"kind": "acknowledgement", "language": "ar"})
    text = "\n".join(one.text for one in Document(io.BytesIO(letter.content)).paragraphs)
    assert row["reference"] in text and "الأمانة العامة للأمم المتحدة" in text

    # 4 · No objection; it is circulated to those whom the State allows, and to nobody else
    assert unoct.post(f"{path}/circulate/").status_code == 409, "the State may still object"
    done(state.post(f"{path}/no-objection/"))
    for wider in (["donors"], ["compact", "states"], ["unodc", "sumora"]):
        assert fields(unoct.post(f"{path}/circulate/", {"audience": wider})) == {"audience"}, wider
    assert api_clients.unodc.get(f"{path}/").status_code == 404
    assert done(unoct.post(f"{path}/circulate/", {"audience": ["compact"]}))["status"] == "circulated"

    # 5 · UNODC asks; IOM reads question and answer, and not who asked
    done(api_clients.unodc.post(f"{path}/ask/", {"text": "Which systems do you use?"}))
    (question,) = state.get(f"{path}/questions/").json()["results"]
    done(state.post(f"{path}/answer/", {"question": question["id"], "answer": "One national system."}))
    (read,) = api_clients.iom.get(f"{path}/questions/").json()["results"]
    assert (read["text"], read["answer"]) == ("Which systems do you use?", "One national system.")
    assert (question["asked_by"], read["asked_by"]) == ("unodc", None)

    # 6 · Three offer; the State compares and chooses two at once, and the third is told
    (need,) = done(api_clients.unodc.get(f"{path}/"))["needs"]
    offered = {name: offer(getattr(api_clients, name), need, share) for name, share in SHARES.items()}
    compared = state.get(f"{path}/comparison/").json()["results"]
    assert {line["provider"]: line["share"] for line in compared} == SHARES
    assert api_clients.unodc.get(f"{path}/comparison/").status_code == 403
    assert api_clients.unodc.ids("matches", need=need) == [offered["unodc"]], "others' offers are hidden"
    too_much = {"matches": [offered["interpol"], offered["iom"]]}
    assert state.post(f"{path}/choose/", too_much).status_code == 409
    assert {match["status"] for match in state.get("matches/", {"need": need}).json()["results"]} == {"proposed"}
    choice = {"matches": [offered["unodc"], offered["iom"]], "decline_others": True}
    assert done(state.post(f"{path}/choose/", choice))["status"] == "provider_chosen"
    for name, status in (("unodc", "accepted"), ("iom", "accepted"), ("interpol", "declined")):
        client = getattr(api_clients, name)
        assert done(client.get(f"matches/{offered[name]}/"))["status"] == status, name
        assert f"match_{status}" in told(client), name
    loser = done(api_clients.interpol.get(f"matches/{offered['interpol']}/"))
    assert loser["answer_reason_code"] == "another_chosen"

    # 8 · The State withdraws it: providers get "not found"
    assert done(state.post(f"{path}/withdraw/", {"reason": "Solved by ourselves."}))["outcome"] == "withdrawn"
    for client in (api_clients.unodc, api_clients.interpol):
        assert client.get(f"{path}/").status_code == 404 and client.get(f"needs/{need}/").status_code == 404
        assert client.ids("requests") == []


def unmet(row: dict[str, Any]) -> set[str]:
    """Return the names of the lines of the check that are not met."""
    return {line["name"] for line in row["specificity"]["lines"] if not line["is_met"]}


def offer(client: ApiClient, need: str, share: int) -> str:
    """Return the id of a new proposal of a provider."""
    return str(made(client.post("matches/", {"need": need, "share": share}))["id"])


def told(client: ApiClient) -> set[str]:
    """Return the messages that somebody finds in the portal."""
    answer: Any = client.get("notifications/")
    return {row["message"] for row in answer.json()["results"]}
