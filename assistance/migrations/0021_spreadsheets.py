"""Adds spreadsheets that were filled in and returned."""

import assistance.spreadsheets.models
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from assistance.access import database
from web.migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0020_recommendations'),
        ('entities', '0005_holidays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Spreadsheet',
                fields=[
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('reference', models.CharField(default=assistance.spreadsheets.models.spreadsheet_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('sheet', models.CharField(editable=False, help_text='The kind of table (`SheetSpec.name`).', max_length=40)),
                    ('about', models.UUIDField(editable=False, help_text='The key of the row that the table is about.')),
                    ('about_reference', models.CharField(editable=False, max_length=12)),
                    ('number', models.CharField(editable=False, help_text='The number that stands in the spreadsheet.', max_length=12)),
                    ('content', models.JSONField(default=dict, editable=False)),
                    ('status', models.CharField(choices=[('received', 'Not yet applied'), ('applied', 'Applied'), ('discarded', 'Discarded')], default='received', editable=False, max_length=10, verbose_name='status')),
                    ('changed', models.PositiveIntegerField(default=0, editable=False, help_text='How many cells were applied.')),
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ],
                options={
                    'verbose_name': 'returned spreadsheet',
                    'verbose_name_plural': 'returned spreadsheets',
                    'ordering': ['-modified_at', '-id'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='spreadsheet_list')],
                },
            ),
            migrations.AddField(
                model_name='event',
                name='spreadsheet',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.spreadsheet'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('spreadsheet__isnull', False)), fields=['spreadsheet'], name='event_of_spreadsheet'),
            ),
        ]),
        database.row_security("assistance_spreadsheet"),
        database.read_with("assistance_event", "spreadsheet", "assistance_spreadsheet"),
    ]
