"""Adds requests of States: their table with its row-level security and search, and what is read with them."""

import assistance.requests.models
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

TABLE = "assistance_assistancerequest"


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0007_answer_reasons'),
        ('entities', '0005_holidays'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=300, verbose_name='name')),
                ('asked_on', models.DateField(blank=True, null=True, verbose_name='asked on')),
                ('outcome', models.CharField(choices=[('pending', 'No answer yet'), ('declined', 'Declined'), ('helping', 'Provides assistance'), ('none', 'No assistance resulted')], max_length=10, verbose_name='answer')),
            ],
            options={
                'ordering': ['asked_on', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AssistanceRequest',
            fields=[
                ('released_until', models.DateField(blank=True, editable=False, null=True)),
                ('ends_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('reader_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('owner_groups', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('human_rights', models.CharField(choices=[('not_considered', 'Not considered'), ('considered', 'Considered'), ('main_aim', 'Main aim')], default='not_considered', max_length=20, verbose_name='human rights')),
                ('human_rights_note', models.CharField(blank=True, help_text='One sentence. Not needed for “Not considered”.', max_length=500, verbose_name='how human rights are considered')),
                ('gender', models.CharField(choices=[('not_considered', 'Not considered'), ('considered', 'Considered'), ('main_aim', 'Main aim')], default='not_considered', max_length=20, verbose_name='gender')),
                ('gender_note', models.CharField(blank=True, help_text='One sentence. Not needed for “Not considered”.', max_length=500, verbose_name='how gender is considered')),
                ('addresses_pve', models.BooleanField(default=False, verbose_name='addresses the prevention of violent extremism')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=assistance.requests.models.request_reference, editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language of the text')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('title_ar', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_fr', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_ru', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_zh_hans', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='description of the request')),
                ('description_ar', models.TextField(blank=True, null=True, verbose_name='description of the request')),
                ('description_en', models.TextField(blank=True, null=True, verbose_name='description of the request')),
                ('description_es', models.TextField(blank=True, null=True, verbose_name='description of the request')),
                ('description_fr', models.TextField(blank=True, null=True, verbose_name='description of the request')),
                ('description_ru', models.TextField(blank=True, null=True, verbose_name='description of the request')),
                ('description_zh_hans', models.TextField(blank=True, null=True, verbose_name='description of the request')),
                ('assistance_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('legislation', 'Legislative assistance'), ('training', 'Training'), ('expert_advice', 'Expert advice'), ('equipment', 'Equipment'), ('ict', 'Information systems'), ('study_visit', 'Study visit'), ('mentoring', 'Mentoring'), ('funding', 'Funding'), ('awareness', 'Awareness-raising'), ('model_law', 'Model law')], max_length=20), blank=True, default=list, help_text='When UNOCT circulates the request, each type becomes a need of its own.', size=None, verbose_name='types of assistance')),
                ('deliverable', models.TextField(blank=True, help_text='For example: a unit of 12 analysts working in shifts.', verbose_name='what will exist afterwards')),
                ('provision', models.CharField(blank=True, help_text='For example: operative paragraph 2 (e).', max_length=120, verbose_name='provision')),
                ('beneficiary', models.CharField(blank=True, help_text='Name the unit, for example: Passenger Information Unit, Ministry of the Interior.', max_length=300, verbose_name='beneficiary institution')),
                ('delivery_languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], max_length=10), blank=True, default=list, size=None, verbose_name='languages of delivery')),
                ('contact_name', models.CharField(blank=True, max_length=200, verbose_name='national contact: name')),
                ('contact_post', models.CharField(blank=True, max_length=200, verbose_name='national contact: title or post')),
                ('contact_agency', models.CharField(blank=True, max_length=200, verbose_name='national contact: agency')),
                ('contact_phone', models.CharField(blank=True, max_length=50, verbose_name='national contact: telephone')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='national contact: email address')),
                ('quantity', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='quantity')),
                ('unit', models.CharField(blank=True, choices=[('people', 'people'), ('expert_days', 'expert days'), ('sites', 'sites'), ('laws', 'laws'), ('systems', 'systems'), ('units', 'units')], max_length=20, verbose_name='unit')),
                ('wanted_by', models.DateField(blank=True, null=True, verbose_name='required by')),
                ('baseline', models.TextField(blank=True, help_text='For example: 0 of 4 airports connected.', verbose_name='baseline')),
                ('target', models.TextField(blank=True, help_text='For example: 4 of 4 airports by June 2027.', verbose_name='target')),
                ('earlier_help', models.TextField(blank=True, help_text='Who provided assistance before, when, and of which type.', verbose_name='earlier assistance')),
                ('no_earlier_help', models.BooleanField(default=False, verbose_name='there was no earlier assistance')),
                ('asked_nobody_else', models.BooleanField(default=False, verbose_name='nobody else has been asked')),
                ('conditions', models.TextField(blank=True, help_text='For example on security, secrecy, or the premises.', verbose_name='conditions')),
                ('note_number', models.CharField(blank=True, max_length=100, verbose_name='number of the note verbale')),
                ('note_dated', models.DateField(blank=True, null=True, verbose_name='date of the note verbale')),
                ('note_to_follow', models.BooleanField(default=False, help_text='It is then due within 10 working days.', verbose_name='the note verbale will follow')),
                ('audience_allowed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, help_text='UNOCT circulates the request to these recipients or to fewer, never to others.', size=None, verbose_name='who may read it')),
                ('until', models.DateField(blank=True, null=True, verbose_name='may be read until')),
                ('closes_for_offers', models.DateField(blank=True, help_text='By default 60 days after the circulation.', null=True, verbose_name='offers until')),
                ('proposed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('authenticated_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('authenticated_how', models.CharField(blank=True, editable=False, max_length=500, verbose_name='how it was authenticated')),
                ('acknowledged_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('cleared_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('circulated_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('objection_until', models.DateField(blank=True, editable=False, null=True, verbose_name='objections until')),
                ('returned_parts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, editable=False, size=None)),
                ('returned_reason', models.TextField(blank=True, editable=False, verbose_name='reason for the return')),
                ('refusal_reason', models.TextField(blank=True, editable=False)),
                ('referred_to', models.CharField(blank=True, editable=False, max_length=300, verbose_name='referred to')),
                ('referred_how', models.CharField(blank=True, editable=False, max_length=500, verbose_name='how the State agreed')),
                ('choice_proposed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('choice_declines_others', models.BooleanField(default=False, editable=False)),
                ('year_answer', models.CharField(blank=True, choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], editable=False, max_length=10, verbose_name='answer after a year')),
                ('year_answered_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('recorded', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Awaiting confirmation by a colleague'), ('submitted', 'Submitted'), ('authenticated', 'Authenticated'), ('acknowledged', 'Acknowledged'), ('returned', 'Returned for clarification'), ('circulated', 'Circulated'), ('offers_in', 'Offers received'), ('provider_chosen', 'Provider chosen'), ('in_implementation', 'In progress'), ('closed', 'Closed')], default='draft', editable=False, max_length=20)),
                ('outcome', models.CharField(blank=True, choices=[('met', 'Met'), ('partly_met', 'Partly met'), ('not_met', 'Not met'), ('lapsed', 'Lapsed (no provider)'), ('withdrawn', 'Withdrawn by the State'), ('not_authentic', 'Not authenticated'), ('referred', 'Referred to another body')], editable=False, max_length=20, verbose_name='outcome')),
                ('decided_outcome', models.CharField(blank=True, choices=[('met', 'Met'), ('partly_met', 'Partly met'), ('not_met', 'Not met'), ('lapsed', 'Lapsed (no provider)'), ('withdrawn', 'Withdrawn by the State'), ('not_authentic', 'Not authenticated'), ('referred', 'Referred to another body')], editable=False, max_length=20)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Awaiting confirmation by a colleague'), ('submitted', 'Submitted'), ('authenticated', 'Authenticated'), ('acknowledged', 'Acknowledged'), ('returned', 'Returned for clarification'), ('circulated', 'Circulated'), ('offers_in', 'Offers received'), ('provider_chosen', 'Provider chosen'), ('in_implementation', 'In progress'), ('closed', 'Closed')], default='draft', editable=False, max_length=20, verbose_name='status')),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
                'ordering': ['-modified_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('text', models.TextField(verbose_name='question')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['asked_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='document',
            name='document_hangs_on_one_row',
        ),
        migrations.AddField(
            model_name='asked',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation'),
        ),
        migrations.CreateModel(
            name='AssistanceRequestTexts',
            fields=[
                ('plain', models.TextField()),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.assistancerequest')),
            ],
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='audience',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='authenticated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='choice_proposed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='chosen',
            field=models.ManyToManyField(blank=True, editable=False, related_name='+', to='assistance.match'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='instrument',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.instrument', verbose_name='instrument'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='needs',
            field=models.ManyToManyField(blank=True, editable=False, related_name='assistance_requests', to='assistance.need'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='note_verbale',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='note verbale'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='owners',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='pillar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.pillar', verbose_name='pillar'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='proposed_as',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='proposed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='refusal_proposed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='state',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistance_requests', to='entities.organisation', verbose_name='State'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='submitted_as',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='submitted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.theme', verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='asked',
            name='assistance_request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked_elsewhere', to='assistance.assistancerequest'),
        ),
        migrations.AddField(
            model_name='document',
            name='assistance_request',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.assistancerequest'),
        ),
        migrations.AddField(
            model_name='event',
            name='assistance_request',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.assistancerequest'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('assistance_request__isnull', False)), fields=['assistance_request'], name='document_of_assistance_request'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('assistance_request__isnull', False)), fields=['assistance_request'], name='event_of_assistance_request'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assistance_request__isnull', False), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assistance_request__isnull', True), ('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('section__isnull', True), ('visit__isnull', True)), models.Q(('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', False), ('visit__isnull', True)), models.Q(('assistance_request__isnull', True), ('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', False)), _connector='OR'), name='document_hangs_on_one_row'),
        ),
        migrations.AddField(
            model_name='question',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='assistance_request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='assistance.assistancerequest'),
        ),
        migrations.AddField(
            model_name='question',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation'),
        ),
        migrations.AddIndex(
            model_name='assistancerequesttexts',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), gin_pending_list_limit=512, name='request_plain'),
        ),
        migrations.AddIndex(
            model_name='assistancerequesttexts',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), gin_pending_list_limit=512, name='request_pairs'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(fields=['-modified_at', '-id'], name='request_list'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(fields=['state', 'status'], name='request_of_state'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(fields=['closes_for_offers'], name='request_closing'),
        ),
        database.row_security(TABLE),
        database.read_with("assistance_event", "assistance_request", TABLE),
        *(database.beside(f"assistance_{name}") for name in ("asked", "question")),
        *(database.read_with(f"assistance_{name}", "assistance_request", TABLE) for name in ("asked", "question")),
        *database.searched(TABLE, columns_of("title", "description")),
    ]
