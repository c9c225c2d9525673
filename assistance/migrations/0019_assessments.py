"""Adds assessments by entities, the lines by which the Compact knows of them, their findings, and comments on them."""

import assistance.assessments.models
import assistance.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from assistance.access import database
from assistance.search import columns_of
from web.migrations import Together

TABLE = "assistance_assessment"


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('assistance', '0001_squashed_0018_follows'),
        ('entities', '0005_holidays'),
        ('files', '0001_initial'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='AssessmentLine',
                fields=[
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('entity', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='entity')),
                    ('state', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='State')),
                    ('kind', models.CharField(choices=[('needs_assessment', 'Needs assessment'), ('legal_review', 'Legal review'), ('audit', 'Audit'), ('mutual_evaluation', 'Mutual evaluation'), ('gap_analysis', 'Gap analysis'), ('other', 'Other')], editable=False, max_length=20, verbose_name='type')),
                    ('year', models.PositiveSmallIntegerField(editable=False, help_text='The year in which the assessment ends.', verbose_name='year')),
                    ('same_as', models.ForeignKey(editable=False, help_text='The line of another entity for the same evaluation; the two are counted once.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='also_recorded', to='assistance.assessmentline')),
                    ('is_cancelled', models.BooleanField(default=False, editable=False)),
                    ('themes', models.ManyToManyField(editable=False, related_name='+', to='entities.theme', verbose_name='themes')),
                ],
                options={
                    'verbose_name': 'assessment known to the Compact',
                    'verbose_name_plural': 'assessments known to the Compact',
                    'ordering': ['-modified_at', '-id'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='assessment_line_list'), models.Index(fields=['state', '-year'], name='assessment_line_of_state')],
                },
            ),
            migrations.CreateModel(
                name='Assessment',
                fields=[
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('reference', models.CharField(default=assistance.assessments.models.assessment_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='entities.organisation', verbose_name='entity')),
                    ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments_of_it', to='entities.organisation', verbose_name='State')),
                    ('kind', models.CharField(choices=[('needs_assessment', 'Needs assessment'), ('legal_review', 'Legal review'), ('audit', 'Audit'), ('mutual_evaluation', 'Mutual evaluation'), ('gap_analysis', 'Gap analysis'), ('other', 'Other')], max_length=20, verbose_name='type')),
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('summary', models.TextField(blank=True, help_text='The scope, and the result once it is known.', verbose_name='summary')),
                    ('summary_ar', models.TextField(blank=True, help_text='The scope, and the result once it is known.', null=True, verbose_name='summary')),
                    ('summary_en', models.TextField(blank=True, help_text='The scope, and the result once it is known.', null=True, verbose_name='summary')),
                    ('summary_es', models.TextField(blank=True, help_text='The scope, and the result once it is known.', null=True, verbose_name='summary')),
                    ('summary_fr', models.TextField(blank=True, help_text='The scope, and the result once it is known.', null=True, verbose_name='summary')),
                    ('summary_ru', models.TextField(blank=True, help_text='The scope, and the result once it is known.', null=True, verbose_name='summary')),
                    ('summary_zh_hans', models.TextField(blank=True, help_text='The scope, and the result once it is known.', null=True, verbose_name='summary')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('is_public', models.BooleanField(default=False, help_text='If so, all entities of the Compact can read this assessment.', verbose_name='the report is public')),
                    ('public_link', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=('https', 'http'))], verbose_name='link to the public report')),
                    ('same_as', models.ForeignKey(blank=True, help_text='The assessment of another entity that records the same evaluation. The two are counted once.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.assessmentline', verbose_name='same evaluation as')),
                    ('status', models.CharField(choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('done', 'Finished'), ('cancelled', 'Cancelled')], default='planned', editable=False, max_length=10, verbose_name='status')),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('themes', models.ManyToManyField(related_name='assessments', to='entities.theme', verbose_name='themes')),
                    ('instruments', models.ManyToManyField(blank=True, help_text='The instruments against which the State is assessed.', related_name='assessments', to='entities.instrument', verbose_name='instruments')),
                ],
                options={
                    'verbose_name': 'assessment',
                    'verbose_name_plural': 'assessments',
                    'ordering': ['-modified_at', '-id'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='assessment_list')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='assessment_dates_in_order'), models.CheckConstraint(condition=models.Q(('is_public', False), models.Q(('public_link', ''), _negated=True), _connector='OR'), name='assessment_public_with_link')],
                },
            ),
            migrations.CreateModel(
                name='AssessmentTexts',
                fields=[
                    ('plain', models.TextField()),
                    ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.assessment')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), gin_pending_list_limit=512, name='assessment_plain'), django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), gin_pending_list_limit=512, name='assessment_pairs')],
                },
            ),
            migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('assessment', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='assistance.assessment')),
                    ('text', models.TextField(verbose_name='comment')),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['at', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Finding',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('assessment', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='assistance.assessment')),
                    ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='number')),
                    ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.theme', verbose_name='theme')),
                    ('framework', models.CharField(choices=[('legislative', 'Legislative'), ('institutional', 'Institutional'), ('operational', 'Operational'), ('response_capacity', 'Capacity to respond')], max_length=20, verbose_name='framework')),
                    ('text', models.TextField(verbose_name='what was found')),
                    ('is_gap', models.BooleanField(default=False, help_text='Something that the State lacks to meet its obligations.', verbose_name='this is a gap')),
                    ('need', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='assistance.need')),
                ],
                options={
                    'verbose_name': 'finding',
                    'verbose_name_plural': 'findings',
                    'ordering': ['number', 'id'],
                },
            ),
        ]),
        Together([
            migrations.AddField(
                model_name='assessmentline',
                name='assessment',
                field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='line', to='assistance.assessment'),
            ),
            migrations.RemoveConstraint(
                model_name='document',
                name='document_hangs_on_one_row',
            ),
            migrations.RemoveConstraint(
                model_name='due',
                name='due_about_one_row',
            ),
            migrations.RemoveConstraint(
                model_name='planline',
                name='line_about_one_row',
            ),
            migrations.AddField(
                model_name='consent',
                name='assessments',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.assessment'),
            ),
            migrations.AddField(
                model_name='document',
                name='assessment',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.assessment'),
            ),
            migrations.AddField(
                model_name='due',
                name='assessment',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='assistance.assessment'),
            ),
            migrations.AddField(
                model_name='event',
                name='assessment',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.assessment'),
            ),
            migrations.AddField(
                model_name='planline',
                name='assessment',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.assessment'),
            ),
            migrations.AddIndex(
                model_name='document',
                index=models.Index(condition=models.Q(('assessment__isnull', False)), fields=['assessment'], name='document_of_assessment'),
            ),
            migrations.AddIndex(
                model_name='due',
                index=models.Index(condition=models.Q(('assessment__isnull', False)), fields=['assessment'], name='due_of_assessment'),
            ),
            migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('assessment__isnull', False)), fields=['assessment'], name='line_of_assessment'),
            ),
            migrations.AddConstraint(
                model_name='document',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', False), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', False)), _connector='OR'), name='document_hangs_on_one_row'),
            ),
            migrations.AddConstraint(
                model_name='due',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('visit__isnull', False)), _connector='OR'), name='due_about_one_row'),
            ),
            migrations.AddConstraint(
                model_name='due',
                constraint=models.UniqueConstraint(fields=('assessment', 'kind', 'starts_at'), name='due_once_per_assessment'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('need__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', False), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('section__isnull', False)), _connector='OR'), name='line_about_one_row'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'assessment'), name='line_once_per_assessment'),
            ),
            migrations.AddField(
                model_name='event',
                name='assessment_line',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.assessmentline'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('assessment__isnull', False)), fields=['assessment'], name='event_of_assessment'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('assessment_line__isnull', False)), fields=['assessment_line'], name='event_of_assessment_line'),
            ),
        ]),
        database.row_security(TABLE),
        database.row_security("assistance_assessmentline"),
        database.read_with("assistance_event", "assessment", TABLE),
        database.read_with("assistance_event", "assessment_line", "assistance_assessmentline"),
        *(database.beside(name) for name in ("assistance_finding", "assistance_comment")),
        database.read_with("assistance_finding", "assessment", TABLE),
        database.read_with("assistance_comment", "assessment", TABLE, owners=True),
        database.append_only("assistance_comment"),
        database.append_only("assistance_consent_assessments"),
        *database.searched(TABLE, columns_of("title", "summary")),
    ]
