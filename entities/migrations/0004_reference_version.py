"""Adds the version of the reference lists, and the triggers that change it with them."""

import uuid

from django.db import migrations, models

from entities import reference_versions

LISTS = (
    "instrument", "organisation", "othername", "pillar", "programme", "programme_themes", "region", "theme", "workinggroup",
    "workinggroup_members",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("entities", "0003_natures_of_instruments")]

    operations = [
        migrations.CreateModel(
            name='ReferenceVersion',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('value', models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='reference_version_is_one_row')],
            },
        ),
        reference_versions.function(),
        *(reference_versions.versioned(f"entities_{name}") for name in LISTS),
        migrations.RunSQL("INSERT INTO entities_referenceversion VALUES (1, gen_random_uuid())", migrations.RunSQL.noop),
    ]
