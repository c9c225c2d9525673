"""Operations of migrations that belong together: their effect is that of each after the other, and can be undone."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import AddField, AddIndex, CreateModel, Migration
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

from web.migrations import Together

TABLE = "web_thing"


def columns() -> set[str]:
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return set()
        return {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, TABLE))


def migration(name: str, *operations: Any) -> Migration:
    found = Migration(name, "web")
    found.operations = list(operations)
    return found


CREATED = migration("0001", CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))]))
CHANGED = migration(
    "0002",
    Together(
        [
            AddField("thing", "size", models.IntegerField(default=0)),
            AddField("thing", "name", models.CharField(max_length=10, default="")),
            AddIndex("thing", models.Index(fields=["size"], name="thing_by_size")),
            CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        ]
    ),
)


@pytest.mark.django_db
def test_all_are_done_in_their_order_and_undone_from_the_last_one() -> None:
    state = ProjectState()
    with connection.schema_editor() as editor:
        state = CREATED.apply(state, editor)
    before = state.clone()
    assert columns() == {"id"} and state.apps.get_model("web", "Thing")  # rendered, as by an operation before
    with connection.schema_editor() as editor:
        after = CHANGED.apply(state, editor)
    assert columns() == {"id", "size", "name"} and "thing_by_size" in indexes()
    assert {field.name for field in after.apps.get_model("web", "Thing")._meta.fields} == {"id", "size", "name"}
    assert after.apps.get_model("web", "Other")
    with connection.schema_editor() as editor:
        CHANGED.unapply(before, editor)
    assert columns() == {"id"} and "thing_by_size" not in indexes()


def test_it_is_written_in_a_migration_and_says_what_it_does() -> None:
    text = MigrationWriter(CHANGED, include_header=False).as_string()
    assert "web.migrations.Together(" in text and "thing_by_size" in text
    assert "Add field size to thing" in CHANGED.operations[0].describe() and CHANGED.operations[0].reversible
