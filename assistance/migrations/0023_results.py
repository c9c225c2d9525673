"""Adds who designs a project, how organizations work together in it, and the percentages of its States."""

import django.core.validators
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.db import migrations, models

from assistance.access import database
from web.migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0022_consultations'),
        ('entities', '0005_holidays'),
    ]

    operations = [
        Together([
            migrations.AddField(
                model_name='project',
                name='mode',
                field=models.CharField(blank=True, choices=[('group_project', 'Project of a working group'), ('joint', 'Joint project of several entities'), ('expertise', 'Expertise given to another entity')], max_length=15, verbose_name='form of cooperation'),
            ),
            migrations.AlterField(
                model_name='party',
                name='role',
                field=models.CharField(choices=[('designing', 'Designing'), ('funding', 'Funding'), ('accountable', 'Accountable'), ('extending', 'Extending'), ('implementing', 'Implementing')], max_length=12, verbose_name='role'),
            ),
            migrations.CreateModel(
                name='StateShare',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('percent', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='percentage')),
                    ('project', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='assistance.project')),
                    ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                ],
                options={
                    'ordering': ['state__slug', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'state'), name='project_share_once')],
                },
            ),
        ]),
        database.beside("assistance_stateshare"),
        database.read_with("assistance_stateshare", "project", "assistance_project"),
    ]
