"""Row-level security: the second wall (assistance/access/row_security.py). The owner of the tables, who migrates, passes it."""

from django.db import migrations

GROUPS = """
CREATE FUNCTION portal_groups() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(coalesce(current_setting('portal.groups', true), ''), ',')::integer[]
$$;
CREATE FUNCTION portal_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('portal.today', true), '')::date
$$;
CREATE FUNCTION portal_wall_is_open() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('portal.wall', true), '') = 'open'
$$;
"""
NO_GROUPS = "DROP FUNCTION portal_groups(); DROP FUNCTION portal_today(); DROP FUNCTION portal_wall_is_open();"
# Not visits: that one takes place is known to many, and a released section is read together with its visit's State.
TABLES = ("section", "need", "consent", "offer", "match", "project")

# Each (SELECT …) is worked out once a statement, not once a row.
GRANTED = """(
    SELECT g.content_object_id FROM assistance_audiencegrant g
    WHERE g.group_id = ANY ((SELECT portal_groups())::integer[]))"""
POLICY = f"""
CREATE POLICY wall ON {{table}} USING (
    (SELECT portal_wall_is_open())
    OR (
        audience_id IN {GRANTED}
        AND (released_until IS NULL OR released_until >= (SELECT portal_today()) OR owners_id IN {GRANTED})
    )
);
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
"""
NO_POLICY = "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; DROP POLICY wall ON {table};"


def build(table: str) -> migrations.RunSQL:
    """Return the operation that builds the wall around one table of restricted rows."""
    return migrations.RunSQL(POLICY.format(table=table), NO_POLICY.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("assistance", "0004_note_verbale_in_store")]
    operations = [
        migrations.RunSQL(GROUPS, NO_GROUPS),
        *[build(f"assistance_{name}") for name in TABLES],
    ]
