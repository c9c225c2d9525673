"""Scale data are as the portal itself would have made them: no audience differs, no status, no constraint."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from assistance import registry
from assistance.access import audiences, policy
from assistance.needs.models import Need
from assistance.needs.status import refresh_need
from assistance.scale.loading import CannotLoad, Sizes, load
from assistance.workflow.models import Event
from entities.actors import actor_of
from entities.reference_import import load_all
from entities.tests.factories import person

pytestmark = pytest.mark.django_db
SMALL = Sizes(needs=200, projects=60, organisations=280, people=150)


@pytest.fixture
def reference() -> None:
    load_all()


@pytest.mark.turns(days=4)
def test_audiences_and_statuses_are_those_the_portal_computes(reference: None) -> None:
    counts = load(SMALL)
    assert (counts["needs"], counts["projects"], counts["organizations"], counts["people"]) == (200, 60, 280, 150)
    assert all(
        counts[name] for name in ("visits", "sections", "offers", "matches", "consents", "events", "notifications")
    )
    assert list(audiences.drift(mend=False)) == []
    for need in Need.objects.all():
        before = need.status
        refresh_need(need)
        assert need.status == before
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.turns(days=3)
def test_people_see_their_parts_of_it(reference: None) -> None:
    load(SMALL)
    seen = {
        role: policy.visible(actor_of(User.objects.filter(appointments__organisation__slug=slug)[0]), Need).count()
        for role, slug in (("cted", "cted"), ("entity", "unodc"), ("unoct", "unoct"))
    }
    assert seen["cted"] == 200
    assert 80 < seen["entity"] < 160 and seen["unoct"] < 160
    assert {event.label for event in Event.objects.all()[:500]}


@pytest.mark.turns(days=4)
def test_the_same_numbers_make_the_same_rows(reference: None) -> None:
    def loaded() -> list[Any]:
        with transaction.atomic():
            load(SMALL)
            rows = list(Need.objects.order_by("id").values_list("id", "title_ar", "status", "version"))
            transaction.set_rollback(True)
        return rows

    first = loaded()
    assert first == loaded() and len({title for _id, title, *_rest in first}) == 200


@pytest.mark.turns(days=3)
def test_each_aggregate_with_scale_data_has_rows(reference: None) -> None:
    load(SMALL)
    own = [aggregate for aggregate in registry.aggregates() if aggregate.scale]
    assert len(own) >= 5 and all(aggregate.model._default_manager.exists() for aggregate in own)


def test_a_database_with_people_is_left_alone(reference: None) -> None:
    person("someone@example.org")
    with pytest.raises(CannotLoad, match="already contains people"):
        load(SMALL)
    assert not Need.objects.exists() and User.objects.count() == 1


def test_production_is_left_alone(reference: None, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="as in production"):
        call_command("load_scale", stdout=StringIO())


def test_reference_data_come_first() -> None:
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_scale", needs=1, stdout=StringIO())


def test_a_number_below_one_is_refused() -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("load_scale", needs=0, stdout=StringIO())
