"""Documents on the work; each file one has had is kept in a table that is only added to."""

import importlib

import assistance.workflow.references
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

build = importlib.import_module("assistance.migrations.0005_wall").build


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0007_releases'),
        ('entities', '0001_initial'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ('attached_as', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment')),
                ('attached_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('audience', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ('file', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('match', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.match')),
                ('need', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.need')),
                ('offer', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.offer')),
                ('owners', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.audience')),
                ('project', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.project')),
                ('removed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.section')),
                ('visit', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='assistance.visit')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-attached_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assistance.document'),
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_as', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.appointment')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assistance.document')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['audience', '-attached_at', '-id'], name='document_list'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', False)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', False), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', False), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', False), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', False), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', True), ('section__isnull', True), ('visit__isnull', True)), models.Q(('match__isnull', True), ('need__isnull', True), ('offer__isnull', True), ('project__isnull', False), ('section__isnull', True), ('visit__isnull', True)), _connector='OR'), name='document_hangs_on_one_row'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='document_version_once'),
        ),
        build("assistance_document"),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assistance_documentversion "
            "FOR EACH ROW EXECUTE FUNCTION assistance_append_only()",
            "DROP TRIGGER append_only ON assistance_documentversion",
        ),
    ]
