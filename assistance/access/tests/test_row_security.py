"""Row-level security: a forgotten filter discloses nothing, because the web role reads only rows of its groups."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistance import registry
from assistance.access import policy, row_security
from assistance.access.database import EVERY_ROW
from assistance.access.models import Restricted
from assistance.consents import plans
from assistance.consents import transitions as consents
from assistance.consents.models import PlanLine
from assistance.documents.models import DocumentVersion
from assistance.documents.transitions import attach
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Need, Verification
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import MEMBERS, Cast
from assistance.visits.models import Visit
from assistance.workflow.history import history_of
from assistance.workflow.models import Event
from entities.actors import Actor
from files.tests import samples
from web.statements import Statements

SignIn = Callable[[str], Client]
BEHIND = [model for model in apps.get_models() if issubclass(model, Restricted) and model is not Visit]


@pytest.fixture
def web(db: None) -> Iterator[None]:
    """Use the web role with row-level security active for the rest of the test, as portal/wsgi.py does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}; SET portal.groups = '{{}}'")
    connection.row_security_is_active = True
    yield
    row_security.set_groups(())
    connection.row_security_is_active = False
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET portal.groups = '{0}'")


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
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table]
        )
        assert cursor.fetchone() == (True, True), "it binds the owner of the table too"


BESIDE = [Event, Verification, PlanLine, DocumentVersion]


@pytest.mark.django_db
@pytest.mark.parametrize("model", BESIDE, ids=lambda model: model.__name__)
def test_what_is_read_with_a_row_follows_each_row_it_points_at(model: type[Model]) -> None:
    """A new kind of row adds its policy to events in its migration (docs/development/adding-an-aggregate.md)."""
    pointing = {
        column.name
        for column in model._meta.concrete_fields
        if column.is_relation and issubclass(column.related_model, Restricted)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [model._meta.db_table])
        named = {name for (name,) in cursor.fetchall()}
    followed = {name.removeprefix("readers_of_") for name in named if name.startswith("readers_of_")}
    assert followed <= pointing
    assert followed == pointing if model is Event else followed


def reasons(model: type[Model]) -> set[object]:
    return set(model._default_manager.values_list("pk", flat=True))


@pytest.mark.turns(days=4)
def test_a_web_process_reads_no_reason_note_line_or_version_of_a_hidden_row(work: Cast, web: None) -> None:
    with row_security.bypass():
        met = work.match("delivered", need=work.need("shared", audience=["unodc"])).need
        needs.verify(actor=work.cted, need=met.pk, outcome="met", share=100, note="Hidden canary note")
        section = work.section(work.visit(), 7)
        plans.plan(actor=work.carana, visit=section.visit_id, rows=[section], audience=["unodc"])
        document = attach(actor=work.unodc, parent=work.offer(published=False), file=samples.note())
        everything = {model: reasons(model) for model in BESIDE}
    assert all(everything.values()), "there is something to hide"
    assert {model: reasons(model) for model in BESIDE} == {model: set() for model in BESIDE}
    for name in MEMBERS:
        actor = getattr(work, name)
        row_security.set_groups(actor.groups)
        for event in Event.objects.select_related(None):
            shown = [one for one in registry.aggregates() if getattr(event, f"{one.name}_id", None)]
            assert any(
                one.model is Visit or one.model._default_manager.filter(pk=getattr(event, f"{one.name}_id")).exists()
                for one in shown
            ), (name, event)
        for aggregate in registry.aggregates():
            for row in policy.visible(actor, aggregate.model):
                seen = set(history_of(actor, row).values_list("pk", flat=True))
                with row_security.bypass():
                    assert seen == set(history_of(actor, row).values_list("pk", flat=True)), (name, row)
        assert Verification.objects.exists() == policy.visible(actor, Need).filter(pk=met.pk).exists(), name
        assert PlanLine.objects.exists() == (work.org("carana").group_id in actor.groups), name
        versions = DocumentVersion.objects.filter(document=document)
        assert versions.exists() == (work.org("unodc").group_id in actor.groups), name
        row_security.set_groups(())


def test_before_anybody_is_named_a_web_process_sees_no_row(work: Cast, web: None) -> None:
    assert {model: unfiltered(model) for model in BEHIND} == {model: set() for model in BEHIND}


@pytest.mark.turns(3)
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


@pytest.mark.turns(3)
@pytest.mark.parametrize("limit", [None, 99])
@pytest.mark.parametrize("mode", ["auto", "force_generic_plan", "force_custom_plan"])
def test_one_prepared_statement_shows_each_reader_on_a_connection_their_own(
    work: Cast, web: None, mode: str, limit: int | None
) -> None:
    statements = Statements()

    def read() -> set[object]:
        rows = statements.rows("all", lambda _key: Need.objects.order_by("pk"), ["a"], ["b"], limit)
        return {row.pk for row in rows}

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('plan_cache_mode', %s, true)", [mode])
    seen: dict[str, set[object]] = {}
    for name in [*MEMBERS, "nobody"] * 8:  # after five runs one plan may serve for all
        row_security.set_groups(getattr(work, name).groups if name != "nobody" else ())
        assert read() == seen.setdefault(name, unfiltered(Need)), name
    assert seen["nobody"] == set() and len({frozenset(keys) for keys in seen.values()}) > 2
    with row_security.bypass():
        assert len(read()) == 5
    assert read() == set()


@pytest.mark.turns(8)
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


def test_no_reader_has_the_group_of_every_row(work: Cast, web: None) -> None:
    with pytest.raises(ValueError, match="every row"):
        row_security.set_groups({*work.unodc.groups, EVERY_ROW})
    assert not unfiltered(Need)


def test_a_failure_inside_puts_the_wall_back(work: Cast, web: None) -> None:
    row_security.set_groups(work.unodc.groups)
    with pytest.raises(ProgrammingError), transaction.atomic(), row_security.bypass(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    with pytest.raises(KeyError), row_security.bypass():
        raise KeyError
    assert row_security.is_active()
    assert len(unfiltered(Need)) == 2


def test_groups_are_named_with_the_next_statement(work: Cast, web: None) -> None:
    row_security.set_groups(work.unodc.groups)
    with CaptureQueriesContext(connection) as captured:
        assert len(unfiltered(Need)) == 2
    assert len(captured) == 1 and captured[0]["sql"].startswith("SELECT set_config('portal.groups', '{-")
    row_security.set_groups(())
    assert not unfiltered(Need)


def test_a_rollback_takes_no_groups_away_and_gives_none_back(work: Cast, web: None) -> None:
    row_security.set_groups(work.unodc.groups)
    with transaction.atomic():
        assert len(unfiltered(Need)) == 2
        transaction.set_rollback(True)
    assert len(unfiltered(Need)) == 2
    row_security.set_groups(())
    with transaction.atomic():
        assert not unfiltered(Need)
        transaction.set_rollback(True)
    assert not unfiltered(Need)


def test_groups_are_named_before_what_cannot_carry_them(work: Cast, web: None) -> None:
    def counted() -> int:
        with connection.cursor() as cursor:
            cursor.execute("TABLE assistance_need")
            return int(cursor.rowcount)

    for name in ("unodc", "carana", "unodc"):
        row_security.set_groups(getattr(work, name).groups)
        assert (
            len(list(Need.objects.values_list("pk").iterator(chunk_size=1)))
            == counted()
            == (4 if name == "carana" else 2)
        )
        with row_security.bypass():
            assert counted() == 5
    row_security.set_groups(())
    assert counted() == 0 and not list(Need.objects.iterator())


@pytest.mark.django_db(transaction=True)
def test_a_connection_remembers_what_it_has_named_only_outside_of_transactions() -> None:
    cast = Cast()
    cast.need("shared")
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}; SET portal.groups = '{{}}'")
    row_security.reset(connection)
    connection.row_security_is_active = True
    try:
        row_security.set_groups(cast.unodc.groups)
        for rollback in (True, False):
            with transaction.atomic():
                assert len(unfiltered(Need)) == 1
                transaction.set_rollback(rollback)
        with CaptureQueriesContext(connection) as captured:
            assert [len(unfiltered(Need)) for _ in range(3)] == [1, 1, 1]
        assert ["set_config" in query["sql"] for query in captured] == [True, False, False]
        row_security.set_groups(())
        assert not unfiltered(Need)
    finally:
        connection.row_security_is_active = False
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_opened_anew_has_named_nobody() -> None:
    connection.row_security_groups = "{1}"
    connection.close()
    connection.ensure_connection()
    assert connection.row_security_groups == row_security.NOBODY


def test_a_request_leaves_nothing_named_behind(work: Cast, sign_in: SignIn) -> None:
    assert sign_in("carana").get("/needs/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('portal.groups'), current_setting('portal.now'), current_user")
        assert cursor.fetchone() == ("{0}", "", "portal")


def test_the_web_role_owns_nothing_and_passes_no_wall(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) "
            "FROM pg_roles WHERE rolname = %s",
            [settings.DATABASE_ROLE],
        )
        assert cursor.fetchone() == (False, False)
    assert {Project, Offer} <= set(BEHIND)
