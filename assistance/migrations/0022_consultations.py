"""Adds consultations of programmes with States, their rounds, and what stands in these."""

import assistance.consultations.models
import assistance.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from assistance.access import database
from assistance.search import columns_of
from web.migrations import Together

TABLE, ROUNDS = "assistance_consultation", "assistance_round"
PARTS = ("assistance_roundfinding", "assistance_parameter", "assistance_roundcomment")


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('assistance', '0021_spreadsheets'),
        ('entities', '0006_programme_parts'),
    ]

    operations = [
        Together(
            operations=[migrations.CreateModel(
                name='Consultation',
                fields=[
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('reference', models.CharField(default=assistance.consultations.models.consultation_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('provision', models.CharField(blank=True, help_text='For example: operative paragraph 2 (e).', max_length=120, verbose_name='provision')),
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='entities.instrument', verbose_name='instrument')),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='entities.programme', verbose_name='programme')),
                    ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='entities.organisation', verbose_name='State')),
                ],
                options={
                    'verbose_name': 'consultation',
                    'verbose_name_plural': 'consultations',
                    'ordering': ['-modified_at', '-id'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='consultation_list')],
                },
            ), migrations.CreateModel(
                name='Round',
                fields=[
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('reference', models.CharField(default=assistance.consultations.models.round_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='number')),
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('mode', models.CharField(choices=[('on_site', 'On site'), ('hybrid', 'Hybrid'), ('virtual', 'Virtual')], max_length=10, verbose_name='mode')),
                    ('participants', models.TextField(blank=True, help_text='National bodies and entities, one per line.', verbose_name='participants')),
                    ('participants_ar', models.TextField(blank=True, help_text='National bodies and entities, one per line.', null=True, verbose_name='participants')),
                    ('participants_en', models.TextField(blank=True, help_text='National bodies and entities, one per line.', null=True, verbose_name='participants')),
                    ('participants_es', models.TextField(blank=True, help_text='National bodies and entities, one per line.', null=True, verbose_name='participants')),
                    ('participants_fr', models.TextField(blank=True, help_text='National bodies and entities, one per line.', null=True, verbose_name='participants')),
                    ('participants_ru', models.TextField(blank=True, help_text='National bodies and entities, one per line.', null=True, verbose_name='participants')),
                    ('participants_zh_hans', models.TextField(blank=True, help_text='National bodies and entities, one per line.', null=True, verbose_name='participants')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', editable=False, max_length=10, verbose_name='status')),
                    ('comments_until', models.DateField(editable=False, null=True)),
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='assistance.consultation', verbose_name='consultation')),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('programme', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.programme')),
                    ('state', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='State')),
                ],
                options={
                    'verbose_name': 'round of consultations',
                    'verbose_name_plural': 'rounds of consultations',
                    'ordering': ['consultation_id', 'number'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='round_list')],
                    'constraints': [models.UniqueConstraint(fields=('consultation', 'number'), name='round_number_once'), models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('consultation',), name='round_open_once'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='round_dates_in_order')],
                },
            ), migrations.CreateModel(
                name='Parameter',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('name', models.CharField(max_length=300, verbose_name='priority and its indicator')),
                    ('unit', models.CharField(choices=[('number', 'A number'), ('percent', 'A percentage'), ('yes_no', 'Yes or no'), ('level', 'Level of implementation'), ('text', 'A text')], max_length=10, verbose_name='unit')),
                    ('lower_is_better', models.BooleanField(default=False, verbose_name='lower is better')),
                    ('baseline', models.TextField(blank=True, verbose_name='baseline')),
                    ('baseline_on', models.DateField(blank=True, null=True, verbose_name='baseline as of')),
                    ('source', models.CharField(blank=True, max_length=300, verbose_name='source of the baseline')),
                    ('target', models.TextField(blank=True, verbose_name='target')),
                    ('target_by', models.DateField(blank=True, null=True, verbose_name='target to be reached by')),
                    ('means', models.CharField(blank=True, max_length=300, verbose_name='means of verification')),
                    ('round', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='parameters', to='assistance.round')),
                ],
                options={
                    'verbose_name': 'indicator',
                    'verbose_name_plural': 'indicators',
                    'ordering': ['number', 'id'],
                },
            ), migrations.CreateModel(
                name='RoundComment',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('text', models.TextField(verbose_name='comment')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('round', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='assistance.round')),
                ],
                options={
                    'ordering': ['at', 'id'],
                },
            ), migrations.CreateModel(
                name='RoundFinding',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('framework', models.CharField(choices=[('legislative', 'Legislative'), ('institutional', 'Institutional'), ('operational', 'Operational'), ('response_capacity', 'Capacity to respond')], max_length=20, verbose_name='framework')),
                    ('level', models.CharField(choices=[('none', 'None'), ('partial', 'Partial'), ('substantial', 'Substantial'), ('full', 'Full'), ('not_assessed', 'Not assessed')], default='not_assessed', help_text='How far the instrument is implemented.', max_length=20, verbose_name='level of implementation')),
                    ('current_state', models.TextField(verbose_name='current state')),
                    ('gap', models.TextField(blank=True, help_text='What the State lacks to meet the requirement.', verbose_name='gap')),
                    ('challenge', models.TextField(blank=True, verbose_name='challenge')),
                    ('intervention', models.TextField(blank=True, help_text='What is done about it already, and by whom.', verbose_name='assistance already given')),
                    ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                    ('instrument', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.instrument', verbose_name='instrument')),
                    ('need', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='round_findings', to='assistance.need')),
                    ('round', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='assistance.round')),
                    ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.theme', verbose_name='theme')),
                ],
                options={
                    'verbose_name': 'finding',
                    'verbose_name_plural': 'findings',
                    'ordering': ['number', 'id'],
                },
            ), migrations.CreateModel(
                name='ConsultationTexts',
                fields=[
                    ('plain', models.TextField()),
                    ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.consultation')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), gin_pending_list_limit=512, name='consultation_plain'), django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), gin_pending_list_limit=512, name='consultation_pairs')],
                },
            ), migrations.RemoveConstraint(
                model_name='due',
                name='due_about_one_row',
            ), migrations.RemoveConstraint(
                model_name='planline',
                name='line_about_one_row',
            ), migrations.AddField(
                model_name='event',
                name='consultation',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.consultation'),
            ), migrations.AddField(
                model_name='consent',
                name='rounds',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.round'),
            ), migrations.AddField(
                model_name='due',
                name='round',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='assistance.round'),
            ), migrations.AddField(
                model_name='event',
                name='round',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.round'),
            ), migrations.AddField(
                model_name='planline',
                name='round',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.round'),
            ), migrations.AddIndex(
                model_name='due',
                index=models.Index(condition=models.Q(('round__isnull', False)), fields=['round'], name='due_of_round'),
            ), migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('consultation__isnull', False)), fields=['consultation'], name='event_of_consultation'),
            ), migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('round__isnull', False)), fields=['round'], name='event_of_round'),
            ), migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('round__isnull', False)), fields=['round'], name='line_of_round'),
            ), migrations.AddConstraint(
                model_name='due',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('round__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('round__isnull', False), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', False)), _connector='OR'), name='due_about_one_row'),
            ), migrations.AddConstraint(
                model_name='due',
                constraint=models.UniqueConstraint(fields=('round', 'kind', 'starts_at'), name='due_once_per_round'),
            ), migrations.AddConstraint(
                model_name='planline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', False), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', False), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', False), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', False), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', False), ('round__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', False), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', False)), _connector='OR'), name='line_about_one_row'),
            ), migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'round'), name='line_once_per_round'),
            )],
        ),
        database.row_security(TABLE),
        database.row_security(ROUNDS),
        database.read_with("assistance_event", "consultation", TABLE),
        database.read_with("assistance_event", "round", ROUNDS),
        *(database.beside(name) for name in PARTS),
        *(database.read_with(name, "round", ROUNDS) for name in PARTS[:2]),
        database.read_with(PARTS[2], "round", ROUNDS, owners=True),
        database.append_only(PARTS[2]),
        database.append_only("assistance_consent_rounds"),
        *database.searched(TABLE, columns_of("title")),
    ]
