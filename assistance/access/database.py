"""Migration operations for row-level security and append-only tables, which PostgreSQL itself enforces.

Each restricted table gets the same policy from one function; access/row_security.py sets the values it compares. Tables
whose rows are read with a restricted row (events, verifications) follow that row.
"""

from collections.abc import Iterable

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE FUNCTION portal_groups() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(coalesce(current_setting('portal.groups', true), ''), ',')::integer[]
$$;
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('portal.now', true), '')::timestamptz
$$;
CREATE FUNCTION portal_bypasses_row_security() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('portal.row_security', true), '') = 'bypass'
$$;
CREATE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION portal_groups();
DROP FUNCTION portal_now();
DROP FUNCTION portal_bypasses_row_security();
DROP FUNCTION portal_append_only();
"""
# Each (SELECT …) is evaluated once per statement, not once per row.
GRANTED = """(
    SELECT g.content_object_id FROM assistance_audiencegrant g
    WHERE g.group_id = ANY ((SELECT portal_groups())::integer[]))"""
READERS = f"""(
    (SELECT portal_bypasses_row_security())
    OR (
        audience_id IN {GRANTED}
        AND (ends_at IS NULL OR ends_at > (SELECT portal_now()) OR owners_id IN {GRANTED})
    )
)"""
POLICY = """
CREATE POLICY readers ON {table} USING {readers};
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
# A table whose rows are read with a restricted row: reading is limited, writing is a matter of the transitions. Each kind
# of row it points at adds a policy; PostgreSQL shows a row that any of them allows.
BESIDE = """
CREATE POLICY bypassing ON {table} FOR SELECT USING ((SELECT portal_bypasses_row_security()));
CREATE POLICY added ON {table} FOR INSERT WITH CHECK (true);
CREATE POLICY changed ON {table} FOR UPDATE USING (true);
CREATE POLICY removed ON {table} FOR DELETE USING (true);
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
NOT_BESIDE = """
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
DROP POLICY bypassing ON {table};
DROP POLICY added ON {table};
DROP POLICY changed ON {table};
DROP POLICY removed ON {table};
"""
# The policy of the parent's own table applies to this query too, so it returns only parents that the groups may read.
READ_WITH = """
CREATE POLICY readers_of_{column} ON {table} FOR SELECT USING (
    EXISTS (SELECT FROM {parent} parent WHERE parent.id = {table}.{column}_id{condition})
);
"""
NOT_READ_WITH = "DROP POLICY readers_of_{column} ON {table};"
NO_POLICY = """
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
DROP POLICY readers ON {table};
"""
APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION portal_append_only({columns})"
)
# The audience of a row may be computed again at any time: audiences are derived from the consents.
AUDIENCE_COLUMNS = ("audience_id", "owners_id", "released_until", "ends_at")


def functions() -> RunSQL:
    """Return the operation that creates the functions used by policies and triggers."""
    return RunSQL(FUNCTIONS, NO_FUNCTIONS)


def row_security(table: str) -> RunSQL:
    """Return the operation that limits reading of a restricted table to the groups of each row's audience."""
    return RunSQL(POLICY.format(table=table, readers=READERS), NO_POLICY.format(table=table))


def beside(table: str) -> RunSQL:
    """Return the operation that hides a table whose rows are read with restricted rows; `read_with` names those."""
    return RunSQL(BESIDE.format(table=table), NOT_BESIDE.format(table=table))


def read_with(table: str, column: str, parent: str, *, has_policy: bool = True) -> RunSQL:
    """Return the operation that shows the rows of a table to readers of the parent at which a column points.

    A parent without a policy of its own (visits) is compared by its audience.
    """
    condition = "" if has_policy else f" AND parent.audience_id IN {GRANTED}"
    names = {"table": table, "column": column, "parent": parent, "condition": condition}
    return RunSQL(READ_WITH.format(**names), NOT_READ_WITH.format(**names))


def append_only(table: str, changeable: Iterable[str] = ()) -> RunSQL:
    """Return the operation that refuses deletions in a table, and updates except of the columns `changeable`."""
    columns = ", ".join(f"'{column}'" for column in changeable)
    return RunSQL(APPEND_ONLY.format(table=table, columns=columns), f"DROP TRIGGER append_only ON {table}")
