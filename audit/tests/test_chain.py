"""The hash chain of the log: complete under concurrency, and not writable for the application's role."""

import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from audit.models import Entry, Seal

pytestmark = pytest.mark.django_db(transaction=True)


def record(kind: str = "read") -> Entry:
    return Entry.objects.create(kind=kind)


@pytest.fixture
def application() -> Iterator[None]:
    """Run what follows as the role of the web and worker processes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.DATABASE_ROLE)}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_entries_are_sealed_in_the_order_of_their_transactions() -> None:
    entries = [record() for _ in range(3)]
    seals = list(Seal.objects.order_by("position"))
    assert [seal.position for seal in seals] == [1, 2, 3]
    assert [seal.entry_id for seal in seals] == [entry.pk for entry in entries]
    assert bytes(seals[0].previous) == b""
    assert [bytes(s.previous) for s in seals[1:]] == [bytes(s.hash) for s in seals[:-1]]


def test_a_transaction_rolled_back_leaves_neither_entry_nor_seal() -> None:
    record()
    with transaction.atomic():
        record()
        transaction.set_rollback(True)
    record()
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
    assert Entry.objects.count() == 2


def test_threads_at_once_make_one_gapless_chain() -> None:
    def work() -> None:
        try:
            for _ in range(50):
                record()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seals = list(Seal.objects.order_by("position"))
    assert [seal.position for seal in seals] == list(range(1, 401))
    assert {seal.entry_id for seal in seals} == set(Entry.objects.values_list("pk", flat=True))
    assert [bytes(s.previous) for s in seals[1:]] == [bytes(s.hash) for s in seals[:-1]]


def test_the_application_may_add_to_the_log_and_read_it(application: None) -> None:
    entry = record()
    assert Entry.objects.get(pk=entry.pk).kind == "read"
    assert Seal.objects.get().entry_id == entry.pk


FORBIDDEN = [
    "UPDATE audit_entry SET kind = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_seal SET hash = ''",
    "DELETE FROM audit_seal",
    "TRUNCATE audit_seal",
    "INSERT INTO audit_seal VALUES (7, 7, '', '')",
    "INSERT INTO audit_unsealed VALUES (7)",
    "SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), 1)",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER queue ON audit_entry",
    "CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "SET session_replication_role = replica",
    "CREATE TABLE audit_other ()",
]


@pytest.mark.turns(2)
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_cannot_rewrite_the_log(statement: str, application: None) -> None:
    record()
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_owner_cannot_either_by_mistake(table: str, statement: str) -> None:
    record()
    key = "id" if table == "audit_entry" else "position"
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(table, key, key))


def test_the_time_of_an_entry_is_the_database_s() -> None:
    entry = Entry.objects.create(kind="read", at="2001-01-01T00:00:00Z")
    entry.refresh_from_db()
    assert entry.at.year > 2001


def test_a_temporary_table_does_not_take_the_seals(application: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE audit_seal (position bigint, entry_id bigint, previous bytea, hash bytea)"
        )
        cursor.execute("CREATE TEMPORARY TABLE audit_unsealed (entry_id bigint)")
    try:
        entry = record()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM public.audit_seal WHERE entry_id = %s", [entry.pk])
            assert cursor.fetchone() == (1,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pg_temp.audit_seal, pg_temp.audit_unsealed")


def test_a_commit_that_waits_for_a_row_does_not_hold_the_chain() -> None:
    """A's commit checks a foreign key to a row that B locks, B's commit waits for the chain: both end, no deadlock."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE parent (id int PRIMARY KEY)")
        cursor.execute("CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
        cursor.execute("INSERT INTO parent VALUES (1)")
    held, failures = threading.Event(), []

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM parent FOR UPDATE")
                held.set()
                cursor.execute("SELECT pg_sleep(0.5)")
                record()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            record()
            cursor.execute("INSERT INTO child VALUES (1)")
    finally:
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE child, parent")
    assert not failures
    assert Seal.objects.count() == 2
