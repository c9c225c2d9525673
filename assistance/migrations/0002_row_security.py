"""Adds row-level security to every restricted table, and makes some tables append-only (access/database.py)."""

from django.db import migrations

from assistance.access import database

# Not visits: many know that a visit takes place, and readers of a released section need its visit's State.
RESTRICTED = ("section", "need", "consent", "offer", "match", "project", "releaseplan", "twopersonrule", "document")
# The audience columns of consents may be computed again; all other columns of these tables never change.
APPEND_ONLY = ("consent_needs", "consent_sections", "event", "verification", "documentversion")


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial")]
    operations = [
        database.functions(),
        *(database.row_security_by_day(f"assistance_{name}") for name in RESTRICTED),
        database.append_only("assistance_consent", ("audience_id", "owners_id", "released_until")),
        *(database.append_only(f"assistance_{name}") for name in APPEND_ONLY),
    ]
