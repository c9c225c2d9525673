"""Adds what hangs on a match: reports, contacts, the thread and feedback, read by the owners of the match alone."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from assistance.access import database

TABLES = ("report", "contact", "threadmessage", "feedback")


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0013_cycles_of_needs'),
        ('entities', '0005_holidays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='match',
            name='end_settled_at',
            field=models.DateTimeField(editable=False, help_text='When the State confirmed the end, or could no longer dispute it.', null=True),
        ),
        migrations.AddField(
            model_name='match',
            name='ended_at',
            field=models.DateTimeField(editable=False, help_text='When its provider ended it.', null=True),
        ),
        migrations.AddField(
            model_name='match',
            name='ended_outcome',
            field=models.CharField(blank=True, choices=[('helped', 'Helped'), ('could_not_help', 'Could not help'), ('not_reachable', 'State not reachable')], editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name='match',
            name='status',
            field=models.CharField(choices=[('suggested', 'Suggested to provider'), ('proposed', 'Proposed to the State'), ('accepted', 'Accepted'), ('in_delivery', 'In progress'), ('delivered', 'Delivered'), ('declined', 'Declined'), ('retracted', 'Withdrawn'), ('lapsed', 'Lapsed (no response)'), ('ended', 'Ended without delivery')], editable=False, max_length=20, verbose_name='status'),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('on', models.DateField(verbose_name='on')),
                ('how', models.CharField(choices=[('mail', 'Email or letter'), ('call', 'Telephone or video call'), ('meeting', 'Meeting'), ('visit', 'Visit on site')], max_length=10, verbose_name='how')),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('result', models.TextField(help_text='For example: no answer.', verbose_name='result')),
                ('next_step', models.CharField(blank=True, max_length=300, verbose_name='next step')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='assistance.match')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
            ],
            options={
                'ordering': ['-on', '-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ThreadMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('text', models.TextField(verbose_name='message')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='thread', to='assistance.match')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('useful', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='how useful it was')),
                ('on_time', models.BooleanField(verbose_name='it was given on time')),
                ('would_ask_again', models.BooleanField(verbose_name='we would ask this provider again')),
                ('words', models.TextField(blank=True, verbose_name='in your words')),
                ('changed_at', models.DateTimeField(editable=False, null=True)),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='assistance.match')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('useful__gte', 1), ('useful__lte', 5)), name='feedback_useful_one_to_five')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('period_from', models.DateField(verbose_name='first day of the period')),
                ('period_to', models.DateField(verbose_name='last day of the period')),
                ('what', models.TextField(verbose_name='what was done')),
                ('trained_women', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='women trained')),
                ('trained_men', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='men trained')),
                ('trained_unknown', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='people trained, sex not recorded')),
                ('expert_days', models.PositiveIntegerField(blank=True, default=0, validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='days of experts')),
                ('places_used', models.PositiveIntegerField(blank=True, default=0, help_text='For example seats in courses of the offer.', validators=[django.core.validators.MaxValueValidator(10000000)], verbose_name='places used')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], max_length=10), blank=True, default=list, size=None, verbose_name='languages of the assistance')),
                ('documents', models.TextField(blank=True, help_text='Name what proves the figures, such as lists of participants. Files are attached to the match.', verbose_name='documents named')),
                ('is_final', models.BooleanField(default=False, verbose_name='this is the final report')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='assistance.match')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
            ],
            options={
                'ordering': ['-period_to', '-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('period_to__gte', models.F('period_from'))), name='report_ends_after_its_start')],
            },
        ),
        *(database.beside(f"assistance_{name}") for name in TABLES),
        *(database.read_with(f"assistance_{name}", "match", "assistance_match", owners=True) for name in TABLES),
        *(database.append_only(f"assistance_{name}") for name in TABLES[:-1]),
        database.append_only(
            "assistance_feedback",
            ("useful", "on_time", "would_ask_again", "words", "changed_at", "by_id", "organisation_id"),
        ),
    ]
