'''Creates the tables of the app.'''

from django.conf import settings
from django.db import migrations, models
import assistance.currencies
import assistance.workflow.references
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import uuid


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('entities', '0001_initial'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(editable=False, max_length=64, unique=True)),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.document_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('number', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('attached_at', models.DateTimeField(auto_now_add=True, verbose_name='attached on')),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='removed on')),
                ('removed_reason', models.TextField(blank=True, editable=False, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-attached_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=40)),
                ('before', models.CharField(blank=True, max_length=20)),
                ('after', models.CharField(blank=True, max_length=20)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.match_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('share', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='share of the need, in per cent')),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('status', models.CharField(choices=[('suggested', 'Suggested to provider'), ('proposed', 'Proposed to the State'), ('accepted', 'Accepted'), ('in_delivery', 'In progress'), ('delivered', 'Delivered'), ('declined', 'Declined'), ('retracted', 'Withdrawn'), ('lapsed', 'Lapsed (no response)')], editable=False, max_length=20, verbose_name='status')),
                ('suggested_by_cted', models.BooleanField(default=False, editable=False)),
                ('waiting_since', models.DateTimeField(editable=False, help_text='When the side whose answer is awaited was asked.')),
                ('answer_reason', models.TextField(blank=True, editable=False, verbose_name='reason')),
                ('delivered_note', models.TextField(blank=True, editable=False, verbose_name='assistance delivered')),
                ('verified_share', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'match',
                'verbose_name_plural': 'matches',
                'ordering': ['-modified_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.need_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('source', models.CharField(choices=[('visit', 'Assessment visit'), ('consultation', 'Capacity consultation'), ('request', 'Request by the State'), ('desk_survey', 'Desk survey')], default='visit', max_length=20, verbose_name='source')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('description', models.TextField(verbose_name='description of the need')),
                ('description_ar', models.TextField(null=True, verbose_name='description of the need')),
                ('description_en', models.TextField(null=True, verbose_name='description of the need')),
                ('description_es', models.TextField(null=True, verbose_name='description of the need')),
                ('description_fr', models.TextField(null=True, verbose_name='description of the need')),
                ('description_ru', models.TextField(null=True, verbose_name='description of the need')),
                ('description_zh_hans', models.TextField(null=True, verbose_name='description of the need')),
                ('provision', models.CharField(blank=True, help_text='For example: operative paragraph 2 (e).', max_length=120, verbose_name='provision')),
                ('beneficiary', models.CharField(blank=True, max_length=300, verbose_name='beneficiary institution')),
                ('assistance_type', models.CharField(choices=[('legislation', 'Legislative assistance'), ('training', 'Training'), ('expert_advice', 'Expert advice'), ('equipment', 'Equipment'), ('ict', 'Information systems'), ('study_visit', 'Study visit'), ('mentoring', 'Mentoring'), ('funding', 'Funding')], max_length=20, verbose_name='type of assistance')),
                ('priority', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=10, verbose_name='priority')),
                ('priority_reason', models.TextField(blank=True, verbose_name='reason for the priority')),
                ('baseline', models.TextField(blank=True, verbose_name='baseline')),
                ('target', models.TextField(blank=True, verbose_name='target')),
                ('deadline', models.DateField(blank=True, null=True, verbose_name='required by')),
                ('put_to_state_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('agreed_on', models.DateField(blank=True, editable=False, null=True)),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('close_reason', models.CharField(blank=True, choices=[('no_longer_needed', 'No longer needed'), ('withdrawn_by_state', 'Withdrawn by the State'), ('superseded', 'Superseded by a follow-up visit')], editable=False, max_length=20)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('put_to_state', 'Awaiting State agreement'), ('agreed', 'Agreed with the State'), ('shared', 'Shared'), ('under_consideration', 'Under consideration'), ('matched_in_part', 'Partly matched'), ('matched', 'Matched'), ('in_delivery', 'In progress'), ('delivered', 'Awaiting verification'), ('met', 'Met'), ('partly_met', 'Partly met'), ('not_met', 'Not met'), ('closed', 'Closed')], default='draft', editable=False, max_length=20, verbose_name='status')),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title_ar', 'description_ar', config='arabic'), '||', django.contrib.postgres.search.SearchVector('title_en', 'description_en', config='english'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_es', 'description_es', config='spanish'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_fr', 'description_fr', config='french'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_ru', 'description_ru', config='russian'), django.contrib.postgres.search.SearchConfig('arabic')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('plain', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Concat(models.F('reference'), models.Value(' '), models.F('beneficiary'), models.Value(' '), django.db.models.functions.comparison.Coalesce('title_ar', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('description_ar', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('title_en', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('description_en', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('title_es', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('description_es', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('title_fr', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('description_fr', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('title_ru', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('description_ru', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('title_zh_hans', models.Value(''), output_field=models.TextField()), models.Value(' '), django.db.models.functions.comparison.Coalesce('description_zh_hans', models.Value(''), output_field=models.TextField()), output_field=models.TextField()), output_field=models.TextField())),
            ],
            options={
                'verbose_name': 'need',
                'verbose_name_plural': 'needs',
                'ordering': ['-modified_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.offer_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('description', models.TextField(verbose_name='description of the offer')),
                ('description_ar', models.TextField(null=True, verbose_name='description of the offer')),
                ('description_en', models.TextField(null=True, verbose_name='description of the offer')),
                ('description_es', models.TextField(null=True, verbose_name='description of the offer')),
                ('description_fr', models.TextField(null=True, verbose_name='description of the offer')),
                ('description_ru', models.TextField(null=True, verbose_name='description of the offer')),
                ('description_zh_hans', models.TextField(null=True, verbose_name='description of the offer')),
                ('assistance_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('legislation', 'Legislative assistance'), ('training', 'Training'), ('expert_advice', 'Expert advice'), ('equipment', 'Equipment'), ('ict', 'Information systems'), ('study_visit', 'Study visit'), ('mentoring', 'Mentoring'), ('funding', 'Funding')], max_length=20), size=None, verbose_name='types of assistance')),
                ('visible_to_named_only', models.BooleanField(default=False, help_text='CTED and UNOCT also see it. If this is not selected, all users see the offer once it is '
'published.', verbose_name='only the named States see this offer')),
                ('places', models.PositiveIntegerField(blank=True, help_text='Number of people who can take part.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='places')),
                ('expert_days', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='expert days')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount')),
                ('currency', models.CharField(blank=True, choices=assistance.currencies.choices, help_text='Required if an amount is entered.', max_length=3, verbose_name='currency')),
                ('working_languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], max_length=10), blank=True, default=list, help_text='Languages in which the assistance can be given.', size=None, verbose_name='working languages')),
                ('opens_on', models.DateField(blank=True, null=True, verbose_name='available from')),
                ('closes_on', models.DateField(blank=True, null=True, verbose_name='available until')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('paused', 'Paused'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=10, verbose_name='status')),
            ],
            options={
                'verbose_name': 'offer',
                'verbose_name_plural': 'offers',
                'ordering': ['-modified_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=300, verbose_name='name')),
                ('role', models.CharField(choices=[('funding', 'Funding'), ('accountable', 'Accountable'), ('extending', 'Extending'), ('implementing', 'Implementing')], max_length=12, verbose_name='role')),
            ],
            options={
                'ordering': ['role', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.project_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                ('title', models.CharField(max_length=500, verbose_name='title')),
                ('title_ar', models.CharField(max_length=500, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=500, null=True, verbose_name='title')),
                ('title_es', models.CharField(max_length=500, null=True, verbose_name='title')),
                ('title_fr', models.CharField(max_length=500, null=True, verbose_name='title')),
                ('title_ru', models.CharField(max_length=500, null=True, verbose_name='title')),
                ('title_zh_hans', models.CharField(max_length=500, null=True, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('description_ar', models.TextField(blank=True, null=True, verbose_name='description')),
                ('description_en', models.TextField(blank=True, null=True, verbose_name='description')),
                ('description_es', models.TextField(blank=True, null=True, verbose_name='description')),
                ('description_fr', models.TextField(blank=True, null=True, verbose_name='description')),
                ('description_ru', models.TextField(blank=True, null=True, verbose_name='description')),
                ('description_zh_hans', models.TextField(blank=True, null=True, verbose_name='description')),
                ('places', models.CharField(blank=True, help_text='Places named by the source that are not States in this portal.', max_length=300, verbose_name='other places')),
                ('planned_start', models.DateField(blank=True, null=True, verbose_name='planned start')),
                ('planned_end', models.DateField(blank=True, null=True, verbose_name='planned end')),
                ('actual_start', models.DateField(blank=True, null=True, verbose_name='actual start')),
                ('actual_end', models.DateField(blank=True, null=True, verbose_name='actual end')),
                ('budget', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget')),
                ('currency', models.CharField(blank=True, choices=assistance.currencies.choices, help_text='Required if an amount is entered.', max_length=3, verbose_name='currency')),
                ('status', models.CharField(choices=[('requested', 'Requested'), ('planned', 'Planned'), ('ongoing', 'Ongoing'), ('completed', 'Completed'), ('suspended', 'Suspended'), ('cancelled', 'Cancelled')], max_length=12, verbose_name='status')),
                ('results', models.TextField(blank=True, verbose_name='results')),
                ('is_restricted', models.BooleanField(default=False, help_text='Otherwise, its States and all entities of the Compact see it.', verbose_name='only the named organizations see this project')),
                ('iati_identifier', models.CharField(blank=True, editable=False, max_length=200, null=True, unique=True, verbose_name='IATI identifier')),
                ('origin', models.CharField(blank=True, editable=False, help_text='Publisher of an imported project; empty when kept here.', max_length=200, verbose_name='origin')),
                ('origin_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('imported_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'project',
                'verbose_name_plural': 'projects',
                'ordering': ['-modified_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReleasePlan',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.plan_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Awaiting confirmation by a colleague'), ('published', 'Published'), ('withdrawn', 'Discarded')], default='draft', max_length=12, verbose_name='status')),
                ('remark', models.TextField(blank=True, verbose_name='remark')),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'release',
                'verbose_name_plural': 'releases',
                'ordering': ['-modified_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('version_read', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.section_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='number')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('text', models.TextField(help_text='An empty line starts a new paragraph.', verbose_name='text')),
                ('text_ar', models.TextField(help_text='An empty line starts a new paragraph.', null=True, verbose_name='text')),
                ('text_en', models.TextField(help_text='An empty line starts a new paragraph.', null=True, verbose_name='text')),
                ('text_es', models.TextField(help_text='An empty line starts a new paragraph.', null=True, verbose_name='text')),
                ('text_fr', models.TextField(help_text='An empty line starts a new paragraph.', null=True, verbose_name='text')),
                ('text_ru', models.TextField(help_text='An empty line starts a new paragraph.', null=True, verbose_name='text')),
                ('text_zh_hans', models.TextField(help_text='An empty line starts a new paragraph.', null=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'report section',
                'verbose_name_plural': 'report sections',
                'ordering': ['visit', 'number'],
            },
        ),
        migrations.CreateModel(
            name='TwoPersonRule',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_on', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('off_asked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'two-person rule',
                'verbose_name_plural': 'two-person rules',
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('met', 'Met'), ('partly_met', 'Partly met'), ('not_met', 'Not met')], max_length=20, verbose_name='outcome')),
                ('share', models.PositiveSmallIntegerField(verbose_name='share met, in per cent')),
                ('note', models.TextField(verbose_name='explanation of the outcome')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.visit_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('kind', models.CharField(choices=[('comprehensive', 'Comprehensive'), ('focused', 'Focused'), ('follow_up', 'Follow-up'), ('advocacy', 'Advocacy')], max_length=20, verbose_name='type')),
                ('mode', models.CharField(choices=[('on_site', 'On site'), ('hybrid', 'Hybrid'), ('virtual', 'Virtual')], default='on_site', max_length=10, verbose_name='mode')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('consent_asked_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
                'ordering': ['-starts_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AudienceGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='assistance.audience')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.workflow.references.consent_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('decision', models.CharField(choices=[('granted', 'Released'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='decision')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('given_at', models.DateTimeField(verbose_name='recorded on')),
                ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['-given_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='consent',
            name='given_as',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='consent',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consent',
            name='note_verbale',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='note verbale'),
        ),
        migrations.AddField(
            model_name='consent',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='consent',
            name='released_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience', verbose_name='audience'),
        ),
        migrations.AddField(
            model_name='consent',
            name='state',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='entities.organisation', verbose_name='State'),
        ),
        migrations.AddField(
            model_name='document',
            name='attached_as',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='document',
            name='attached_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='document',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='document',
            name='file',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='document',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='document',
            name='removed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='documentversion',
            name='added_as',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='documentversion',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='documentversion',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assistance.document'),
        ),
        migrations.AddField(
            model_name='documentversion',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='event',
            name='acting_as',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='event',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='event',
            name='consent',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.consent'),
        ),
        migrations.AddField(
            model_name='event',
            name='document',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.document'),
        ),
        migrations.AddField(
            model_name='match',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='match',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='match',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='match',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='entities.organisation', verbose_name='provider'),
        ),
        migrations.AddField(
            model_name='event',
            name='match',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.match'),
        ),
        migrations.AddField(
            model_name='document',
            name='match',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.match'),
        ),
        migrations.AddField(
            model_name='need',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='need',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='need',
            name='instrument',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='entities.instrument', verbose_name='instrument'),
        ),
        migrations.AddField(
            model_name='need',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='need',
            name='pillar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='entities.pillar', verbose_name='pillar'),
        ),
        migrations.AddField(
            model_name='need',
            name='state',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='entities.organisation', verbose_name='State'),
        ),
        migrations.AddField(
            model_name='need',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='entities.theme', verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='match',
            name='need',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='assistance.need', verbose_name='need'),
        ),
        migrations.AddField(
            model_name='event',
            name='need',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.need'),
        ),
        migrations.AddField(
            model_name='document',
            name='need',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.need'),
        ),
        migrations.AddField(
            model_name='consent',
            name='needs',
            field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.need'),
        ),
        migrations.AddField(
            model_name='offer',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='offer',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='offer',
            name='for_regions',
            field=models.ManyToManyField(blank=True, related_name='offers_for', to='entities.region', verbose_name='for these regions'),
        ),
        migrations.AddField(
            model_name='offer',
            name='for_states',
            field=models.ManyToManyField(blank=True, related_name='offers_for', to='entities.organisation', verbose_name='for these States'),
        ),
        migrations.AddField(
            model_name='offer',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='offer',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='entities.organisation', verbose_name='provider'),
        ),
        migrations.AddField(
            model_name='offer',
            name='themes',
            field=models.ManyToManyField(related_name='offers', to='entities.theme', verbose_name='themes'),
        ),
        migrations.AddField(
            model_name='match',
            name='offer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='assistance.offer', verbose_name='offer'),
        ),
        migrations.AddField(
            model_name='event',
            name='offer',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.offer'),
        ),
        migrations.AddField(
            model_name='document',
            name='offer',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.offer'),
        ),
        migrations.AddField(
            model_name='party',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='entities.organisation'),
        ),
        migrations.AddField(
            model_name='project',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='project',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='project',
            name='lead',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects_led', to='entities.organisation', verbose_name='lead'),
        ),
        migrations.AddField(
            model_name='project',
            name='needs',
            field=models.ManyToManyField(blank=True, help_text='Readers see only the needs to which they have access.', related_name='projects', to='assistance.need', verbose_name='needs addressed'),
        ),
        migrations.AddField(
            model_name='project',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='project',
            name='regions',
            field=models.ManyToManyField(blank=True, related_name='projects', to='entities.region', verbose_name='regions'),
        ),
        migrations.AddField(
            model_name='project',
            name='states',
            field=models.ManyToManyField(blank=True, related_name='projects', to='entities.organisation', verbose_name='States'),
        ),
        migrations.AddField(
            model_name='project',
            name='themes',
            field=models.ManyToManyField(blank=True, related_name='projects', to='entities.theme', verbose_name='themes'),
        ),
        migrations.AddField(
            model_name='party',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='assistance.project'),
        ),
        migrations.AddField(
            model_name='event',
            name='project',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.project'),
        ),
        migrations.AddField(
            model_name='document',
            name='project',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.project'),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='note_verbale',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='note verbale'),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='proposed_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='state',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='release_plans', to='entities.organisation', verbose_name='State'),
        ),
        migrations.AddField(
            model_name='event',
            name='release_plan',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.releaseplan'),
        ),
        migrations.AddField(
            model_name='consent',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='assistance.releaseplan'),
        ),
        migrations.AddField(
            model_name='planline',
            name='need',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.need'),
        ),
        migrations.AddField(
            model_name='planline',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='assistance.releaseplan'),
        ),
        migrations.AddField(
            model_name='planline',
            name='released_to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience', verbose_name='audience'),
        ),
        migrations.AddField(
            model_name='section',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='section',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='planline',
            name='section',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.section'),
        ),
        migrations.AddField(
            model_name='need',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='assistance.section', verbose_name='report section'),
        ),
        migrations.AddField(
            model_name='event',
            name='section',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.section'),
        ),
        migrations.AddField(
            model_name='document',
            name='section',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.section'),
        ),
        migrations.AddField(
            model_name='consent',
            name='sections',
            field=models.ManyToManyField(blank=True, related_name='consents', to='assistance.section'),
        ),
        migrations.AddField(
            model_name='twopersonrule',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='twopersonrule',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='twopersonrule',
            name='off_asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='twopersonrule',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='twopersonrule',
            name='state',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='two_person_rule', to='entities.organisation'),
        ),
        migrations.AddField(
            model_name='event',
            name='two_person_rule',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.twopersonrule'),
        ),
        migrations.AddField(
            model_name='verification',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verification',
            name='need',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='assistance.need'),
        ),
        migrations.AddField(
            model_name='verification',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation'),
        ),
        migrations.AddField(
            model_name='visit',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='visit',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='visit',
            name='delegation',
            field=models.ManyToManyField(blank=True, help_text='Entities of the Compact taking part in the visit.', related_name='delegations', to='entities.organisation', verbose_name='delegation'),
        ),
        migrations.AddField(
            model_name='visit',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='visit',
            name='state',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='entities.organisation', verbose_name='State'),
        ),
        migrations.AddField(
            model_name='section',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='assistance.visit', verbose_name='visit'),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='release_plans', to='assistance.visit'),
        ),
        migrations.AddField(
            model_name='need',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='assistance.visit', verbose_name='visit'),
        ),
        migrations.AddField(
            model_name='event',
            name='visit',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.visit'),
        ),
        migrations.AddField(
            model_name='document',
            name='visit',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.visit'),
        ),
        migrations.AddField(
            model_name='consent',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='assistance.visit'),
        ),
        migrations.AddIndex(
            model_name='audiencegrant',
            index=models.Index(fields=['group', 'content_object'], name='grant_by_group'),
        ),
        migrations.AlterUniqueTogether(
            name='audiencegrant',
            unique_together={('group', 'permission', 'content_object')},
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='document_version_once'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['audience', '-modified_at', '-id'], name='offer_list'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('opens_on__isnull', True), ('closes_on__isnull', True), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='offer_window_in_order'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(fields=['audience', '-modified_at', '-id'], name='match_list'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('share__gte', 1), ('share__lte', 100)), name='match_share_within_the_need'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['suggested', 'proposed', 'accepted', 'in_delivery', 'delivered']), ('verified_share__isnull', True)), fields=('need', 'provider'), name='match_once_per_provider_while_open'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['audience', '-modified_at', '-id'], name='project_list'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('planned_start__isnull', True), ('planned_end__isnull', True), ('planned_end__gte', models.F('planned_start')), _connector='OR'), name='project_planned_dates_in_order'),
        ),
        migrations.AddIndex(
            model_name='planline',
            index=models.Index(condition=models.Q(('section__isnull', False)), fields=['section'], name='line_of_section'),
        ),
        migrations.AddIndex(
            model_name='planline',
            index=models.Index(condition=models.Q(('need__isnull', False)), fields=['need'], name='line_of_need'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('need__isnull', False), ('section__isnull', True)), models.Q(('need__isnull', True), ('section__isnull', False)), _connector='OR'), name='line_about_one_row'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.UniqueConstraint(fields=('plan', 'section'), name='line_once_per_section'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.UniqueConstraint(fields=('plan', 'need'), name='line_once_per_need'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['audience', '-modified_at', '-id'], name='visit_list'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='visit_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('visit', 'number'), name='section_number_once'),
        ),
        migrations.AddIndex(
            model_name='releaseplan',
            index=models.Index(fields=['state', 'status'], name='release_plan_of_state'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['audience', '-modified_at', '-id'], name='need_list'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['state', 'status'], name='need_state_status'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='need_search'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('plain'), name='gin_trgm_ops'), name='need_plain'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('visit__isnull', False)), fields=['visit'], name='event_of_visit'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('section__isnull', False)), fields=['section'], name='event_of_section'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('offer__isnull', False)), fields=['offer'], name='event_of_offer'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('need__isnull', False)), fields=['need'], name='event_of_need'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('match__isnull', False)), fields=['match'], name='event_of_match'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('release_plan__isnull', False)), fields=['release_plan'], name='event_of_release_plan'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('two_person_rule__isnull', False)), fields=['two_person_rule'], name='event_of_two_person_rule'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('consent__isnull', False)), fields=['consent'], name='event_of_consent'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('project__isnull', False)), fields=['project'], name='event_of_project'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('document__isnull', False)), fields=['document'], name='event_of_document'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['audience', '-attached_at', '-id'], name='document_list'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('visit__isnull', False)), fields=['visit'], name='document_of_visit'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('section__isnull', False)), fields=['section'], name='document_of_section'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('offer__isnull', False)), fields=['offer'], name='document_of_offer'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('need__isnull', False)), fields=['need'], name='document_of_need'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('match__isnull', False)), fields=['match'], name='document_of_match'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('project__isnull', False)), fields=['project'], name='document_of_project'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', False), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', False)), _connector='OR'), name='document_hangs_on_one_row'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['state', '-given_at'], name='consent_of_state'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'granted'), ('released_to__isnull', False)), models.Q(models.Q(('decision', 'granted'), _negated=True), ('released_to__isnull', True)), _connector='OR'), name='consent_names_an_audience_when_granted'),
        ),
    ]
