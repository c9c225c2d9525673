"""Adds deadlines, with row-level security, and the days on which people wish to be asked again."""


import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from assistance.access import database


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0009_letters'),
        ('entities', '0005_holidays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateField()),
                ('ends_at', models.DateTimeField(help_text='When that day begins where the person is.')),
                ('asked_at', models.DateTimeField(help_text='When the person was asked again.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Due',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(editable=False, help_text='The kind of the clock (`Clock.kind`).', max_length=40)),
                ('starts_at', models.DateTimeField(editable=False)),
                ('counts_from', models.DateTimeField(editable=False, null=True)),
                ('left', models.DurationField(editable=False)),
                ('due_at', models.DateTimeField(editable=False, help_text='Empty while it is paused.', null=True)),
                ('rung', models.PositiveSmallIntegerField(default=0, editable=False, help_text='How many reminders are behind it.')),
                ('next_at', models.DateTimeField(editable=False, help_text='When to look at it: a reminder, or the end.', null=True)),
                ('reminded_at', models.DateTimeField(editable=False, null=True)),
                ('nudged_at', models.DateTimeField(editable=False, help_text='When a person last sent a reminder.', null=True)),
                ('done_at', models.DateTimeField(editable=False, null=True)),
                ('done_how', models.CharField(blank=True, choices=[('event', 'Answered'), ('waived', 'Waived'), ('lapsed', 'Lapsed')], editable=False, max_length=10)),
                ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ('match', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='assistance.match')),
                ('owed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                ('owed_to', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ('visit', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='assistance.visit')),
            ],
            options={
                'verbose_name': 'deadline',
                'verbose_name_plural': 'deadlines',
                'ordering': ['due_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='due',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.due'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('due__isnull', False)), fields=['due'], name='event_of_due'),
        ),
        migrations.AddField(
            model_name='snooze',
            name='due',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snoozes', to='assistance.due'),
        ),
        migrations.AddField(
            model_name='snooze',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['next_at'], name='due_next'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['due_at', 'id'], name='due_open'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['owed_by', 'due_at'], name='due_by'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('visit__isnull', False)), fields=['visit'], name='due_of_visit'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(condition=models.Q(('match__isnull', False)), fields=['match'], name='due_of_match'),
        ),
        migrations.AddConstraint(
            model_name='due',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('match__isnull', False), ('visit__isnull', True)), models.Q(('match__isnull', True), ('visit__isnull', False)), _connector='OR'), name='due_about_one_row'),
        ),
        migrations.AddConstraint(
            model_name='due',
            constraint=models.UniqueConstraint(fields=('match', 'kind', 'starts_at'), name='due_once_per_match'),
        ),
        migrations.AddConstraint(
            model_name='due',
            constraint=models.UniqueConstraint(fields=('visit', 'kind', 'starts_at'), name='due_once_per_visit'),
        ),
        migrations.AddIndex(
            model_name='snooze',
            index=models.Index(condition=models.Q(('asked_at__isnull', True)), fields=['ends_at'], name='snooze_next'),
        ),
        migrations.AddConstraint(
            model_name='snooze',
            constraint=models.UniqueConstraint(fields=('due', 'person'), name='snooze_once_per_person'),
        ),
        database.row_security("assistance_due"),
        database.read_with("assistance_event", "due", "assistance_due"),
        database.beside("assistance_snooze"),
        database.read_with("assistance_snooze", "due", "assistance_due"),
    ]
