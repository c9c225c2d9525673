"""A person deactivated is out for good: nothing that opened before opens again when the account does."""

from django.db import migrations

# In the database, so that it holds whatever sets the mark: a page, the administration, a command or the shell. At both
# turns, because a row read before the first and saved after it would write the old mark back.
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
