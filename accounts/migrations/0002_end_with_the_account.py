"""Deactivation of an account is final: tokens and sessions from before stay invalid when it is activated again."""

from django.db import migrations

# As a trigger, so that it holds whatever changes `is_active`: a page, the admin, a command or the shell. On both
# changes, because a row read before the first and saved after it would restore the old mark.
FORWARD = """
CREATE FUNCTION accounts_end_with_the_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.security_mark := gen_random_uuid();
    DELETE FROM accounts_apitoken WHERE user_id = NEW.id;
    RETURN NEW;
END $$;

CREATE TRIGGER end_with_the_account BEFORE UPDATE OF is_active ON accounts_user
    FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION accounts_end_with_the_account();
"""
BACKWARD = """
DROP TRIGGER end_with_the_account ON accounts_user;
DROP FUNCTION accounts_end_with_the_account();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
