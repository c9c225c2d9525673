"""Row-level security: a forgotten filter discloses nothing, because the web role reads only rows of its groups."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from assistance import registry
from assistance.access import policy, row_security
from assistance.access.models import Restricted
from assistance.consents import transitions as consents
from assistance.needs import match_transitions as matches
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import MEMBERS, Cast
from assistance.visits.models import Visit
from entities.actors import Actor

SignIn = Callable[[str], Client]
BEHIND = [model for model in apps.get_models() if issubclass(model, Restricted) and model is not Visit]


@pytest.fixture
def web(db: None) -> Iterator[None]:
    """Use the web role with row-level security active for the rest of the test, as portal/wsgi.py does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}; SET portal.row_security = 'on'")
    connection.row_security_is_active = True
    yield
    connection.row_security_is_active = False
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET portal.row_security = 'bypass'")
    row_security.set_groups(())


def unfiltered(model: type[Restricted]) -> set[object]:
    """Return the keys that a query without a filter finds."""
    return set(model._default_manager.values_list("pk", flat=True))


def check(actor: Actor, model: type[Restricted]) -> None:
    """Assert that a query without a filter finds what the actor sees, and more only where another row has to be seen."""
    found, seen = unfiltered(model), set(policy.visible(actor, model).values_list("pk", flat=True))
    assert found >= seen if registry.of(model).seen_with() else found == seen, model


@pytest.fixture
def work(cast: Cast) -> Cast:
    """Return the cast with rows of every kind, some of them hidden from each member."""
    visit = cast.visit()
    cast.section(visit, 1)
    shown = cast.section(visit, 2)
    consents.release(actor=cast.carana, rows=[shown], audience=["unodc"])
    for stage in ("draft", "put", "agreed", "shared"):
        cast.need(stage)
    narrow = cast.need("shared", audience=["unodc"], until=timezone.now().date())
    matches.propose(actor=cast.unodc, need=narrow.pk, share=20)
    cast.offer(published=False)
    cast.project(is_restricted=True)
    return cast


def test_every_restricted_table_stands_behind_the_wall() -> None:
    assert {model.__name__ for model in BEHIND} >= {"Section", "Need", "Consent", "Offer", "Match", "Project"}


@pytest.mark.django_db
@pytest.mark.parametrize("model", BEHIND, ids=lambda model: model.__name__)
def test_row_level_security_is_on(model: type[Restricted]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        assert cursor.fetchone() == (True,)


def test_before_anybody_is_named_a_web_process_sees_no_row(work: Cast, web: None) -> None:
    assert {model: unfiltered(model) for model in BEHIND} == {model: set() for model in BEHIND}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_forgotten_filter_shows_no_more_than_the_groups_named(work: Cast, web: None, name: str) -> None:
    actor = getattr(work, name)
    row_security.set_groups(actor.groups)
    for model in BEHIND:
        check(actor, model)
    with row_security.bypass():
        assert len(unfiltered(Need)) == 5
    hidden = 5 - policy.visible(actor, Need).count()
    assert len(unfiltered(Need)) == 5 - hidden


@pytest.mark.parametrize("cases", [cases for cases in all_cases() if cases.model in BEHIND], ids=name_of)
def test_a_forgotten_filter_shows_no_row_in_any_state_to_who_does_not_see_it(
    cast: Cast, web: None, cases: Cases
) -> None:
    with row_security.bypass():
        rows = {case.make(cast).pk: case.readers for case in cases.rows}
        actors = {name: getattr(cast, name) for name in MEMBERS}
    for name, actor in actors.items():
        row_security.set_groups(actor.groups)
        found = unfiltered(cases.model)
        assert {key for key, readers in rows.items() if name in readers} <= found, name
        check(actor, cases.model)
        row_security.set_groups(())


def test_after_the_last_day_of_a_release_only_its_owners_are_shown_it(work: Cast, web: None) -> None:
    for name, today, tomorrow in (("unodc", 2, 1), ("carana", 4, 4)):
        actor = getattr(work, name)
        row_security.set_groups(actor.groups)
        assert len(unfiltered(Need)) == today
        row_security.set_groups(())
        with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
            row_security.set_groups(actor.groups)
            assert len(unfiltered(Need)) == tomorrow
        row_security.set_groups(())


def test_nothing_is_written_behind_the_wall_but_by_a_verb(work: Cast, web: None) -> None:
    actor = work.unodc
    row_security.set_groups(actor.groups)
    hidden = Need(pk=None)
    with row_security.bypass():
        other = Need.objects.exclude(pk__in=policy.visible(actor, Need).values("pk"))[0]
        hidden = Need.objects.get(pk=other.pk)
    assert Need.objects.filter(pk=hidden.pk).update(priority="low") == 0
    hidden.pk = None
    hidden._state.adding = True
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        hidden.save()


def test_a_failure_inside_puts_the_wall_back(work: Cast, web: None) -> None:
    row_security.set_groups(work.unodc.groups)
    with pytest.raises(ProgrammingError), transaction.atomic(), row_security.bypass(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    with pytest.raises(KeyError), row_security.bypass():
        raise KeyError
    assert row_security.is_active()
    assert len(unfiltered(Need)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_connection_opened_anew_has_named_nobody() -> None:
    connection.row_security_groups = "1"
    connection.close()
    connection.ensure_connection()
    assert connection.row_security_groups == ""


def test_a_request_leaves_nothing_named_behind(work: Cast, sign_in: SignIn) -> None:
    assert sign_in("carana").get("/needs/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('portal.groups', true), current_setting('portal.row_security'), current_user"
        )
        assert cursor.fetchone() == ("", "bypass", "portal")


def test_the_web_role_owns_nothing_and_passes_no_wall(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) "
            "FROM pg_roles WHERE rolname = %s",
            [settings.DATABASE_ROLE],
        )
        assert cursor.fetchone() == (False, False)
    assert {Project, Offer} <= set(BEHIND)
