"""Pages and API of consultations and rounds."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.consultations.models import Consultation, Round
from assistance.consultations.tests import rounds as made
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, statements, words
from portal.tests.api import ApiClients
from portal.tests.conftest import api_clients

pytestmark = pytest.mark.django_db
__all__ = ["api_clients"]


@pytest.mark.turns(2)
@pytest.mark.parametrize(("language", "closed"), [("en", "Closed"), ("ar", "مغلقة")])
def test_a_round_goes_by_pages_from_its_opening_to_the_comment(
    cast: Cast, client: Client, language: str, closed: str
) -> None:
    sign_in(client, cast, "cted", language)
    assert client.post(reverse("consultation-add"), made.form(cast)).status_code == 302
    row = Consultation.objects.get()
    step = reverse("round-add", args=[row.pk])
    sent = {
        "starts_on": "2026-03-04",
        "ends_on": "2026-03-02",
        "mode": "virtual",
        "participants": "Ministry",
        "language": "en",
    }
    assert errors_at(client.post(step, sent), "ends_on")
    assert client.post(step, {**sent, "ends_on": "2026-03-06"}).status_code == 302
    one = Round.objects.get()
    finding = {
        "framework": "operational", "theme": "border", "level": "not_assessed", "current_state": "Two of four.",
        "gap": "No unit.", "version": one.version,
    }  # fmt: skip
    assert client.post(reverse("round-finding", args=[one.pk]), finding).status_code == 302
    add = reverse("round-parameter", args=[one.pk])
    one.refresh_from_db()
    priority = {
        "name": "Airports connected",
        "unit": "number",
        "baseline": "N/A",
        "target": "4",
        "target_by": "2028-01-01",
    }
    refused = client.post(add, {**priority, "version": one.version})
    assert refused.status_code == 422 and "N/A" in refused.content.decode()
    assert errors_at(refused, "baseline")
    assert client.post(add, {**priority, "baseline": "2", "version": one.version}).status_code == 302
    stored = one.parameters.get()
    edit = reverse("parameter-edit", args=[stored.pk])
    one.refresh_from_db()
    assert client.get(edit).context["form"].initial["baseline"] == "2"
    changed = {**priority, "baseline": "3", "version": one.version}
    assert client.post(edit, changed).status_code == 302
    stored.refresh_from_db()
    assert stored.baseline == "3"
    assert client.post(reverse("round-transition", args=[one.pk, "close"])).status_code == 302
    assert closed in words(client.get(reverse("round", args=[one.pk])))
    sign_in(client, cast, "carana", language)
    assert client.post(reverse("round-transition", args=[one.pk, "comment"]), {"text": "In May."}).status_code == 302
    page = words(client.get(reverse("round", args=[one.pk])))
    assert "In May." in page and "Airports connected" in page
    assert "Airports connected" in words(client.get(reverse("consultation", args=[row.pk])))


def test_who_is_only_consulted_sees_the_consultation_and_no_round(cast: Cast, client: Client) -> None:
    row = made.closed(cast, made.opened(cast, made.consulted(cast)))
    sign_in(client, cast, "iom")
    assert client.get(reverse("consultation", args=[row.consultation_id])).status_code == 200
    assert client.get(reverse("round", args=[row.pk])).status_code == 404
    assert "Airports connected" not in words(client.get(reverse("consultation", args=[row.consultation_id])))
    sign_in(client, cast, "sumora")
    assert client.get(reverse("consultation", args=[row.consultation_id])).status_code == 404


def test_a_longer_round_takes_no_more_statements(cast: Cast, client: Client) -> None:
    short = made.filled(cast)
    long = made.filled(
        cast,
        findings=[made.finding(cast, current_state=f"State {number}.") for number in range(12)],
        parameters=[made.parameter(name=f"Indicator {number}") for number in range(12)],
    )
    sign_in(client, cast, "cted")
    counts = [statements(client, reverse("round", args=[row.pk])) for row in (short, short, long)]
    assert counts[1] == counts[2]


def test_the_whole_way_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    cted, state, team = api_clients.cted, api_clients.carana, api_clients.unodc
    made_row = cted.post("consultations/", made.body(cast))
    assert made_row.status_code == 201, made_row.data
    here = f"consultations/{made_row.data['id']}/"
    dates = {
        "consultation": made_row.json()["id"],
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-04",
        "mode": "virtual",
    }
    assert cted.post("rounds/", dates).status_code == 201
    assert cted.post("rounds/", dates).status_code == 409
    (row,) = cted.get("rounds/", {"consultation": made_row.data["id"]}).data["results"]
    there = f"rounds/{row['id']}/"
    assert cted.post(f"{there}close/").status_code == 409
    found = {"framework": "operational", "theme": "border", "current_state": "Two of four.", "gap": "No unit."}
    bad: Any = cted.patch(there, {"parameters": [{"name": "Airports", "unit": "percent", "baseline": "N/A"}]})
    assert bad.status_code == 422 and bad.data["errors"][0]["field"] == "parameters.0.baseline"
    priority = {"name": "Airports", "unit": "number", "baseline": "2", "target": "4", "target_by": "2028-01-01"}
    saved = cted.patch(there, {"findings": [found], "parameters": [priority]})
    assert saved.status_code == 200, saved.data
    again = cted.patch(there, {name: saved.json()[name] for name in ("findings", "parameters")})
    assert again.data["version"] == saved.data["version"]
    assert cted.post(f"{there}close/").data["status"] == "closed"
    assert state.post(f"{there}comment/", {"text": "In May."}).status_code == 200
    seen: dict[str, Any] = team.get(there).data
    assert seen["comments"][0]["text"] == "In May." and seen["parameters"][0]["target"] == "4"
    need = {
        "finding": str(seen["findings"][0]["id"]),
        "title": "A unit",
        "assistance_type": "training",
        "priority": "high",
    }
    assert team.post(f"{there}propose-need/", need).status_code == 403
    assert cted.post(f"{there}propose-need/", need).status_code == 200
    assert team.get(there).data["findings"][0]["need"] is None
    assert api_clients.iom.get(there).status_code == api_clients.sumora.get(here).status_code == 404
