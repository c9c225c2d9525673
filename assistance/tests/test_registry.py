"""Registering aggregates: an incomplete one is refused at startup, with a message that names the file."""

import dataclasses
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from assistance import checks, registry, registry_defaults
from assistance.access.models import Restricted
from assistance.aggregates import AGGREGATES
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.registry import Aggregate, register
from assistance.workflow.clocks import Clock
from assistance.workflow.transition import Transition

HERE = "assistance/tests/test_registry.py: "


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """Allow registrations during a test; return the registry."""
    monkeypatch.setattr(registry, "_closed", False)
    monkeypatch.setattr(registry, "_aggregates", dict(registry._aggregates))
    monkeypatch.setattr(registry, "_files", dict(registry._files))
    return registry._aggregates


def of_offer(**changes: Any) -> Aggregate:
    """Return the aggregate of offers with these changes."""
    return dataclasses.replace(registry.of(Offer), **changes)


STEP = Transition("sign", "Sign", "It is signed.", (), "provider", "offer_published")
CLOCK = Clock(kind="sign", label="Signature", owed_by=lambda row: None, owed_to=lambda row: None, starts=(), days=1)
WITHOUT: list[tuple[dict[str, Any], str]] = [
    ({"collection": ""}, "has no collection or no label"),
    ({"label": ""}, "has no collection or no label"),
    ({"collection": "needs"}, "takes the collection “needs”, which assistance/needs/registration.py has."),
    ({"access_reasons": registry_defaults.not_given}, "has no access rules: give `access_reasons`"),
    ({"transitions": registry_defaults.NotGiven()}, "has no transitions: give its table"),
    ({"functions": {}}, "has no function for the transition “publish”."),
    ({"guards": {}}, "has no guard “window_is_open”, which the transition “publish” names."),
    ({"events": {}}, "has no words for the event “offer_published” of the transition “publish”."),
    ({"attached_by": "nobody"}, "takes documents by its model or by `attached_by`"),
    ({"styles": {"draft": ("danger", "pencil")}}, "shows “draft” otherwise than another aggregate does"),
    ({"transitions": {"sign": STEP}}, "has no function for the transition “sign”."),
    ({"clocks": ()}, "has clocks by its model or by `clocks`, and not by the other."),
]


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (
            dataclasses.replace(CLOCK, kind="verify"),
            "names its clock “verify” as assistance/needs/registration.py does.",
        ),
        (dataclasses.replace(CLOCK, starts=("signed",)), "has no words for the event “signed” of the clock “sign”."),
    ],
)
def test_a_clock_is_refused_whose_kind_is_taken_or_whose_event_has_no_words(
    opened: dict[Any, Any], clock: Clock, said: str
) -> None:
    wrong = of_offer(clocks=(clock,))
    del opened[Offer]
    with pytest.raises(ImproperlyConfigured, match=said):
        register(wrong)


@pytest.mark.parametrize(("changes", "said"), WITHOUT, ids=[said[:40] for _changes, said in WITHOUT])
def test_an_incomplete_aggregate_is_refused_in_a_sentence_that_names_the_file(
    opened: dict[Any, Any], changes: dict[str, Any], said: str
) -> None:
    wrong = of_offer(**changes)
    del opened[Offer]
    with pytest.raises(ImproperlyConfigured) as refused:
        register(wrong)
    assert str(refused.value).startswith(HERE + "Offer ") and said in str(refused.value)
    assert Offer not in opened


def test_an_aggregate_is_registered_once(opened: dict[Any, Any]) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        register(of_offer())
    assert str(refused.value) == f"{HERE}Offer is registered already, in assistance/offers/registration.py."


def test_nothing_is_registered_after_the_start() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        register(of_offer())
    assert "is registered after the portal has started; name its package in assistance/aggregates.py." in str(
        refused.value
    )


def test_a_complete_aggregate_is_accepted(opened: dict[Any, Any]) -> None:
    whole = of_offer()
    del opened[Offer]
    register(whole)
    assert registry.of(Offer) is whole


def test_a_restricted_model_that_nobody_registered_fails_the_system_check(opened: dict[Any, Any]) -> None:
    assert not checks.check_aggregates(None)
    del opened[Project]
    (error,) = checks.check_aggregates(None)
    assert error.id == "assistance.E001" and "Project is restricted" in error.msg
    with pytest.raises(LookupError, match="Nobody has registered Project"):
        registry.of(Project)


def test_a_word_that_names_nobody_fails_the_system_check(opened: dict[Any, Any]) -> None:
    opened[Offer] = of_offer(edited_by="somebody")
    (error,) = checks.check_aggregates(None)
    assert error.id == "assistance.E002" and "“somebody”" in error.msg


def _restricted(model: type[Restricted]) -> Iterator[type[Restricted]]:
    """Yield the restricted models below one, without those that have no table of their own."""
    for kind in model.__subclasses__():
        if not kind._meta.abstract:
            yield kind
        yield from _restricted(kind)


def test_the_register_holds_every_restricted_model_and_every_package() -> None:
    assert set(registry.models()) == set(_restricted(Restricted))
    packages = {file.split("/")[1] for file in registry._files.values()}
    assert packages == set(AGGREGATES) - {"delivery"}  # what hangs on a match is registered with it
    for name in AGGREGATES:
        assert import_module(f"assistance.{name}").__doc__
