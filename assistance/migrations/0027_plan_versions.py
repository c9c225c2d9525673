"""Keeps title and period of a plan with each version that was agreed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0026_project_comments'),
    ]

    operations = [
        migrations.AddField(
            model_name='planedition',
            name='header',
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
