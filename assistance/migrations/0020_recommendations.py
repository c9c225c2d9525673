"""Adds recommendations of visit reports and what is said of them, and the days of a report to visits."""

import assistance.recommendations.models
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

RELEASED = ("recommendation", "observation", "response", "rating")
# What a release or a new computation of the audience changes in a row whose content never changes.
OF_A_RELEASE = (*database.AUDIENCE_COLUMNS, "version", "modified_at")


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('assistance', '0019_assessments'),
        ('entities', '0005_holidays'),
        ('files', '0001_initial'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Recommendation',
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
                    ('reference', models.CharField(default=assistance.recommendations.models.recommendation_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='assistance.visit', verbose_name='visit')),
                    ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='assistance.section', verbose_name='report section')),
                    ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='number')),
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('title', models.CharField(help_text='A short name by which lists show it.', max_length=300, verbose_name='title')),
                    ('title_ar', models.CharField(help_text='A short name by which lists show it.', max_length=300, null=True, verbose_name='title')),
                    ('title_en', models.CharField(help_text='A short name by which lists show it.', max_length=300, null=True, verbose_name='title')),
                    ('title_es', models.CharField(help_text='A short name by which lists show it.', max_length=300, null=True, verbose_name='title')),
                    ('title_fr', models.CharField(help_text='A short name by which lists show it.', max_length=300, null=True, verbose_name='title')),
                    ('title_ru', models.CharField(help_text='A short name by which lists show it.', max_length=300, null=True, verbose_name='title')),
                    ('title_zh_hans', models.CharField(help_text='A short name by which lists show it.', max_length=300, null=True, verbose_name='title')),
                    ('text', models.TextField(verbose_name='text of the recommendation')),
                    ('text_ar', models.TextField(null=True, verbose_name='text of the recommendation')),
                    ('text_en', models.TextField(null=True, verbose_name='text of the recommendation')),
                    ('text_es', models.TextField(null=True, verbose_name='text of the recommendation')),
                    ('text_fr', models.TextField(null=True, verbose_name='text of the recommendation')),
                    ('text_ru', models.TextField(null=True, verbose_name='text of the recommendation')),
                    ('text_zh_hans', models.TextField(null=True, verbose_name='text of the recommendation')),
                    ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='entities.theme', verbose_name='theme')),
                    ('instrument', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='entities.instrument', verbose_name='instrument')),
                    ('provisions', models.CharField(blank=True, help_text='For example: operative paragraphs 2 (e) and 2 (g).', max_length=200, verbose_name='provisions')),
                    ('priority', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=10, verbose_name='priority')),
                    ('priority_reason', models.TextField(blank=True, verbose_name='reason for the priority')),
                    ('adopted_on', models.DateField(blank=True, editable=False, null=True)),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('needs', models.ManyToManyField(blank=True, help_text='The needs of this State that the recommendation leads to.', related_name='recommendations', to='assistance.need', verbose_name='needs')),
                ],
                options={
                    'verbose_name': 'recommendation',
                    'verbose_name_plural': 'recommendations',
                    'ordering': ['visit', 'number'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='recommendation_list')],
                    'constraints': [models.UniqueConstraint(fields=('visit', 'number'), name='recommendation_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Rating',
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
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('reference', models.CharField(default=assistance.recommendations.models.rating_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('recommendation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='assistance.recommendation', verbose_name='recommendation')),
                    ('visit', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='assistance.visit')),
                    ('basis', models.ForeignKey(blank=True, editable=False, help_text='The visit on which the rating is based; empty for a review from the desk.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.visit', verbose_name='basis')),
                    ('number', models.PositiveSmallIntegerField(editable=False, help_text='1 is the first of its recommendation.')),
                    ('rated', models.CharField(choices=[('implemented', 'Implemented'), ('largely', 'Largely implemented'), ('partly', 'Partly implemented'), ('not', 'Not implemented'), ('no_longer_relevant', 'No longer relevant')], max_length=20, verbose_name='rating')),
                    ('why', models.TextField(verbose_name='reason for the rating')),
                    ('why_ar', models.TextField(null=True, verbose_name='reason for the rating')),
                    ('why_en', models.TextField(null=True, verbose_name='reason for the rating')),
                    ('why_es', models.TextField(null=True, verbose_name='reason for the rating')),
                    ('why_fr', models.TextField(null=True, verbose_name='reason for the rating')),
                    ('why_ru', models.TextField(null=True, verbose_name='reason for the rating')),
                    ('why_zh_hans', models.TextField(null=True, verbose_name='reason for the rating')),
                    ('rated_on', models.DateField(editable=False)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'rating of a recommendation',
                    'verbose_name_plural': 'ratings of recommendations',
                    'ordering': ['recommendation_id', '-number'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='rating_list')],
                    'constraints': [models.UniqueConstraint(fields=('recommendation', 'number'), name='rating_number_once')],
                },
            ),
            migrations.CreateModel(
                name='NeedLeft',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('rating', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs_left', to='assistance.rating')),
                    ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.need')),
                    ('reason', models.TextField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('rating', 'need'), name='need_left_once')],
                },
            ),
            migrations.CreateModel(
                name='Observation',
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
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('reference', models.CharField(default=assistance.recommendations.models.observation_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('visit', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='assistance.visit')),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('text', models.TextField(help_text='What is not correct or not complete in the draft, by section.', verbose_name='observations')),
                    ('text_ar', models.TextField(help_text='What is not correct or not complete in the draft, by section.', null=True, verbose_name='observations')),
                    ('text_en', models.TextField(help_text='What is not correct or not complete in the draft, by section.', null=True, verbose_name='observations')),
                    ('text_es', models.TextField(help_text='What is not correct or not complete in the draft, by section.', null=True, verbose_name='observations')),
                    ('text_fr', models.TextField(help_text='What is not correct or not complete in the draft, by section.', null=True, verbose_name='observations')),
                    ('text_ru', models.TextField(help_text='What is not correct or not complete in the draft, by section.', null=True, verbose_name='observations')),
                    ('text_zh_hans', models.TextField(help_text='What is not correct or not complete in the draft, by section.', null=True, verbose_name='observations')),
                    ('sent_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'observations on a draft report',
                    'verbose_name_plural': 'observations on draft reports',
                    'ordering': ['visit', 'number'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='observation_list')],
                    'constraints': [models.UniqueConstraint(fields=('visit', 'number'), name='observation_number_once')],
                },
            ),
            migrations.CreateModel(
                name='RecommendationTexts',
                fields=[
                    ('plain', models.TextField()),
                    ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.recommendation')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), gin_pending_list_limit=512, name='recommendation_plain'), django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), gin_pending_list_limit=512, name='recommendation_pairs')],
                },
            ),
            migrations.CreateModel(
                name='Response',
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
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('reference', models.CharField(default=assistance.recommendations.models.response_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('recommendation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='assistance.recommendation', verbose_name='recommendation')),
                    ('visit', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='assistance.visit')),
                    ('period', models.PositiveSmallIntegerField(editable=False, help_text='The number of the reply: 1 is the first.')),
                    ('said', models.CharField(choices=[('implemented', 'Implemented'), ('under_way', 'Under way'), ('planned', 'Planned'), ('not_accepted', 'Not accepted'), ('no_answer', 'No answer')], max_length=20, verbose_name='status')),
                    ('action', models.TextField(blank=True, verbose_name='action taken')),
                    ('action_ar', models.TextField(blank=True, null=True, verbose_name='action taken')),
                    ('action_en', models.TextField(blank=True, null=True, verbose_name='action taken')),
                    ('action_es', models.TextField(blank=True, null=True, verbose_name='action taken')),
                    ('action_fr', models.TextField(blank=True, null=True, verbose_name='action taken')),
                    ('action_ru', models.TextField(blank=True, null=True, verbose_name='action taken')),
                    ('action_zh_hans', models.TextField(blank=True, null=True, verbose_name='action taken')),
                    ('on', models.DateField(blank=True, null=True, verbose_name='date of the action')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent')], default='draft', editable=False, max_length=10)),
                    ('sent_on', models.DateField(blank=True, editable=False, null=True)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'reply to a recommendation',
                    'verbose_name_plural': 'replies to recommendations',
                    'ordering': ['recommendation_id', '-period'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='response_list')],
                    'constraints': [models.UniqueConstraint(fields=('recommendation', 'period'), name='response_once_per_reply')],
                },
            ),
            migrations.RemoveConstraint(
                model_name='document',
                name='document_hangs_on_one_row',
            ),
            migrations.RemoveConstraint(
                model_name='planline',
                name='line_about_one_row',
            ),
            migrations.AddField(
                model_name='visit',
                name='adopted_on',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='adoption_proposed_by',
                field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='visit',
                name='cancelled_on',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='draft_sent_on',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='final_sent_on',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='followed_up_on',
                field=models.DateField(blank=True, editable=False, help_text='First day of the visit that follows.', null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='follows',
                field=models.ForeignKey(blank=True, help_text='The earlier visit to this State whose recommendations are reviewed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='assistance.visit', verbose_name='follows up on'),
            ),
            migrations.AddField(
                model_name='visit',
                name='host_consent_on',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='observations_ended_on',
                field=models.DateField(blank=True, editable=False, help_text='Without any observations.', null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='observations_until',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='observed_on',
                field=models.DateField(blank=True, editable=False, help_text='Of the latest observations.', null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='priority_needs_agreed_on',
                field=models.DateField(blank=True, help_text='The day on which the State and CTED agreed on the priority needs, for example at the end of the visit.', null=True, verbose_name='priority needs agreed on'),
            ),
            migrations.AddField(
                model_name='visit',
                name='replied_on',
                field=models.DateField(blank=True, editable=False, help_text='Of the latest reply.', null=True),
            ),
            migrations.AddField(
                model_name='visit',
                name='reply_by',
                field=models.DateField(blank=True, editable=False, null=True),
            ),
            migrations.AddField(
                model_name='consent',
                name='observations',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.observation'),
            ),
            migrations.AddField(
                model_name='document',
                name='observation',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.observation'),
            ),
            migrations.AddField(
                model_name='event',
                name='observation',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.observation'),
            ),
            migrations.AddField(
                model_name='planline',
                name='observation',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.observation'),
            ),
            migrations.AddField(
                model_name='consent',
                name='ratings',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.rating'),
            ),
            migrations.AddField(
                model_name='event',
                name='rating',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.rating'),
            ),
            migrations.AddField(
                model_name='planline',
                name='rating',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.rating'),
            ),
            migrations.AddField(
                model_name='consent',
                name='recommendations',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.recommendation'),
            ),
            migrations.AddField(
                model_name='event',
                name='recommendation',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.recommendation'),
            ),
            migrations.AddField(
                model_name='planline',
                name='recommendation',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.recommendation'),
            ),
            migrations.AddField(
                model_name='consent',
                name='responses',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.response'),
            ),
            migrations.AddField(
                model_name='document',
                name='response',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.response'),
            ),
            migrations.AddField(
                model_name='event',
                name='response',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.response'),
            ),
            migrations.AddField(
                model_name='planline',
                name='response',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.response'),
            ),
            migrations.AddIndex(
                model_name='document',
                index=models.Index(condition=models.Q(('observation__isnull', False)), fields=['observation'], name='document_of_observation'),
            ),
            migrations.AddIndex(
                model_name='document',
                index=models.Index(condition=models.Q(('response__isnull', False)), fields=['response'], name='document_of_response'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('recommendation__isnull', False)), fields=['recommendation'], name='event_of_recommendation'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('observation__isnull', False)), fields=['observation'], name='event_of_observation'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('response__isnull', False)), fields=['response'], name='event_of_response'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('rating__isnull', False)), fields=['rating'], name='event_of_rating'),
            ),
            migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('recommendation__isnull', False)), fields=['recommendation'], name='line_of_recommendation'),
            ),
            migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('observation__isnull', False)), fields=['observation'], name='line_of_observation'),
            ),
            migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('response__isnull', False)), fields=['response'], name='line_of_response'),
            ),
            migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('rating__isnull', False)), fields=['rating'], name='line_of_rating'),
            ),
            migrations.AddConstraint(
                model_name='document',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', False), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', False), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', False)), _connector='OR'), name='document_hangs_on_one_row'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', False), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', False), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', False), ('recommendation__isnull', True), ('response__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', False), ('response__isnull', True), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', False), ('section__isnull', True)), models.Q(('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('section__isnull', False)), _connector='OR'), name='line_about_one_row'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'observation'), name='line_once_per_observation'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'rating'), name='line_once_per_rating'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'recommendation'), name='line_once_per_recommendation'),
            ),
            migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'response'), name='line_once_per_response'),
            ),
        ]),
        *(database.row_security(f"assistance_{name}") for name in RELEASED),
        *(database.read_with("assistance_event", name, f"assistance_{name}") for name in RELEASED),
        *(database.append_only(f"assistance_consent_{name}s") for name in RELEASED),
        *database.searched("assistance_recommendation", columns_of("title", "text")),
        database.append_only("assistance_observation", OF_A_RELEASE),
        database.append_only("assistance_rating", OF_A_RELEASE),
        database.append_only("assistance_response", OF_A_RELEASE, when="OLD.status = 'sent'"),
        database.beside("assistance_needleft"),
        database.read_with("assistance_needleft", "rating", "assistance_rating"),
        database.append_only("assistance_needleft"),
    ]
