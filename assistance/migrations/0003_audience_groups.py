"""An audience keeps its set of groups beside the grants, so that tampered grants can be made again."""

import django.contrib.postgres.fields
from django.db import migrations, models


def fill(apps, schema_editor):
    for audience in apps.get_model("assistance", "Audience").objects.prefetch_related("grants").iterator(chunk_size=500):
        audience.groups = sorted(grant.group_id for grant in audience.grants.all())
        audience.save(update_fields=["groups"])


class Migration(migrations.Migration):
    dependencies = [("assistance", "0002_append_only")]
    operations = [
        migrations.AddField(
            "audience",
            "groups",
            django.contrib.postgres.fields.ArrayField(models.IntegerField(), default=list, editable=False, size=None),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
