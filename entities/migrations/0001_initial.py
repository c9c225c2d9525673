"""Creates the tables of the app."""

import accounts.models.user
import datetime
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import entities.models.appointment
import uuid
import web.folding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('slug', models.SlugField(max_length=120, primary_key=True, serialize=False)),
                ('symbol', models.CharField(max_length=200, unique=True, verbose_name='symbol')),
                ('kind', models.CharField(max_length=60, verbose_name='type')),
                ('number', models.CharField(blank=True, max_length=60)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year')),
                ('subject', models.TextField(blank=True, verbose_name='subject')),
                ('subject_ar', models.TextField(blank=True, null=True, verbose_name='subject')),
                ('subject_en', models.TextField(blank=True, null=True, verbose_name='subject')),
                ('subject_es', models.TextField(blank=True, null=True, verbose_name='subject')),
                ('subject_fr', models.TextField(blank=True, null=True, verbose_name='subject')),
                ('subject_ru', models.TextField(blank=True, null=True, verbose_name='subject')),
                ('subject_zh_hans', models.TextField(blank=True, null=True, verbose_name='subject')),
                ('topic', models.CharField(blank=True, max_length=200)),
                ('nature', models.CharField(blank=True, max_length=100, verbose_name='nature')),
                ('provenance', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'instrument',
                'verbose_name_plural': 'instruments',
                'ordering': ['kind', 'year', 'symbol'],
            },
        ),
        migrations.CreateModel(
            name='Pillar',
            fields=[
                ('code', models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name='code')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('short', models.CharField(max_length=120, verbose_name='short title')),
                ('short_ar', models.CharField(max_length=120, null=True, verbose_name='short title')),
                ('short_en', models.CharField(max_length=120, null=True, verbose_name='short title')),
                ('short_es', models.CharField(max_length=120, null=True, verbose_name='short title')),
                ('short_fr', models.CharField(max_length=120, null=True, verbose_name='short title')),
                ('short_ru', models.CharField(max_length=120, null=True, verbose_name='short title')),
                ('short_zh_hans', models.CharField(max_length=120, null=True, verbose_name='short title')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('provenance', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'pillar',
                'verbose_name_plural': 'pillars',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='short name in web addresses')),
                ('kind', models.CharField(choices=[('member_state', 'Member State'), ('observer_state', 'Observer State'), ('compact_entity', 'Entity of the Compact'), ('security_council_body', 'Security Council body'), ('partner', 'Partner')], max_length=30, verbose_name='type')),
                ('acronym', models.CharField(blank=True, max_length=60, verbose_name='acronym')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('name_ar', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_es', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_ru', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('in_compact', models.BooleanField(default=False, verbose_name='entity of the Compact')),
                ('is_donor', models.BooleanField(default=False, verbose_name='donor')),
                ('iso2', models.CharField(blank=True, max_length=2)),
                ('iso3', models.CharField(blank=True, max_length=3, verbose_name='ISO 3166 code')),
                ('m49', models.CharField(blank=True, max_length=3)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('areas', models.TextField(blank=True, verbose_name='areas of work')),
                ('iati_ref', models.CharField(blank=True, help_text='Organisation identifier in IATI files.', max_length=60, verbose_name='IATI')),
                ('category', models.CharField(blank=True, help_text='Kind as the source states it.', max_length=80)),
                ('pinyin', models.CharField(blank=True, help_text='The sound of the Chinese name, by which lists are sorted: “bi4 lu3”.', max_length=300)),
                ('time_zone', models.CharField(blank=True, help_text='Days of this organization begin and end in this time zone. If empty, UTC applies.', max_length=64, validators=[accounts.models.user.valid_time_zone], verbose_name='time zone')),
                ('is_demo', models.BooleanField(default=False, verbose_name='demonstration')),
                ('provenance', models.TextField(blank=True)),
                ('group', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='organisation', to='auth.group')),
            ],
            options={
                'verbose_name': 'organization',
                'verbose_name_plural': 'organizations',
                'ordering': ['kind', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('focal_point', 'Focal point'), ('alternate', 'Alternate focal point'), ('assessor', 'Assessor'), ('coordinator', 'Coordinator'), ('donor_contact', 'Donor contact'), ('partner_contact', 'Partner contact'), ('observer', 'Observer')], max_length=20, verbose_name='role')),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(blank=True, help_text='The last day on which the appointment gives access rights.', null=True, verbose_name='until')),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('named_as', models.CharField(blank=True, help_text='As written by the organization.', max_length=150, verbose_name='name given at nomination')),
                ('passed_on_at', models.DateTimeField(blank=True, editable=False, help_text='When what was asked of the predecessor went to this person.', null=True)),
                ('confirm_by', models.DateField(default=entities.models.appointment.half_a_year_on, help_text='The last day before a new confirmation is required.', verbose_name='to be confirmed by')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='reason for ending')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to=settings.AUTH_USER_MODEL)),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputises_for', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='endings', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(blank=True, help_text='The letter of nomination.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('nominated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to=settings.AUTH_USER_MODEL)),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='entities.appointment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='entities.organisation')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ['since'],
            },
        ),
        migrations.CreateModel(
            name='OtherName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], max_length=10)),
                ('name', models.CharField(max_length=300)),
                ('provenance', models.TextField(blank=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_names', to='entities.organisation')),
            ],
            options={
                'ordering': ['organisation', 'language', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='M49 code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_ar', models.CharField(max_length=120, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=120, null=True, verbose_name='name')),
                ('name_es', models.CharField(max_length=120, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=120, null=True, verbose_name='name')),
                ('name_ru', models.CharField(max_length=120, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=120, null=True, verbose_name='name')),
                ('provenance', models.TextField(blank=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='entities.region')),
            ],
            options={
                'verbose_name': 'region',
                'verbose_name_plural': 'regions',
                'ordering': ['code'],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='region',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='entities.region'),
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateField(blank=True, null=True, verbose_name='new last day')),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('granted', models.BooleanField(null=True)),
                ('reason', models.CharField(blank=True, help_text='Why it was refused or fell away.', max_length=300, verbose_name='reason')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='entities.appointment')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_ar', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('name_es', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('name_ru', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('main_resolutions', models.CharField(blank=True, max_length=200)),
                ('dac5_sector', models.CharField(blank=True, help_text='Suggested OECD DAC purpose code, as IATI uses it.', max_length=10)),
                ('provenance', models.TextField(blank=True)),
                ('pillar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='themes', to='entities.pillar', verbose_name='pillar')),
            ],
            options={
                'verbose_name': 'theme',
                'verbose_name_plural': 'themes',
                'ordering': ['pillar', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('name_ar', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_es', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_ru', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('lead', models.CharField(blank=True, max_length=120, verbose_name='lead')),
                ('partners', models.TextField(blank=True, verbose_name='partners')),
                ('start', models.CharField(blank=True, help_text='As published: a day, a year, or nothing.', max_length=30, verbose_name='start')),
                ('beneficiaries', models.TextField(blank=True, verbose_name='beneficiaries')),
                ('donors', models.TextField(blank=True, verbose_name='donors')),
                ('capacity_consultations', models.BooleanField(default=False, verbose_name='capacity consultations led by CTED')),
                ('note', models.TextField(blank=True)),
                ('provenance', models.TextField(blank=True)),
                ('themes', models.ManyToManyField(blank=True, related_name='programmes', to='entities.theme')),
            ],
            options={
                'verbose_name': 'programme',
                'verbose_name_plural': 'programmes',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='WorkingGroup',
            fields=[
                ('slug', models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('name_ar', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_es', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_ru', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=300, null=True, verbose_name='name')),
                ('chairs', models.CharField(blank=True, help_text='As published.', max_length=300, verbose_name='chairs')),
                ('note', models.TextField(blank=True)),
                ('provenance', models.TextField(blank=True)),
                ('group', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='working_group', to='auth.group')),
                ('members', models.ManyToManyField(blank=True, related_name='working_groups', to='entities.organisation')),
                ('pillar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='working_groups', to='entities.pillar')),
            ],
            options={
                'verbose_name': 'working group',
                'verbose_name_plural': 'working groups',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='MembershipChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('to', models.CharField(choices=[('working_group', 'Member of a working group'), ('in_compact', 'Entity of the Compact'), ('is_donor', 'Donor')], max_length=20, verbose_name='audience')),
                ('adds', models.BooleanField(default=True)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('confirmed', models.BooleanField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='reason for refusal')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='organization')),
                ('states_told', models.ManyToManyField(blank=True, related_name='+', to='entities.organisation')),
                ('working_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.workinggroup', verbose_name='working group')),
            ],
            options={
                'ordering': ['-proposed_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateField(verbose_name='first day of absence')),
                ('until', models.DateField(verbose_name='last day of absence')),
                ('recorded_at', models.DateTimeField(auto_now=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='entities.appointment')),
            ],
            options={
                'ordering': ['since'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since')), ('until__lte', django.db.models.expressions.CombinedExpression(models.F('since'), '+', models.Value(datetime.timedelta(days=366))))), name='absence_has_an_end_within_a_year'), models.UniqueConstraint(fields=('appointment', 'since'), name='absence_once_from_a_day')],
            },
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['user', 'since'], name='appointment_of_user'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['-created_at', '-id'], name='appointment_newest'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['confirm_by'], name='appointment_confirm_by'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'organisation', 'role'), name='appointment_once_while_open'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='appointment_until_not_before_since'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', models.F('nominated_by')), _negated=True), name='appointment_approved_by_another'),
        ),
        migrations.AddIndex(
            model_name='othername',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold('name'), name='gin_trgm_ops'), name='other_name_folded'),
        ),
        migrations.AddConstraint(
            model_name='othername',
            constraint=models.UniqueConstraint(fields=('organisation', 'language', 'name'), name='other_name_once'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('name_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('slug', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('iso3', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), name='gin_trgm_ops'), name='organisation_words'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('iso3', ''), _negated=True), fields=('iso3',), name='organisation_iso3_once'),
        ),
        migrations.AddConstraint(
            model_name='renewal',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('appointment',), name='renewal_one_open'),
        ),
        migrations.AddConstraint(
            model_name='renewal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', models.F('asked_by')), ('granted', True), _negated=True), name='renewal_granted_by_another'),
        ),
        migrations.AddConstraint(
            model_name='membershipchange',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True), ('working_group__isnull', False)), fields=('organisation', 'working_group'), name='membership_one_open_in_group'),
        ),
        migrations.AddConstraint(
            model_name='membershipchange',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True), ('working_group__isnull', True)), fields=('organisation', 'to'), name='membership_one_open'),
        ),
        migrations.AddConstraint(
            model_name='membershipchange',
            constraint=models.CheckConstraint(condition=models.Q(('adds', True), ('confirmed', True), ('decided_by', models.F('proposed_by')), _negated=True), name='membership_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='membershipchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('to', 'working_group'), ('working_group__isnull', False)), models.Q(models.Q(('to', 'working_group'), _negated=True), ('working_group__isnull', True)), _connector='OR'), name='membership_names_its_group'),
        ),
    ]
