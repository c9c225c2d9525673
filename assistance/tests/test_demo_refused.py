"""When the demonstration is not loaded, and that loading it leaves everybody in peace."""

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command

from accounts import doorbell
from accounts.models import User
from assistance.demo import plan
from assistance.demo.walk import PlanError
from assistance.models import Event, Need


def said(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


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
    assert "begin with an empty database" in said("load_demo")
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_load_that_fails_keeps_nothing_and_a_good_one_rings_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(doorbell.Quiet, "until", 0.0)
    monkeypatch.setattr(current_app._get_current_object(), "send_task", lambda name, **_kw: rung.append(name))
    monkeypatch.setattr(plan, "PROJECTS", ())
    said("load_reference")
    monkeypatch.setattr(plan, "NEEDS", (replace(plan.NEEDS[0], steps="put agree wait:900 agree"),))
    with pytest.raises(PlanError, match="would be in the future"):
        said("load_demo")
    assert not Need.objects.exists() and not User.objects.exists() and doorbell.Quiet.until == 0.0
    monkeypatch.setattr(plan, "NEEDS", (replace(plan.NEEDS[0], steps="put agree share:compact"),))
    said("load_demo")
    assert Event.objects.filter(verb="need_shared").count() == 1 and not rung
