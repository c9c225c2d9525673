"""Deadlines in the API: the three lists, and what people do with one."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Delivery
from assistance.tests.cast import Cast
from assistance.workflow.models import Due
from portal.tests.api import ApiClients, fields


def test_a_deadline_is_reminded_of_waived_and_snoozed(cast: Cast, api_clients: ApiClients) -> None:
    due = Due.objects.get(match=cast.match("delivered"), kind="verify")
    carana, cted = api_clients.carana, api_clients.cted
    assert cted.ids("dues", whose="mine") == [str(due.pk)] == carana.ids("dues", whose="others")
    assert cted.ids("dues", whose="overdue") == [] == cted.ids("dues", whose="mine", kind="match_answer")
    row = carana.get(f"dues/{due.pk}/").json()
    assert (row["kind"], row["owed_by"], row["owed_to"]) == ("verify", "cted", "carana")
    assert row["match"] == str(due.match_id) and row["visit"] is None and not row["is_overdue"]
    assert row["transitions"] == ["nudge", "waive"]
    assert carana.post(f"dues/{due.pk}/nudge/").status_code == 200
    assert Delivery.objects.filter(message="due_nudged", recipient=cast.users["cted"]).exists()
    again = carana.post(f"dues/{due.pk}/nudge/")
    assert again.status_code == 409 and "A reminder was sent on" in again.content.decode()
    today = timezone.now().date()
    assert fields(cted.post(f"dues/{due.pk}/snooze/", {"until": str(today)})) == {"until"}
    later = str(today + timedelta(days=50))
    assert cted.post(f"dues/{due.pk}/snooze/", {"until": later}).json()["snoozed_until"] == later
    assert carana.get(f"dues/{due.pk}/").json()["snoozed_until"] is None
    assert cted.post(f"dues/{due.pk}/waive/", {"reason": "No."}).status_code == 403
    assert fields(carana.post(f"dues/{due.pk}/waive/")) == {"reason"}
    waived = carana.post(f"dues/{due.pk}/waive/", {"reason": "We saw it."}).json()
    assert waived["done_how"] == "waived" and waived["transitions"] == []
    assert waived["history"][-1]["reason"] == "We saw it." and carana.ids("dues", whose="others") == []


def test_a_hidden_deadline_is_an_absent_one(cast: Cast, api_clients: ApiClients) -> None:
    due = Due.objects.get(match=cast.match("delivered"), kind="verify")
    for step, body in (("nudge", {}), ("waive", {"reason": "x"}), ("snooze", {"until": "2099-01-01"})):
        hidden = api_clients.unodc.post(f"dues/{due.pk}/{step}/", body)
        absent = api_clients.unodc.post(f"dues/{cast.users['cted'].pk}/{step}/", body)
        assert hidden.status_code == absent.status_code == 404 and hidden.content == absent.content
