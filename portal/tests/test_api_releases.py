"""Releases over the API: at once by one user, or proposed by one and confirmed by another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assistance.consents import transitions as consents
from assistance.consents import two_person
from assistance.consents.models import Consent
from assistance.tests.cast import MEMBERS, Cast, appoint, hashed
from assistance.tests.reports import reported_visit, second
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from entities.models import Role
from portal.tests.api import ApiClients, fields


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return reported_visit(cast)


@pytest.fixture
def two(cast: Cast) -> None:
    """Require two persons for releases of carana, and give it a second user: deputy."""
    cast.users["deputy"] = User.objects.create(email="deputy@carana.example", name="deputy", password=hashed())
    appoint(cast.users["deputy"], cast.org("carana"), Role.ALTERNATE)
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))


def test_what_takes_two_persons_is_accepted_and_confirmed_by_another(
    cast: Cast, api_clients: ApiClients, visit: Visit, two: None
) -> None:
    answer = api_clients.carana.post("consents/", {"sections": [str(second(visit).pk)], "reason": "Please."})
    assert answer.status_code == 202 and answer.json()["status"] == "proposed" and not Consent.objects.exists()
    address = f"releases/{answer.json()['id']}/"
    assert api_clients.carana.post(f"{address}confirm/").status_code == 403
    assert api_clients.cted.get(address).status_code == 404
    shown = api_clients.deputy.get(address).json()
    assert shown["transitions"] == ["confirm", "send-back"] and shown["lines"][0]["audience"] == ["compact"]
    done = api_clients.deputy.post(f"{address}confirm/", {"version": shown["version"]})
    assert done.status_code == 200 and done.json()["consents"] == [str(Consent.objects.get().pk)]
    assert api_clients.deputy.post(f"{address}confirm/").status_code == 409
    assert api_clients.unodc.get(f"sections/{second(visit).pk}/").status_code == 200


def test_a_section_released_by_its_own_step_waits_too(
    cast: Cast, api_clients: ApiClients, visit: Visit, two: None
) -> None:
    answer = api_clients.carana.post(f"sections/{second(visit).pk}/share/", {"audience": ["unodc"]})
    assert answer.status_code == 202 and not Consent.objects.exists()
    returned = api_clients.deputy.post(f"releases/{answer.json()['id']}/send-back/", {"reason": "Not yet."})
    assert returned.status_code == 200 and returned.json()["status"] == "draft"
    assert [entry["reason"] for entry in returned.json()["history"]][-1] == "Not yet."


def test_a_plan_is_drawn_up_published_and_seen_by_the_state_alone(
    cast: Cast, api_clients: ApiClients, visit: Visit
) -> None:
    plan = api_clients.carana.post("releases/", {"sections": [str(second(visit).pk)], "audience": ["unodc"]})
    assert plan.status_code == 201 and plan.json()["status"] == "draft" and not Consent.objects.exists()
    for name in MEMBERS:
        assert bool(getattr(api_clients, name).ids("releases")) == (name in ("carana", "observer")), name
    done = api_clients.carana.post(f"releases/{plan.json()['id']}/publish/", {"remark": "As agreed."})
    assert done.status_code == 200 and done.json()["status"] == "published"
    assert Consent.objects.get().reason == "As agreed."


def test_lines_are_put_into_a_plan_and_taken_out_of_it(cast: Cast, api_clients: ApiClients, visit: Visit) -> None:
    section, need = second(visit), visit.needs.get()
    address = f"releases/{api_clients.carana.post('releases/', {'sections': [str(section.pk)]}).json()['id']}/"
    more = {"needs": [str(need.pk)], "audience": ["searcct"], "until": "2099-12-31"}
    lines = api_clients.carana.post(f"{address}plan/", more).json()["lines"]
    assert {(line["section"], line["need"], *line["audience"]) for line in lines} == {
        (str(section.pk), None, "compact"), (None, str(need.pk), "searcct")
    }  # fmt: skip
    line = next(line["id"] for line in lines if line["section"])
    for name, status in (("observer", 403), ("cted", 404), ("unodc", 404), ("sumora", 404)):
        for step, body in (("plan", more), ("take-out", {"line": line})):
            assert getattr(api_clients, name).post(f"{address}{step}/", body).status_code == status, (name, step)
    assert fields(api_clients.carana.post(f"{address}take-out/", {"line": "x"})) == {"line"}
    left = api_clients.carana.post(f"{address}take-out/", {"line": line}).json()["lines"]
    assert [line["need"] for line in left] == [str(need.pk)]
    assert api_clients.carana.post(f"{address}publish/").status_code == 200
    assert api_clients.carana.post(f"{address}plan/", more).status_code == 409


def test_versions_that_were_read_are_asked_for(cast: Cast, api_clients: ApiClients, visit: Visit) -> None:
    section = second(visit)
    body = {"sections": [str(section.pk)], "versions": {str(section.pk): section.version}}
    editing.edit(actor=cast.cted, model=Section, pk=section.pk, values={"text": "Rewritten."})
    assert api_clients.carana.post("consents/", body).status_code == 409 and not Consent.objects.exists()
    section.refresh_from_db()
    consents.release(actor=cast.carana, rows=[section])
    assert api_clients.carana.post(f"sections/{section.pk}/withdraw/", {"version": section.version}).status_code == 409
    section.refresh_from_db()
    assert api_clients.carana.post(f"sections/{section.pk}/withdraw/", {"version": section.version}).status_code == 200


def test_the_list_costs_the_same_for_one_release_and_for_three(
    cast: Cast, api_clients: ApiClients, visit: Visit
) -> None:
    def cost() -> int:
        api_clients.carana.get("releases/")
        with CaptureQueriesContext(connection) as captured:
            assert api_clients.carana.get("releases/").status_code == 200
        return len(captured)

    api_clients.carana.post("releases/", {"sections": [str(second(visit).pk)], "audience": ["unodc"]})
    single = cost()
    for audience in (["iom"], ["searcct", "sumora"]):
        api_clients.carana.post("releases/", {"sections": [str(second(visit).pk)], "audience": audience})
    assert cost() == single
