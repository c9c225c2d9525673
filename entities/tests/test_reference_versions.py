"""What a process keeps of the reference lists is never older than the request."""

from datetime import timedelta

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entities import reference_versions
from entities.actors import actor_of
from entities.models import (
    Appointment,
    Instrument,
    Organisation,
    OtherName,
    Pillar,
    Programme,
    ReferenceVersion,
    Region,
    Theme,
    WorkingGroup,
)
from entities.tests.factories import appointment, organisation

pytestmark = pytest.mark.django_db
LISTS: list[type[models.Model]] = [
    Organisation, OtherName, Region, Pillar, Theme, Instrument, Programme, WorkingGroup,
    WorkingGroup.members.through, Programme.themes.through,
]  # fmt: skip


def version() -> object:
    return ReferenceVersion.objects.values_list("value", flat=True).first()


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_each_list_gets_another_version_with_each_change(model: type[models.Model]) -> None:
    before = version()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE false")  # noqa: S608 (a table of ours)
    assert version() != before


def test_a_change_of_the_organisation_is_in_the_next_actor() -> None:
    post = appointment(organisation())
    group = WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    before = actor_of(post.user)
    group.members.add(post.organisation)
    Organisation.objects.filter(pk=post.organisation_id).update(in_compact=True, name_en="Renamed")
    after = actor_of(post.user)
    assert group.group_id in after.groups - before.groups
    assert after.organisations[0].in_compact and after.organisations[0].name_en == "Renamed"
    assert after.version != before.version


def test_what_is_rolled_back_is_not_kept() -> None:
    post = appointment(organisation())
    with transaction.atomic():
        Organisation.objects.filter(pk=post.organisation_id).update(in_compact=not post.organisation.in_compact)
        assert actor_of(post.user).organisations[0].in_compact != post.organisation.in_compact
        transaction.set_rollback(True)
    assert actor_of(post.user).organisations[0].in_compact == post.organisation.in_compact


def test_an_actor_takes_one_statement_once_the_lists_are_known() -> None:
    post = appointment(organisation())
    actor_of(post.user)
    with CaptureQueriesContext(connection) as asked:
        actor_of(post.user)
    assert len(asked) == 1


def test_actors_and_the_query_of_running_appointments_agree() -> None:
    rows = [appointment(organisation()) for _number in range(3)]
    Appointment.objects.filter(pk=rows[1].pk).update(until=timezone.now().date() - timedelta(days=2))
    running = set(Appointment.objects.current().values_list("pk", flat=True))
    assert {one.pk for row in rows for one in actor_of(row.user).appointments} == running
    assert reference_versions.organisations(None).keys() >= {row.organisation_id for row in rows}
