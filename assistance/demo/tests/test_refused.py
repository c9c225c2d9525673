"""When the demonstration is not loaded, and that loading it notifies nobody."""

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command

from accounts.mail import broker
from accounts.models import User
from assistance.consents import demo as consents
from assistance.demo import loading
from assistance.needs import demo as needs
from assistance.needs import match_demo
from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.offers import demo as offers
from assistance.projects import demo as projects
from assistance.recommendations import demo as recommendations
from assistance.visits import demo as visits
from assistance.workflow.models import Event
from web.exceptions import Conflict


def said(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def one_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference data, and of the demonstration only one visit and one need, which is released."""
    monkeypatch.setattr(broker.BrokerBackoff, "until", 0.0)
    monkeypatch.setattr(visits, "VISITS", [data for data in visits.VISITS if data.key == needs.NEEDS[0].visit])
    monkeypatch.setattr(needs, "NEEDS", needs.NEEDS[:1])
    monkeypatch.setattr(consents, "NEED_RELEASES", consents.NEED_RELEASES[:1])
    for name in ("ASKED", "DECLINED"):
        monkeypatch.setattr(consents, name, {})
    for name in ("SECTION_RELEASES", "SECTION_WITHDRAWALS"):
        monkeypatch.setattr(consents, name, ())
    for module, name in (
        (offers, "OFFERS"),
        (match_demo, "MATCHES"),
        (projects, "PROJECTS"),
        (recommendations, "REPORTS"),
        (recommendations, "RATINGS"),
    ):
        monkeypatch.setattr(module, name, ())
    said("load_reference")


@pytest.mark.parametrize("where", [{"PRODUCTION": True, "DEMO_ALLOWED": False}, {"DEMO_ALLOWED": False}])
def test_it_never_loads_in_production(db: None, settings: Any, where: dict[str, bool]) -> None:
    for name, value in where.items():
        setattr(settings, name, value)
    assert "DEMO_ALLOWED is off" in said("load_demo")
    assert not User.objects.exists()


def test_without_reference_data_it_says_what_is_missing(db: None) -> None:
    assert "load_reference" in said("load_demo")
    assert json.loads(said("demo_people", "--json")) == []


def test_it_leaves_the_people_of_a_site_alone(db: None) -> None:
    call_command("load_reference", stdout=StringIO())
    User.objects.create_user("carana.focal@demo.example", "x", name="Somebody")
    assert "Start with an empty database" in said("load_demo")
    assert User.objects.count() == 1


@pytest.mark.turns(6)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"recorded": -1}, ValueError, "in the future"),
        ({"reached": NeedStatus.PUT_TO_STATE}, Conflict, "is not possible"),
        ({"recorded": 190}, KeyError, "no need “carana/api-pnr” yet"),
    ],
    ids=["in the future", "refused by a transition", "before its row is there"],
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_need")
def test_a_load_that_fails_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    monkeypatch.setattr(needs, "NEEDS", (replace(needs.NEEDS[0], **change),))
    with pytest.raises(error, match=message):
        said("load_demo")
    assert not Need.objects.exists() and not User.objects.exists() and broker.BrokerBackoff.until == 0.0


@pytest.mark.turns(days=3)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_need")
def test_a_load_rings_no_broker_and_happens_in_the_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The consents are loaded before the need they release and the visit it was found at."""
    rung: list[str] = []
    monkeypatch.setattr(current_app._get_current_object(), "send_task", lambda name, **_kw: rung.append(name))
    monkeypatch.setattr(loading, "loaders", lambda: [consents.load, needs.load, visits.load])
    said("load_demo")
    assert Event.objects.filter(name="need_shared").count() == 1 and not rung
    moments = list(Event.objects.order_by("at").values_list("name", flat=True))
    assert moments.index("need_recorded") < moments.index("need_agreed") < moments.index("need_shared")
