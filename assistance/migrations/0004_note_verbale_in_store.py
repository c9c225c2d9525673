"""Notes verbales move into the one store of files: a consent points at a row there instead of at a path.

What a State attached stays byte for byte as it was received. Consents are append-only, so the trigger rests meanwhile.
"""

import hashlib
import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models, transaction

from files.cleaning.kinds import BEGINNINGS
from files.names import normal_name

REST = "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE assistance_consent DISABLE TRIGGER append_only"
WAKE = "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE assistance_consent ENABLE TRIGGER append_only"


def place_of(pk):
    return Path(settings.MEDIA_ROOT, pk.hex[:2], pk.hex)


def move(source, target):
    """Copy now, remove when all is settled: a migration that is undone has lost nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    target.chmod(0o600)
    transaction.on_commit(lambda: source.unlink(missing_ok=True))


def into_store(apps, schema_editor):
    consents = apps.get_model("assistance", "Consent")
    files = apps.get_model("files", "StoredFile")
    for consent in consents.objects.exclude(note_path="").iterator(chunk_size=200):
        source = Path(settings.MEDIA_ROOT, consent.note_path.name)
        if not source.exists():
            continue
        content = source.read_bytes()
        kind = next((kind for first, kind in BEGINNINGS.items() if content.startswith(first)), "application/pdf")
        stored = files.objects.create(
            id=uuid.uuid4(), owner=consent.state_id, name=normal_name(consent.note_verbale_name, kind), media_type=kind,
            size=len(content), sha256=hashlib.sha256(content).hexdigest(), scan="not_required",
        )
        move(source, place_of(stored.id))
        consents.objects.filter(pk=consent.pk).update(note_verbale=stored)


def out_of_store(apps, schema_editor):
    consents = apps.get_model("assistance", "Consent")
    files = apps.get_model("files", "StoredFile")
    for consent in consents.objects.exclude(note_verbale=None).select_related("note_verbale").iterator(chunk_size=200):
        stored = consent.note_verbale
        path = f"notes-verbales/{consent.pk}"
        if place_of(stored.pk).exists():
            move(place_of(stored.pk), Path(settings.MEDIA_ROOT, path))
        consents.objects.filter(pk=consent.pk).update(note_verbale=None, note_path=path, note_verbale_name=stored.name)
        files.objects.filter(pk=stored.pk).delete()


class Migration(migrations.Migration):
    dependencies = [("assistance", "0003_audience_groups"), ("files", "0001_initial")]
    operations = [
        migrations.RenameField("consent", "note_verbale", "note_path"),
        migrations.AddField(
            "consent",
            "note_verbale",
            models.ForeignKey(
                "files.StoredFile", django.db.models.deletion.PROTECT, null=True, blank=True, related_name="+",
                verbose_name="note verbale",
            ),
        ),
        migrations.RunSQL(REST, WAKE),
        migrations.RunPython(into_store, out_of_store),
        migrations.RunSQL(WAKE, REST),
        migrations.RemoveField("consent", "note_path"),
        migrations.RemoveField("consent", "note_verbale_name"),
    ]
