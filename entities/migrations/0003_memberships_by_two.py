"""Adds the changes of memberships, which take two people (entities/memberships.py)."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('entities', '0002_names_and_zones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MembershipChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('to', models.CharField(choices=[('working_group', 'Member of a working group'), ('in_compact', 'Entity of the Compact'), ('is_donor', 'Donor')], max_length=20, verbose_name='what it belongs to')),
                ('adds', models.BooleanField(default=True)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('confirmed', models.BooleanField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='reason for rejecting')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation', verbose_name='organization')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('states_told', models.ManyToManyField(blank=True, related_name='+', to='entities.organisation')),
                ('working_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.workinggroup', verbose_name='working group')),
            ],
            options={
                'ordering': ['-proposed_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True), ('working_group__isnull', False)), fields=('organisation', 'working_group'), name='membership_one_open_in_group'), models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True), ('working_group__isnull', True)), fields=('organisation', 'to'), name='membership_one_open'), models.CheckConstraint(condition=models.Q(('adds', True), ('confirmed', True), ('decided_by', models.F('proposed_by')), _negated=True), name='membership_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('to', 'working_group'), ('working_group__isnull', False)), models.Q(models.Q(('to', 'working_group'), _negated=True), ('working_group__isnull', True)), _connector='OR'), name='membership_names_its_group')],
            },
        ),
    ]
