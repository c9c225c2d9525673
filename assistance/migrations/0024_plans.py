"""Adds roadmaps and national plans, their steps, and what stands in these."""

import assistance.currencies
import assistance.plans.models
import assistance.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from assistance.access import database
from assistance.search import columns_of
from web.migrations import Together

PLANS, STEPS = "assistance_actionplan", "assistance_planstep"
WITH_STEPS = ("assistance_stepobligation", "assistance_stepcost", "assistance_stepreport")
COMMENTS, EDITIONS = "assistance_stepcomment", "assistance_planedition"


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('assistance', '0023_results'),
        ('entities', '0006_programme_parts'),
        ('files', '0001_initial'),
    ]

    operations = [
        Together(
            operations=[migrations.CreateModel(
                name='ActionPlan',
                fields=[
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('reference', models.CharField(default=assistance.plans.models.plan_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('kind', models.CharField(choices=[('roadmap', 'National roadmap'), ('national_plan', 'National action plan')], max_length=20, verbose_name='kind')),
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('provision', models.CharField(blank=True, editable=False, max_length=120, verbose_name='provision')),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('with_state', 'With the State'), ('agreed', 'Agreed')], default='draft', editable=False, max_length=12, verbose_name='status')),
                    ('edition', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                    ('put_on', models.DateField(editable=False, null=True)),
                    ('answer_by', models.DateField(editable=False, null=True)),
                    ('agreed_on', models.DateField(editable=False, null=True)),
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('consultation', models.ForeignKey(blank=True, help_text='Only for a roadmap: it begins with the last round that was closed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='assistance.consultation', verbose_name='consultation')),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('instrument', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.instrument')),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('programme', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.programme')),
                    ('round', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.round')),
                    ('state', models.ForeignKey(blank=True, on_delete=django.db.models.deletion.PROTECT, related_name='action_plans', to='entities.organisation', verbose_name='State')),
                ],
                options={
                    'verbose_name': 'plan',
                    'verbose_name_plural': 'plans',
                    'ordering': ['-modified_at', '-id'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='plan_list')],
                    'constraints': [models.UniqueConstraint(fields=('consultation',), name='plan_once_per_consultation'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='plan_dates_in_order')],
                },
            ), migrations.CreateModel(
                name='ActionPlanTexts',
                fields=[
                    ('plain', models.TextField()),
                    ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.actionplan')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), gin_pending_list_limit=512, name='plan_plain'), django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), gin_pending_list_limit=512, name='plan_pairs')],
                },
            ), migrations.CreateModel(
                name='PlanStep',
                fields=[
                    ('released_until', models.DateField(blank=True, editable=False, null=True)),
                    ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('modified_at', models.DateTimeField(auto_now=True)),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('reference', models.CharField(default=assistance.plans.models.step_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                    ('kind', models.CharField(choices=[('roadmap', 'National roadmap'), ('national_plan', 'National action plan')], editable=False, max_length=20)),
                    ('number', models.CharField(help_text='For example: 3 or 1.2.3.', max_length=15, validators=[django.core.validators.RegexValidator('^[1-9]\\d{0,2}(\\.[1-9]\\d{0,2}){0,3}\\Z', 'Enter a number such as 3 or 1.2.3.')], verbose_name='number')),
                    ('place', models.CharField(editable=False, max_length=20)),
                    ('former_numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=15), blank=True, default=list, editable=False, size=None)),
                    ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                    ('title', models.CharField(max_length=300, verbose_name='action')),
                    ('title_ar', models.CharField(max_length=300, null=True, verbose_name='action')),
                    ('title_en', models.CharField(max_length=300, null=True, verbose_name='action')),
                    ('title_es', models.CharField(max_length=300, null=True, verbose_name='action')),
                    ('title_fr', models.CharField(max_length=300, null=True, verbose_name='action')),
                    ('title_ru', models.CharField(max_length=300, null=True, verbose_name='action')),
                    ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='action')),
                    ('recommendation', models.TextField(help_text='How the action is taken in this State.', verbose_name='recommendation')),
                    ('recommendation_ar', models.TextField(help_text='How the action is taken in this State.', null=True, verbose_name='recommendation')),
                    ('recommendation_en', models.TextField(help_text='How the action is taken in this State.', null=True, verbose_name='recommendation')),
                    ('recommendation_es', models.TextField(help_text='How the action is taken in this State.', null=True, verbose_name='recommendation')),
                    ('recommendation_fr', models.TextField(help_text='How the action is taken in this State.', null=True, verbose_name='recommendation')),
                    ('recommendation_ru', models.TextField(help_text='How the action is taken in this State.', null=True, verbose_name='recommendation')),
                    ('recommendation_zh_hans', models.TextField(help_text='How the action is taken in this State.', null=True, verbose_name='recommendation')),
                    ('framework', models.CharField(blank=True, choices=[('legislative', 'Legislative'), ('institutional', 'Institutional'), ('operational', 'Operational'), ('response_capacity', 'Capacity to respond')], max_length=20, verbose_name='framework')),
                    ('provision', models.CharField(blank=True, max_length=120, verbose_name='provision')),
                    ('responsible_body', models.CharField(blank=True, help_text='Name the unit, for example: Passenger Information Unit, Ministry of the Interior.', max_length=300, verbose_name='responsible national body')),
                    ('help_area', models.CharField(blank=True, max_length=300, verbose_name='what the programme can help with')),
                    ('help_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('legislation', 'Legislative assistance'), ('training', 'Training'), ('expert_advice', 'Expert advice'), ('equipment', 'Equipment'), ('ict', 'Information systems'), ('study_visit', 'Study visit'), ('mentoring', 'Mentoring'), ('funding', 'Funding'), ('awareness', 'Awareness-raising'), ('model_law', 'Model law')], max_length=20), blank=True, default=list, size=None, verbose_name='types of assistance')),
                    ('indicator', models.CharField(blank=True, max_length=300, verbose_name='indicator')),
                    ('unit', models.CharField(blank=True, choices=[('number', 'A number'), ('percent', 'A percentage'), ('yes_no', 'Yes or no'), ('level', 'Level of implementation'), ('text', 'A text')], max_length=10, verbose_name='unit')),
                    ('lower_is_better', models.BooleanField(default=False, verbose_name='lower is better')),
                    ('baseline', models.TextField(blank=True, verbose_name='baseline')),
                    ('target', models.TextField(blank=True, verbose_name='target')),
                    ('means', models.CharField(blank=True, max_length=300, verbose_name='means of verification')),
                    ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                    ('due', models.DateField(verbose_name='due on')),
                    ('priority', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=10, verbose_name='priority')),
                    ('status', models.CharField(choices=[('not_started', 'Not started'), ('ongoing', 'Ongoing'), ('delayed', 'Delayed'), ('on_standby', 'On standby'), ('finished', 'Reported as finished'), ('verified', 'Verified'), ('dropped', 'No longer planned')], default='not_started', editable=False, max_length=12, verbose_name='status')),
                    ('agreed_in', models.PositiveSmallIntegerField(editable=False, null=True)),
                    ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('depends_on', models.ManyToManyField(blank=True, related_name='followed_by', to='assistance.planstep', verbose_name='depends on the steps')),
                    ('instrument', models.ForeignKey(blank=True, help_text='For a roadmap, its own requirement if you leave it empty.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.instrument', verbose_name='requirement that the step fulfils')),
                    ('needs', models.ManyToManyField(blank=True, related_name='steps', to='assistance.need', verbose_name='needs')),
                    ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                    ('parameter', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assistance.parameter')),
                    ('pillar', models.ForeignKey(blank=True, help_text='Only for a theme that belongs to no pillar.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.pillar', verbose_name='pillar')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assistance.actionplan', verbose_name='plan')),
                    ('programme', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.programme')),
                    ('projects', models.ManyToManyField(blank=True, related_name='steps', to='assistance.project', verbose_name='projects')),
                    ('requests', models.ManyToManyField(blank=True, editable=False, related_name='steps', to='assistance.assistancerequest')),
                    ('state', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='State')),
                    ('supporters', models.ManyToManyField(blank=True, help_text='They see the step once the State has agreed to the plan, and report on it.', related_name='+', to='entities.organisation', verbose_name='supporting entities')),
                    ('helpers', models.ManyToManyField(blank=True, editable=False, related_name='+', to='entities.organisation')),
                    ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.theme', verbose_name='theme')),
                ],
                options={
                    'verbose_name': 'step',
                    'verbose_name_plural': 'steps',
                    'ordering': ['plan_id', 'place', 'id'],
                    'indexes': [models.Index(fields=['-modified_at', '-id'], name='step_list'), models.Index(fields=['state', 'due'], name='step_due')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'dropped'), _negated=True), fields=('plan', 'number'), name='step_number_once')],
                },
            ), migrations.CreateModel(
                name='PlanStepTexts',
                fields=[
                    ('plain', models.TextField()),
                    ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.planstep')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), gin_pending_list_limit=512, name='step_plain'), django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), gin_pending_list_limit=512, name='step_pairs')],
                },
            ), migrations.CreateModel(
                name='StepObligation',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('provision', models.CharField(blank=True, max_length=120, verbose_name='provision')),
                    ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.instrument', verbose_name='instrument')),
                    ('step', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='obligations', to='assistance.planstep')),
                ],
                options={
                    'verbose_name': 'obligation',
                    'verbose_name_plural': 'obligations',
                    'ordering': ['number', 'id'],
                },
            ), migrations.CreateModel(
                name='StepCost',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('what', models.CharField(max_length=200, verbose_name='what it pays for')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=16, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='amount')),
                    ('currency', models.CharField(choices=assistance.currencies.choices, max_length=3, verbose_name='currency')),
                    ('step', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='costs', to='assistance.planstep')),
                ],
                options={
                    'verbose_name': 'cost',
                    'verbose_name_plural': 'costs',
                    'ordering': ['number', 'id'],
                },
            ), migrations.CreateModel(
                name='StepReport',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('said', models.CharField(choices=[('not_started', 'Not started'), ('ongoing', 'Ongoing'), ('delayed', 'Delayed'), ('on_standby', 'On standby'), ('finished', 'Reported as finished'), ('verified', 'Verified'), ('dropped', 'No longer planned')], max_length=12, verbose_name='status')),
                    ('value', models.TextField(blank=True, verbose_name='value of the indicator')),
                    ('text', models.TextField(blank=True, verbose_name='text')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                    ('step', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='assistance.planstep')),
                ],
                options={
                    'ordering': ['at', 'id'],
                },
            ), migrations.CreateModel(
                name='StepComment',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('edition', models.PositiveSmallIntegerField(editable=False)),
                    ('is_sent', models.BooleanField(default=False, editable=False)),
                    ('text', models.TextField(verbose_name='comment')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('plan', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='assistance.actionplan')),
                    ('step', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='assistance.planstep')),
                ],
                options={
                    'ordering': ['at', 'id'],
                },
            ), migrations.CreateModel(
                name='PlanEdition',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField(editable=False)),
                    ('agreed_on', models.DateField(editable=False)),
                    ('put_on', models.DateField(editable=False)),
                    ('steps', models.JSONField(editable=False)),
                    ('agreed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('plan', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='assistance.actionplan')),
                    ('round', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.round')),
                ],
                options={
                    'ordering': ['plan_id', '-number'],
                    'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='plan_edition_once')],
                },
            ), migrations.RemoveConstraint(
                model_name='document',
                name='document_hangs_on_one_row',
            ), migrations.RemoveConstraint(
                model_name='due',
                name='due_about_one_row',
            ), migrations.RemoveConstraint(
                model_name='planline',
                name='line_about_one_row',
            ), migrations.AddField(
                model_name='consent',
                name='action_plans',
                field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.actionplan'),
            ), migrations.AddField(
                model_name='due',
                name='action_plan',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='assistance.actionplan'),
            ), migrations.AddField(
                model_name='event',
                name='action_plan',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.actionplan'),
            ), migrations.AddField(
                model_name='planline',
                name='action_plan',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.actionplan'),
            ), migrations.AddField(
                model_name='document',
                name='plan_step',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.planstep'),
            ), migrations.AddField(
                model_name='due',
                name='plan_step',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='assistance.planstep'),
            ), migrations.AddField(
                model_name='event',
                name='plan_step',
                field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.planstep'),
            ), migrations.AddIndex(
                model_name='planline',
                index=models.Index(condition=models.Q(('action_plan__isnull', False)), fields=['action_plan'], name='line_of_action_plan'),
            ), migrations.AddIndex(
                model_name='document',
                index=models.Index(condition=models.Q(('plan_step__isnull', False)), fields=['plan_step'], name='document_of_plan_step'),
            ), migrations.AddIndex(
                model_name='due',
                index=models.Index(condition=models.Q(('action_plan__isnull', False)), fields=['action_plan'], name='due_of_action_plan'),
            ), migrations.AddIndex(
                model_name='due',
                index=models.Index(condition=models.Q(('plan_step__isnull', False)), fields=['plan_step'], name='due_of_plan_step'),
            ), migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('action_plan__isnull', False)), fields=['action_plan'], name='event_of_action_plan'),
            ), migrations.AddIndex(
                model_name='event',
                index=models.Index(condition=models.Q(('plan_step__isnull', False)), fields=['plan_step'], name='event_of_plan_step'),
            ), migrations.AddConstraint(
                model_name='planline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('action_plan__isnull', False), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', False), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', False), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', False), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', False), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', False), ('response__isnull', True), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', False), ('round__isnull', True), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', False), ('section__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('rating__isnull', True), ('recommendation__isnull', True), ('response__isnull', True), ('round__isnull', True), ('section__isnull', False)), _connector='OR'), name='line_about_one_row'),
            ), migrations.AddConstraint(
                model_name='planline',
                constraint=models.UniqueConstraint(fields=('plan', 'action_plan'), name='line_once_per_action_plan'),
            ), migrations.AddConstraint(
                model_name='document',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', False), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', False), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', False), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', False), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', False), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', False), ('visit__isnull', True)), models.Q(('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('observation__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('response__isnull', True), ('section__isnull', True), ('visit__isnull', False)), _connector='OR'), name='document_hangs_on_one_row'),
            ), migrations.AddConstraint(
                model_name='due',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('action_plan__isnull', False), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', False), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', False), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', False), ('round__isnull', True), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', False), ('visit__isnull', True)), models.Q(('action_plan__isnull', True), ('assessment__isnull', True), ('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('plan_step__isnull', True), ('project__isnull', True), ('round__isnull', True), ('visit__isnull', False)), _connector='OR'), name='due_about_one_row'),
            ), migrations.AddConstraint(
                model_name='due',
                constraint=models.UniqueConstraint(fields=('action_plan', 'kind', 'starts_at'), name='due_once_per_action_plan'),
            ), migrations.AddConstraint(
                model_name='due',
                constraint=models.UniqueConstraint(fields=('plan_step', 'kind', 'starts_at'), name='due_once_per_plan_step'),
            )],
        ),
        database.row_security(PLANS),
        database.row_security(STEPS),
        database.read_with("assistance_event", "action_plan", PLANS),
        database.read_with("assistance_event", "plan_step", STEPS),
        *(database.beside(name) for name in (*WITH_STEPS, COMMENTS, EDITIONS)),
        *(database.read_with(name, "step", STEPS) for name in WITH_STEPS),
        database.read_with(COMMENTS, "plan", PLANS, owners=True),
        database.read_with(EDITIONS, "plan", PLANS, owners=True),
        database.append_only("assistance_stepreport"),
        database.append_only(COMMENTS, ["is_sent"]),
        database.append_only(EDITIONS),
        database.append_only("assistance_consent_action_plans"),
        *database.searched(PLANS, columns_of("title")),
        *database.searched(STEPS, columns_of("title", "recommendation")),
    ]
