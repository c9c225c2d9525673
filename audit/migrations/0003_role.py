"""The database role of the web and worker processes: it works on all tables but can only add to the log."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations

ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"

# Roles belong to the whole cluster: another database may be creating the same one at this moment.
CREATE = f"""
DO $$ BEGIN
    CREATE ROLE {{role}} {ATTRIBUTES};
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
GRANT = """
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
REVOKE ALL ON audit_entry, audit_seal, audit_unsealed FROM {role};
GRANT SELECT, INSERT ON audit_entry TO {role};
GRANT SELECT ON audit_seal TO {role};
"""
# The role itself is not dropped: other databases of the cluster may use it.
REVOKE = """
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON SEQUENCES FROM {role};
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role};
REVOKE ALL ON SCHEMA {schema} FROM {role};
"""


def forward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        role = schema_editor.quote_name(settings.DATABASE_ROLE)
        ensure_role(cursor, role)
        run(cursor, GRANT, role)


def backward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        run(cursor, REVOKE, schema_editor.quote_name(settings.DATABASE_ROLE))


def ensure_role(cursor, role):
    """Create the role if it is missing. Raises ImproperlyConfigured if it is too powerful or may not be created."""
    name = settings.DATABASE_ROLE
    command = f"CREATE ROLE {role} {ATTRIBUTES} PASSWORD '…';"
    cursor.execute("SELECT rolcreaterole OR rolsuper, rolname = %s FROM pg_roles WHERE rolname = current_user", [name])
    may_create, is_owner = cursor.fetchone()
    if is_owner:
        raise ImproperlyConfigured(
            f"The tables must not belong to {name}, the role the portal works as (DATABASE_ROLE): run migrate as another one."
        )
    found = attributes(cursor, name)
    if found is None and may_create:
        cursor.execute(CREATE.replace("{role}", role))
        if settings.DATABASE_ROLE_PASSWORD:
            cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [settings.DATABASE_ROLE_PASSWORD])
        found = attributes(cursor, name)
    if found is None:
        raise ImproperlyConfigured(
            f"The database role {name} is missing and the owner of the tables may not make it. Let an administrator of "
            f"the database run, with a password of your own: {command}"
        )
    if any(found):
        raise ImproperlyConfigured(
            f"The database role {name} may pass the walls of the database. Let an administrator of the database run: "
            f"ALTER ROLE {role} {ATTRIBUTES};"
        )


def attributes(cursor, name):
    """Return the attributes that would let the role bypass the restrictions, None if there is no such role."""
    cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [name])
    return cursor.fetchone()


def run(cursor, statements, role):
    cursor.execute("SELECT quote_ident(current_schema())")
    schema = cursor.fetchone()[0]
    cursor.execute(statements.replace("{schema}", schema).replace("{role}", role))


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
