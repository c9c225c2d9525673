"""Adds phases, percentages of the States, results, sessions and links of projects."""

import django.core.validators
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from assistance.access import database
from web.migrations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0022_consultations'),
        ('entities', '0005_holidays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.AddField(
                model_name='project',
                name='mode',
                field=models.CharField(blank=True, choices=[('group_project', 'Project of a working group'), ('joint', 'Joint project of several entities'), ('expertise', 'Expertise given to another entity')], max_length=15, verbose_name='form of cooperation'),
            ),
            migrations.AddField(
                model_name='project',
                name='parent',
                field=models.ForeignKey(blank=True, help_text='A joint project that names the lead of this one. Its budget includes that of its parts.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='assistance.project', verbose_name='part of the project'),
            ),
            migrations.AddField(
                model_name='project',
                name='same_as',
                field=models.ForeignKey(editable=False, help_text='The project of another publisher that is the same activity; the two are counted once.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='also_recorded', to='assistance.project', verbose_name='same activity as'),
            ),
            migrations.AlterField(
                model_name='party',
                name='role',
                field=models.CharField(choices=[('designing', 'Designing'), ('funding', 'Funding'), ('accountable', 'Accountable'), ('extending', 'Extending'), ('implementing', 'Implementing')], max_length=12, verbose_name='role'),
            ),
            migrations.CreateModel(
                name='Indicator',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('name', models.CharField(max_length=300, verbose_name='name')),
                    ('unit', models.CharField(choices=[('number', 'A number'), ('percent', 'A percentage'), ('yes_no', 'Yes or no'), ('level', 'Level of implementation'), ('text', 'A text')], max_length=10, verbose_name='unit')),
                    ('baseline', models.CharField(blank=True, max_length=300, verbose_name='baseline')),
                    ('target', models.CharField(blank=True, max_length=300, verbose_name='target')),
                    ('lower_is_better', models.BooleanField(default=False, verbose_name='a lower value is better')),
                    ('project', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='assistance.project')),
                ],
                options={
                    'ordering': ['number', 'id'],
                },
            ),
            migrations.CreateModel(
                name='TrainingSession',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('held_on', models.DateField(verbose_name='day of the session')),
                    ('place', models.CharField(max_length=200, verbose_name='place')),
                    ('trained_women', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='women trained')),
                    ('trained_men', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='men trained')),
                    ('trained_unknown', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='people trained, sex not recorded')),
                    ('confirm_large', models.BooleanField(default=False, help_text='Only needed for numbers from 10,000.', verbose_name='the large numbers are right')),
                    ('project', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='assistance.project')),
                ],
                options={
                    'ordering': ['held_on', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Period',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('target', models.CharField(blank=True, max_length=300, verbose_name='target')),
                    ('actual', models.CharField(blank=True, editable=False, max_length=300, verbose_name='value reported')),
                    ('comment', models.TextField(blank=True, editable=False, verbose_name='comment')),
                    ('status', models.CharField(choices=[('draft', 'Not yet reported'), ('submitted', 'Reported, to be accepted'), ('sent_back', 'Sent back to be corrected'), ('accepted', 'Report accepted')], default='draft', editable=False, max_length=10)),
                    ('reported_at', models.DateTimeField(editable=False, null=True)),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='assistance.indicator')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='organization that reports')),
                    ('reported_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['ends_on', 'starts_on', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='period_dates_in_order')],
                },
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
        database.beside("assistance_indicator"),
        database.read_with("assistance_indicator", "project", "assistance_project"),
        database.beside("assistance_trainingsession"),
        database.read_with("assistance_trainingsession", "project", "assistance_project"),
        database.beside("assistance_period"),
        database.read_with("assistance_period", "indicator", "assistance_indicator"),
        database.beside("assistance_stateshare"),
        database.read_with("assistance_stateshare", "project", "assistance_project"),
    ]
