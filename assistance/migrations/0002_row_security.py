"""Adds row-level security to restricted tables and to those read with them, and makes some append-only (access/database.py)."""

from django.db import migrations

from assistance.access import database

# Not visits: many know that a visit takes place, and readers of a released section need its visit's State.
RESTRICTED = ("section", "need", "consent", "offer", "match", "project", "releaseplan", "twopersonrule", "document")
# The column by which an event points at its row, and the table of that row.
EVENTS = {
    "section": "section", "need": "need", "consent": "consent", "offer": "offer", "match": "match", "project": "project",
    "release_plan": "releaseplan", "two_person_rule": "twopersonrule", "document": "document",
}  # fmt: skip
OTHERS = (("verification", "need", "need"), ("planline", "plan", "releaseplan"), ("documentversion", "document", "document"))
# All columns of these tables never change; of consents, those of the audience may be computed again.
APPEND_ONLY = ("consent_needs", "consent_sections", "event", "verification", "documentversion")


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial")]
    operations = [
        database.functions(),
        database.groups_of_rows("assistance_visit"),
        *(database.row_security(f"assistance_{name}") for name in RESTRICTED),
        database.beside("assistance_event"),
        *(database.read_with("assistance_event", name, f"assistance_{table}") for name, table in EVENTS.items()),
        database.read_with("assistance_event", "visit", "assistance_visit", has_policy=False),
        *(database.beside(f"assistance_{table}") for table, _column, _parent in OTHERS),
        *(database.read_with(f"assistance_{table}", column, f"assistance_{parent}") for table, column, parent in OTHERS),
        database.append_only("assistance_consent", database.AUDIENCE_COLUMNS),
        *(database.append_only(f"assistance_{name}") for name in APPEND_ONLY),
    ]
