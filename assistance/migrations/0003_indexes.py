"""Adds the indexes that deadlines and the numbers of needs are read from."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0002_row_security'),
        ('entities', '0004_reference_version'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='need',
            name='need_state_status',
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(('until__isnull', False)), fields=['until'], name='consent_until'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(condition=models.Q(('status__in', ('suggested', 'proposed'))), fields=['waiting_since'], name='match_waiting'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['deadline'], name='need_due'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['state', 'status', 'pillar'], include=('reader_groups', 'owner_groups', 'ends_at'), name='need_counts'),
        ),
    ]
