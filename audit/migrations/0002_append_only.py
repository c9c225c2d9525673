"""Entries and seals are append-only; a trigger out of the application role's reach chains them at commit."""

from django.db import migrations

# Two steps, because of locks: at commit the deferred checks run in the order they were queued in; those of foreign
# keys may wait for rows that another transaction locks. The first step only queues the second, which so runs after
# them all: the lock on the chain is the last one a transaction takes, and nobody who holds it waits for another.
FORWARD = """
CREATE TABLE audit_unsealed (entry_id bigint PRIMARY KEY);

CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp
AS $$
BEGIN
    INSERT INTO audit_unsealed VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    head audit_seal;
    content text;
BEGIN
    PERFORM pg_advisory_xact_lock('audit_seal'::regclass::oid::bigint);
    SELECT * INTO head FROM audit_seal ORDER BY position DESC LIMIT 1;
    SELECT jsonb_strip_nulls(to_jsonb(entry))::text INTO STRICT content FROM audit_entry entry WHERE id = NEW.entry_id;
    INSERT INTO audit_seal (position, entry_id, previous, hash) VALUES (
        coalesce(head.position, 0) + 1,
        NEW.entry_id,
        coalesce(head.hash, ''),
        sha256(coalesce(head.hash, '') || convert_to(content, 'UTF8'))
    );
    DELETE FROM audit_unsealed WHERE entry_id = NEW.entry_id;
    RETURN NULL;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER stamp BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_stamp();
CREATE CONSTRAINT TRIGGER queue AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_queue();
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON audit_unsealed DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""
BACKWARD = """
DROP TRIGGER queue ON audit_entry;
DROP TRIGGER stamp ON audit_entry;
DROP TRIGGER append_only ON audit_seal;
DROP TRIGGER append_only ON audit_entry;
DROP TABLE audit_unsealed;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_queue();
DROP FUNCTION audit_stamp();
DROP FUNCTION audit_append_only();
"""


def forward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        # A function that runs with the owner's rights must not find its tables through the caller's search path.
        cursor.execute(FORWARD.replace("{schema}", cursor.fetchone()[0]))


def backward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BACKWARD)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
