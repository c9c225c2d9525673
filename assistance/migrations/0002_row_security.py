"""Row-level security for every restricted table, and tables that are only added to (access/database.py)."""

from django.db import migrations

from assistance.access import database

# Not visits: that one takes place is known to many, and a released section is read together with its visit's State.
RESTRICTED = ("section", "need", "consent", "offer", "match", "project", "release", "twopersonrule", "document")
# Consents keep where they point, which may be worked out again; all else of these tables never changes.
APPEND_ONLY = ("consent_needs", "consent_sections", "event", "verification", "documentversion")


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial")]
    operations = [
        database.functions(),
        *(database.row_security(f"assistance_{name}") for name in RESTRICTED),
        database.append_only("assistance_consent", database.AUDIENCE_COLUMNS),
        *(database.append_only(f"assistance_{name}") for name in APPEND_ONLY),
    ]
