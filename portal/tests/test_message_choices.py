"""The choice of messages in the API, and that it holds for messages about records."""

from uuid import uuid4

import pytest

from accounts.models import Delivery
from assistance.consents import transitions as consents
from assistance.needs import transitions as needs
from assistance.tests.cast import Cast
from portal.tests.api import ApiClients, fields

pytestmark = pytest.mark.django_db


def test_a_client_chooses_messages(cast: Cast, api_clients: ApiClients) -> None:
    client = api_clients.carana
    rows = client.get("me/messages/").json()
    assert {row["means"] for row in rows} == {"both"}
    names = [row["message"] for row in rows]
    assert len(names) == len(set(names)) > 40 and "password_changed" not in names
    assert all(row["text"] and "%" not in row["text"] for row in rows)
    rows = client.patch("me/messages/", {"need_put_to_state": "none", "match_accepted": "portal"}).json()
    assert {row["message"]: row["means"] for row in rows if row["means"] != "both"} == {
        "need_put_to_state": "none",
        "match_accepted": "portal",
    }
    answer = client.patch("me/messages/", {"need_put_to_state": "loudly", "no_such": "none"})
    assert answer.status_code == 422 and fields(answer) == {"need_put_to_state", "no_such"}
    assert client.patch("me/messages/", {"need_put_to_state": "both"}).status_code == 200


def test_what_asks_to_act_stays_in_the_portal(cast: Cast, api_clients: ApiClients) -> None:
    api_clients.carana.patch("me/messages/", {"need_put_to_state": "none", "need_agreed": "none"})
    need = cast.need("draft")
    needs.put_to_state(actor=cast.cted, need=need.pk)
    told = Delivery.objects.filter(recipient=cast.users["carana"], subject=f"need:{need.pk}")
    assert list(told.values_list("message", "channel", "needs_action")) == [("need_put_to_state", "portal", True)]


def test_every_message_has_a_title_in_each_language(api_clients: ApiClients) -> None:
    for language in ("ar", "zh", "fr", "ru", "es"):
        rows = api_clients.cted.get("me/messages/", HTTP_ACCEPT_LANGUAGE=language).json()
        assert all(row["text"].strip() and "%(" not in row["text"] for row in rows), language


# ── What a client follows ────────────────────────────────────────────────────
def test_a_client_follows_what_it_sees(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    topics = {f"need:{need.pk}": "followed", f"state:{need.state_id}": "muted", "theme:border": "followed"}
    rows = api_clients.iom.patch("me/following/", topics).json()
    assert {row["topic"]: row["choice"] for row in rows} == topics
    assert rows[0]["text"].startswith("Screening at borders") and rows[0]["url"] == need.get_absolute_url()
    rows = api_clients.iom.patch("me/following/", {"theme:border": "usual"}).json()
    assert [row["topic"] for row in rows] == list(topics)[:2]
    consents.withdraw(actor=cast.carana, rows=[need])
    assert [row["topic"] for row in api_clients.iom.get("me/following/").json()] == [f"state:{need.state_id}"]


def test_a_client_does_not_follow_what_is_hidden_or_absent(cast: Cast, api_clients: ApiClients) -> None:
    hidden = cast.need("draft")
    said = []
    for key in (hidden.pk, uuid4()):
        answer = api_clients.iom.patch("me/following/", {f"need:{key}": "followed"})
        assert fields(answer) == {f"need:{key}"}
        said.append(answer.content.decode().replace(str(key), "KEY"))
    assert said[0] == said[1]
    assert api_clients.cted.patch("me/following/", {f"need:{hidden.pk}": "loudly"}).status_code == 422
    assert api_clients.iom.get("me/following/").json() == []
