"""Creates the tables of the app, and what indexes of all apps are made with."""

import accounts.addresses
import accounts.models.user
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import uuid
import web.folding
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        BtreeGinExtension(),
        TrigramExtension(),
        migrations.RunSQL(web.folding.CREATE_FUNCTION, web.folding.DROP_FUNCTION),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', accounts.addresses.AddressField(max_length=254, unique=True, verbose_name='email address')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], default='en', max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[accounts.models.user.valid_time_zone], verbose_name='time zone')),
                ('mail_rhythm', models.CharField(choices=[('at_once', 'Immediately'), ('daily', 'Once a day'), ('weekly', 'Once a week')], default='at_once', max_length=10, verbose_name='email frequency')),
                ('phone', models.CharField(blank=True, help_text='Include the country code. Shown in the directory to States and entities of the Compact.', max_length=40, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{4,}$', 'Enter a telephone number, for example +1 212 555 0100.')], verbose_name='telephone')),
                ('spoken', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], max_length=10), blank=True, default=list, size=None, verbose_name='languages you work in')),
                ('details_confirmed_at', models.DateTimeField(blank=True, editable=False, help_text='When the person last said that these details are right.', null=True)),
                ('is_staff', models.BooleanField(default=False, verbose_name='can use the administration site')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('security_mark', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Changes with the second factor; sessions of before then end.')),
                ('password_changes', models.PositiveIntegerField(default=0, editable=False, help_text='How often it was set; sessions and tokens of before then end.')),
                ('previous_visit_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('last_visit_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('digest', models.CharField(max_length=128, primary_key=True, serialize=False)),
                ('token_key', models.CharField(db_index=True, max_length=25)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('expiry', models.DateTimeField(blank=True, null=True)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('appointments', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, help_text='Those that ran when it was issued.', size=None)),
                ('password_changes', models.PositiveIntegerField(default=0, help_text='Of its owner, when it was issued.')),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_from', models.GenericIPAddressField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auth_token_set', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('due_at', models.DateTimeField(help_text='When it was promised; never moved by failures, so health can be told from it.')),
                ('leased_until', models.DateTimeField(blank=True, help_text='Nobody takes it before: a worker has it, or it rests after a failed try.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('suppressed_at', models.DateTimeField(blank=True, help_text='The right to know had ended by then.', null=True)),
                ('dead_at', models.DateTimeField(blank=True, help_text='Given up: too many tries, or a wrong address.', null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('period', models.CharField(help_text='The rhythm and the day it opens, such as “daily 2026-03-07”.', max_length=30)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('due_at', models.DateTimeField(help_text='When it was promised; never moved by failures, so health can be told from it.')),
                ('leased_until', models.DateTimeField(blank=True, help_text='Nobody takes it before: a worker has it, or it rests after a failed try.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('suppressed_at', models.DateTimeField(blank=True, help_text='The right to know had ended by then.', null=True)),
                ('dead_at', models.DateTimeField(blank=True, help_text='Given up: too many tries, or a wrong address.', null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('event', models.UUIDField(editable=False)),
                ('source', models.CharField(help_text='The app that can say whether the reader may still be told.', max_length=30)),
                ('subject', models.CharField(help_text='What the message is about, as its source names it.', max_length=80)),
                ('channel', models.CharField(choices=[('portal', 'In the portal'), ('mail', 'Email')], max_length=10)),
                ('message', models.CharField(help_text='The name of a registered message.', max_length=60)),
                ('values', models.JSONField(default=dict, help_text='Reference numbers only: never a title, a State or a theme.')),
                ('path', models.CharField(max_length=200)),
                ('needs_action', models.BooleanField(default=False)),
                ('in_digest', models.BooleanField(default=False, help_text='Waits for the digest of its reader.')),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, help_text='When the action asked for was taken.', null=True)),
                ('acknowledged_at', models.DateTimeField(blank=True, help_text='When an administrator took note that it was given up.', null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='accounts.digest')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='KeptForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=500)),
                ('content', models.BinaryField()),
                ('kept_at', models.DateTimeField(auto_now=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('database', models.CharField(help_text='The database in which mail was sent, as PostgreSQL knows it.', max_length=80)),
                ('held_at', models.DateTimeField(blank=True, help_text='Since when sending is held; empty when it is not.', null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='sending_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('path', models.CharField(max_length=500)),
                ('key', models.UUIDField(help_text='The one the form was shown with.')),
                ('digest', models.CharField(help_text='Of what was sent.', max_length=64)),
                ('location', models.CharField(blank=True, help_text='The page of the result.', max_length=500)),
                ('sent_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold('name'), name='gin_trgm_ops'), name='user_name_folded'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email__regex', '^[\\x21-\\x40\\x5b-\\x7e]+$')), name='user_email_in_normal_form'),
        ),
        migrations.AddIndex(
            model_name='digest',
            index=models.Index(condition=models.Q(('dead_at', None), ('sent_at', None), ('suppressed_at', None)), fields=['due_at'], name='digest_waiting'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('recipient', 'period'), name='digest_once_in_a_period'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(models.Q(('dead_at', None), ('sent_at', None), ('suppressed_at', None)), ('channel', 'mail')), fields=['due_at'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('channel', 'portal')), fields=['recipient', '-created_at'], name='delivery_inbox'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['source', 'subject'], name='delivery_subject'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('event', 'recipient', 'channel'), name='delivery_once'),
        ),
        migrations.AddIndex(
            model_name='keptform',
            index=models.Index(fields=['kept_at'], name='kept_form_age'),
        ),
        migrations.AddConstraint(
            model_name='keptform',
            constraint=models.UniqueConstraint(fields=('user', 'path'), name='kept_form_once'),
        ),
        migrations.AddIndex(
            model_name='sentform',
            index=models.Index(fields=['sent_at'], name='sent_form_age'),
        ),
        migrations.AddConstraint(
            model_name='sentform',
            constraint=models.UniqueConstraint(fields=('user', 'path', 'key'), name='sent_form_once'),
        ),
    ]
