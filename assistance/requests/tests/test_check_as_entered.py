"""The check beside the form: from the first step on, and of what is entered and not saved yet."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.requests.forms import check_name, step_name
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import again, make
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from portal.tests.api import ApiClients

pytestmark = pytest.mark.django_db
WHAT = {
    "language": "en", "title": "Passenger data", "theme": "border", "assistance_types": ["training"],
    "deliverable": "A unit of twelve analysts who work in shifts at four airports.",
}  # fmt: skip


def met(answer: Any) -> set[str]:
    return {line.name for line in answer.context["check"].lines if line.is_met}


def test_a_new_request_has_the_check_beside_it(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    answer = client.get(reverse("assistance-request-add"))
    assert "How specific: 0 of 10" in words(answer) and met(answer) == set()


def test_what_could_not_be_saved_is_checked_as_entered(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    answer = client.post(reverse("assistance-request-add"), {**WHAT, "title": ""})
    assert answer.status_code == 422 and met(answer) == {"deliverable"}
    assert not AssistanceRequest.objects.exists()
    row = make(cast)
    step = reverse(step_name("how-much"), args=[row.pk])
    answer = client.post(step, {"quantity": "12", "unit": "people", "wanted_by_day": "31", "version": row.version})
    assert answer.status_code == 422 and "quantity" in met(answer) and again(row).quantity is None


def test_the_check_follows_the_form_and_saves_nothing(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    answer = client.post(reverse("request-check"), WHAT)
    assert answer.status_code == 200 and met(answer) == {"deliverable"} and not AssistanceRequest.objects.exists()
    assert answer.content.decode().lstrip().startswith('<section class="panel" id="check"')
    row = make(cast)
    address = reverse(check_name("how-much"), args=[row.pk])
    before = met(client.post(address, {}))
    assert met(client.post(address, {"quantity": "12", "unit": "people", "baseline": "0 of 4"})) - before == {
        "quantity", "baseline",
    }  # fmt: skip
    tried = reverse(check_name("tried"), args=[row.pk])
    assert "asked_elsewhere" in met(client.post(tried, {"asked_0_organisation": "iom", "asked_0_outcome": "pending"}))
    assert again(row).version == row.version and not row.asked_elsewhere.exists()
    assert address in client.get(reverse(step_name("how-much"), args=[row.pk])).content.decode()


def test_another_request_on_the_theme_that_is_entered_is_named(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    other = make(cast)
    sign_in(client, cast, "carana")
    for address in (reverse("request-check"), reverse("assistance-request-add")):
        assert other.reference in words(client.post(address, {**WHAT, "title": ""})), address
        assert other.reference not in words(client.post(address, {**WHAT, "theme": "", "title": ""})), address
    row = make(cast, theme=None)
    for name, step in ((check_name, "what"), (check_name, "how-much")):
        answer = client.post(reverse(name(step), args=[row.pk]), WHAT if step == "what" else {})
        assert (other.reference in words(answer)) == (step == "what")
    own = make(cast)
    assert other.reference in words(client.post(reverse(check_name("how-much"), args=[own.pk]), {"quantity": "1"}))
    found = api_clients.carana.post("requests/check/", {"theme": "border"}).json()["same_theme"]
    assert [one["reference"] for one in found] == [other.reference, own.reference]
    assert api_clients.carana.post("requests/check/", {}).json()["same_theme"] == []
    assert api_clients.sumora.post("requests/check/", {"theme": "border", "state": "XCA"}).json()["same_theme"] == []


def test_other_requests_on_the_theme_are_named_to_the_parties_alone(cast: Cast, api_clients: ApiClients) -> None:
    row, other = make(cast, "circulated"), make(cast, "circulated")
    draft = make(cast)
    for who, expected in (("carana", [other, draft]), ("cted", [other]), ("unoct", [other]), ("iom", [])):
        found = getattr(api_clients, who).get(f"requests/{row.pk}/").json()["same_theme"]
        assert [one["id"] for one in found] == [str(one.pk) for one in expected], who


def test_only_those_who_write_it_get_the_check(cast: Cast, client: Client) -> None:
    row = make(cast, "submitted")
    address = reverse(check_name("what"), args=[row.pk])
    for who, status, new in (("sumora", 404, 200), ("iom", 404, 403), ("cted", 403, 403), ("observer", 403, 403)):
        sign_in(client, cast, who)
        assert client.post(address, WHAT).status_code == status, who
        assert client.post(reverse("request-check"), WHAT).status_code == new, who
