"""Keeps each address in the one normal form of `accounts/addresses.py`, and compares addresses by it alone."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.addresses import STORED, AddressField, normal_address


def bring_into_normal_form(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rewrite the stored addresses; an address without a normal form, or two alike, stop the migration."""
    users = apps.get_model("accounts", "User").objects
    for user in users.only("email"):
        if user.email != (normal := normal_address(user.email)):
            users.filter(pk=user.pk).update(email=normal)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_sent_and_kept_forms")]
    operations = [
        migrations.RunPython(bring_into_normal_form, migrations.RunPython.noop),
        migrations.RemoveConstraint("user", "user_email_once_in_any_case"),
        migrations.AlterField(
            "user", "email", AddressField(max_length=254, unique=True, verbose_name="email address")
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("email__regex", STORED)), name="user_email_in_normal_form"
            ),
        ),
    ]
