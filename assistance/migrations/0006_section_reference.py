"""A section of a report gets a reference of its own, which tells a reader nothing of the visit it belongs to."""

import assistance.workflow.references
from django.db import migrations, models


def fill(apps, schema_editor):
    for section in apps.get_model("assistance", "Section").objects.only("pk").iterator(chunk_size=500):
        section.reference = assistance.workflow.references.section_reference()
        section.save(update_fields=["reference"])


class Migration(migrations.Migration):
    dependencies = [("assistance", "0005_wall")]
    operations = [
        migrations.AddField(
            "section",
            "reference",
            models.CharField(default="", editable=False, max_length=12, verbose_name="reference"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "section",
            "reference",
            models.CharField(
                default=assistance.workflow.references.section_reference,
                editable=False,
                max_length=12,
                unique=True,
                verbose_name="reference",
            ),
        ),
    ]
