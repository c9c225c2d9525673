"""The choice of messages in the API, and that it holds for messages about records."""

import pytest

from accounts.models import Delivery
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
