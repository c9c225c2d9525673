"""Brings the tables that are read with restricted rows behind row-level security (access/database.py)."""

from django.db import migrations

from assistance.access import database

EVENTS = {
    "section": "section", "need": "need", "consent": "consent", "offer": "offer", "match": "match", "project": "project",
    "release_plan": "releaseplan", "two_person_rule": "twopersonrule", "document": "document",
}  # fmt: skip
OTHERS = (("verification", "need", "need"), ("planline", "plan", "releaseplan"), ("documentversion", "document", "document"))


class Migration(migrations.Migration):
    dependencies = [("assistance", "0004_end_of_the_day")]
    operations = [
        database.beside("assistance_event"),
        *(database.read_with("assistance_event", name, f"assistance_{table}") for name, table in EVENTS.items()),
        database.read_with("assistance_event", "visit", "assistance_visit", has_policy=False),
        *(database.beside(f"assistance_{table}") for table, _column, _parent in OTHERS),
        *(database.read_with(f"assistance_{table}", column, f"assistance_{parent}") for table, column, parent in OTHERS),
    ]
