"""Consents, events and verifications are append-only in the database too; only where a consent points may be recomputed."""

from django.db import migrations

GUARD = """
CREATE FUNCTION assistance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE index_columns text[] := ARRAY['audience_id', 'owners_id', 'released_until'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - index_columns = to_jsonb(NEW) - index_columns THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TABLES = (
    "assistance_consent",
    "assistance_consent_needs",
    "assistance_consent_sections",
    "assistance_event",
    "assistance_verification",
)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial")]
    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION assistance_append_only()"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION assistance_append_only()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in TABLES
        ],
    ]
