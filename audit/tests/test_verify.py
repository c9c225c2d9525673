"""`verify_audit` names the first entry at fault, whatever is changed in the log's tables directly."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.chain import verify
from audit.models import Entry, Seal

pytestmark = pytest.mark.django_db(transaction=True)


def seven() -> list[int]:
    return [Entry.objects.create(kind="read", who_name=f"Reader {i}", subjects=[f"need:{i}"]).pk for i in range(7)]


def behind_its_back(statement: str, *values: object) -> None:
    """Run a statement as a database administrator could, without the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def said(*arguments: str) -> str:
    output = io.StringIO()
    call_command("verify_audit", *arguments, stdout=output)
    return output.getvalue()


def test_an_untouched_log_verifies_and_its_head_is_told() -> None:
    seven()
    head = bytes(Seal.objects.latest("position").hash).hex()
    assert said() == f"7 entries, none changed. Keep this head elsewhere: {head}\n"


def test_an_empty_log_verifies() -> None:
    assert said() == "0 entries, none changed. Keep this head elsewhere: -\n"


COLUMNS = [field.column for field in Entry._meta.concrete_fields if field.column != "id"]


@pytest.mark.turns(3)
@pytest.mark.parametrize("column", COLUMNS)
def test_an_edit_of_any_column_is_found(column: str) -> None:
    keys = seven()
    key, number = uuid.uuid4(), "need:8"
    other: dict[str, object] = {
        "at": "2020-01-01T00:00:00Z", "who": key, "viewed_by": key, "appointments": [key], "states": [key], "rows": [key],
        "subjects": [number], "references": [number], "address": "192.0.2.1",
    }  # fmt: skip
    casts = {"appointments": "uuid[]", "states": "uuid[]", "rows": "uuid[]"}
    value = f"%s::{casts[column]}" if column in casts else "%s"
    name = connection.ops.quote_name(column)
    behind_its_back(f"UPDATE audit_entry SET {name} = {value} WHERE id = %s", other.get(column, "x"), keys[3])  # noqa: S608
    with pytest.raises(CommandError, match=rf"position 4: entry {keys[3]} has been changed"):
        said()


@pytest.mark.parametrize("place", range(7))
def test_a_deletion_is_found(place: int) -> None:
    keys = seven()
    behind_its_back("DELETE FROM audit_entry WHERE id = %s", keys[place])
    with pytest.raises(CommandError, match=rf"position {place + 1}: entry {keys[place]} is gone"):
        said()


@pytest.mark.parametrize("place", range(6))
def test_a_deletion_with_its_seal_is_found(place: int) -> None:
    keys = seven()
    behind_its_back("DELETE FROM audit_entry WHERE id = %s", keys[place])
    behind_its_back("DELETE FROM audit_seal WHERE position = %s", place + 1)
    with pytest.raises(CommandError, match=rf"position {place + 1}: a seal is missing"):
        said()


def test_a_deletion_that_closes_the_gap_is_found() -> None:
    keys = seven()
    behind_its_back("DELETE FROM audit_entry WHERE id = %s", keys[2])
    behind_its_back("DELETE FROM audit_seal WHERE position = 3")
    behind_its_back("UPDATE audit_seal SET position = -position WHERE position > 3")
    behind_its_back("UPDATE audit_seal SET position = -position - 1 WHERE position < 0")
    with pytest.raises(CommandError, match="position 3: it does not follow"):
        said()


def test_an_insertion_past_the_trigger_is_found() -> None:
    keys = seven()
    copy = "SELECT (jsonb_populate_record(e, '{\"id\": 900}')).* FROM audit_entry e WHERE id = %s"
    behind_its_back(f"INSERT INTO audit_entry {copy}", keys[0])
    with pytest.raises(CommandError, match="entry 900 came in without a seal"):
        said()


def test_two_entries_that_changed_places_are_found() -> None:
    keys = seven()
    behind_its_back("UPDATE audit_seal SET entry_id = -1 WHERE position = 2")
    behind_its_back("UPDATE audit_seal SET entry_id = %s WHERE position = 5", keys[1])
    behind_its_back("UPDATE audit_seal SET entry_id = %s WHERE position = 2", keys[4])
    with pytest.raises(CommandError, match=rf"position 2: entry {keys[4]} has been changed"):
        said()


def test_an_end_cut_off_shows_by_a_head_kept_elsewhere() -> None:
    keys = seven()
    kept = verify().hash
    assert said("--head", kept)
    Entry.objects.create(kind="read")
    assert said("--head", kept.upper()), "an older head is still in the chain"
    assert said("--head", kept, "--all").startswith("8 entries, none changed")
    behind_its_back("DELETE FROM audit_entry WHERE id >= %s", keys[5])
    behind_its_back("DELETE FROM audit_seal WHERE position >= 6")
    assert said(), "a shorter chain is a whole one"
    with pytest.raises(CommandError, match="position 6: the head you have kept is not in the chain"):
        said("--head", kept)
    with pytest.raises(CommandError, match="position 6: the head you have kept is not in the chain"):
        said("--head", kept, "--all")


def test_from_a_head_kept_elsewhere_only_what_follows_is_verified() -> None:
    seven()
    kept = verify().hash
    assert said("--head", kept) == f"0 entries after position 7, none changed. Keep this head elsewhere: {kept}\n"
    seven()
    head = bytes(Seal.objects.latest("position").hash).hex()
    assert said("--head", kept) == f"7 entries after position 7, none changed. Keep this head elsewhere: {head}\n"


def test_a_change_before_the_head_is_found_by_all() -> None:
    keys = seven()
    kept = verify().hash
    seven()
    behind_its_back("UPDATE audit_entry SET who_name = 'x' WHERE id = %s", keys[3])
    assert said("--head", kept).startswith("7 entries after position 7")
    for options in [("--head", kept, "--all"), ("--all",), ()]:
        with pytest.raises(CommandError, match=rf"position 4: entry {keys[3]} has been changed"):
            said(*options)


CHANGES = {
    "changed": "UPDATE audit_entry SET who_name = 'x' WHERE id = {1}",
    "is gone": "DELETE FROM audit_entry WHERE id = {1}",
    "a seal is missing": "DELETE FROM audit_seal WHERE entry_id = {1}",
    "does not follow": "UPDATE audit_seal SET previous = 'x' WHERE entry_id = {1}",
    "without a seal": (
        "INSERT INTO audit_entry SELECT (jsonb_populate_record(e, '{{\"id\": 900000000}}')).* FROM audit_entry e WHERE id = {0}"
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_after_the_head_is_found_from_it(what: str) -> None:
    seven()
    kept = verify().hash
    keys = seven()
    behind_its_back(CHANGES[what].format(keys[0], keys[1]))
    with pytest.raises(CommandError, match=what):
        said("--head", kept)


def test_the_letters_and_zone_of_the_writer_make_no_difference() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'Asia/Tashkent'")
    Entry.objects.create(kind="read", who_name="Ahmed أحمد 中文 \\ \" '")
    with connection.cursor() as cursor:
        cursor.execute("RESET timezone")
    assert verify().position == 1
