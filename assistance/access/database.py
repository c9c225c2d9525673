"""Migration operations for row-level security and append-only tables, which PostgreSQL itself enforces.

Each restricted table gets the same policy from one function; access/row_security.py sets the values it compares.
"""

from collections.abc import Iterable

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE FUNCTION portal_groups() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(coalesce(current_setting('portal.groups', true), ''), ',')::integer[]
$$;
CREATE FUNCTION portal_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('portal.today', true), '')::date
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
DROP FUNCTION portal_today();
DROP FUNCTION portal_bypasses_row_security();
DROP FUNCTION portal_append_only();
"""
# Each (SELECT …) is evaluated once per statement, not once per row.
GRANTED = """(
    SELECT g.content_object_id FROM assistance_audiencegrant g
    WHERE g.group_id = ANY ((SELECT portal_groups())::integer[]))"""
POLICY = f"""
CREATE POLICY readers ON {{table}} USING (
    (SELECT portal_bypasses_row_security())
    OR (
        audience_id IN {GRANTED}
        AND (released_until IS NULL OR released_until >= (SELECT portal_today()) OR owners_id IN {GRANTED})
    )
);
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
"""
NO_POLICY = "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; DROP POLICY readers ON {table};"
APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION portal_append_only({columns})"
)
# The audience of a row may be computed again at any time: audiences are derived from the consents.
AUDIENCE_COLUMNS = ("audience_id", "owners_id", "released_until")


def functions() -> RunSQL:
    """Return the operation that creates the functions used by policies and triggers."""
    return RunSQL(FUNCTIONS, NO_FUNCTIONS)


def row_security(table: str) -> RunSQL:
    """Return the operation that limits reading of a restricted table to the groups of each row's audience."""
    return RunSQL(POLICY.format(table=table), NO_POLICY.format(table=table))


def append_only(table: str, changeable: Iterable[str] = ()) -> RunSQL:
    """Return the operation that refuses deletions in a table, and updates except of the columns `changeable`."""
    columns = ", ".join(f"'{column}'" for column in changeable)
    return RunSQL(APPEND_ONLY.format(table=table, columns=columns), f"DROP TRIGGER append_only ON {table}")
