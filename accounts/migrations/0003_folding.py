from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from web.folding import CREATE_FUNCTION, DROP_FUNCTION, Fold


class Migration(migrations.Migration):
    """The function by which all searches compare texts. Here, because no other app has a table below this one."""

    dependencies = [("accounts", "0002_end_with_the_account")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(CREATE_FUNCTION, DROP_FUNCTION),
        migrations.AddIndex("user", GinIndex(OpClass(Fold("name"), name="gin_trgm_ops"), name="user_name_folded")),
    ]
