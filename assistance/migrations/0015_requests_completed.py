"""Adds corrections of requests, with their row-level security."""

import assistance.workflow.references
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from assistance.access import database


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0014_delivery'),
        ('entities', '0005_holidays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestCorrection',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.correction_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('was', models.TextField(blank=True, editable=False, verbose_name='present entry')),
                ('proposed', models.TextField(blank=True, editable=False, verbose_name='proposed entry')),
                ('why', models.TextField(editable=False, verbose_name='reason')),
                ('field', models.CharField(choices=[('title', 'Title'), ('description', 'Description of the request'), ('deliverable', 'What will exist afterwards'), ('beneficiary', 'Beneficiary institution'), ('provision', 'Provision'), ('quantity', 'Quantity'), ('wanted_by', 'Required by'), ('baseline', 'Baseline'), ('target', 'Target'), ('conditions', 'Conditions')], editable=False, max_length=20, verbose_name='field')),
                ('status', models.CharField(choices=[('proposed', 'Awaiting the State'), ('accepted', 'Accepted by the State'), ('refused', 'Not accepted')], default='proposed', editable=False, max_length=10, verbose_name='status')),
                ('answer', models.TextField(blank=True, editable=False, verbose_name='answer of the State')),
                ('assistance_request', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='assistance.assistancerequest', verbose_name='request')),
                ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ('proposed_as', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment')),
                ('proposed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ['-modified_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='event',
            name='request_correction',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.requestcorrection'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('request_correction__isnull', False)), fields=['request_correction'], name='event_of_request_correction'),
        ),
        migrations.AddIndex(
            model_name='requestcorrection',
            index=models.Index(fields=['-modified_at', '-id'], name='request_correction_list'),
        ),
        database.row_security("assistance_requestcorrection"),
        database.read_with("assistance_event", "request_correction", "assistance_requestcorrection"),
    ]
