"""Row-level security binds the owner of the tables too, in databases made before `row_security` included that."""

from django.db import migrations

from assistance.access import database

RESTRICTED = ("section", "need", "consent", "offer", "match", "project", "releaseplan", "twopersonrule", "document",
              "event", "verification", "planline", "documentversion")


class Migration(migrations.Migration):
    dependencies = [("assistance", "0005_security_beside")]
    operations = [database.force_row_security(f"assistance_{name}") for name in RESTRICTED]
