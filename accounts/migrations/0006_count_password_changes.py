"""Ends tokens and sessions by a count of password changes, which storing the same password anew does not move."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.crypto import constant_time_compare, salted_hmac


def remove_ended_tokens(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the tokens whose mark does not fit the password of their owner: they have ended and stay so."""
    for token in apps.get_model("accounts", "ApiToken").objects.select_related("user"):
        mark = salted_hmac("accounts.password_mark", token.user.password, algorithm="sha256").hexdigest()
        if not constant_time_compare(token.password_mark, mark):
            token.delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_addresses_in_normal_form")]
    operations = [
        migrations.RunPython(remove_ended_tokens, migrations.RunPython.noop),
        migrations.RemoveField("apitoken", "password_mark"),
        migrations.AddField(
            "apitoken",
            "password_changes",
            models.PositiveIntegerField(default=0, help_text="Of its owner, when it was issued."),
        ),
        migrations.AddField(
            "user",
            "password_changes",
            models.PositiveIntegerField(
                default=0, editable=False, help_text="How often it was set; sessions and tokens of before then end."
            ),
        ),
    ]
