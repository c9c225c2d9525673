"""Adds the comments of States on projects."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from assistance.access import database

COMMENTS = "assistance_projectcomment"


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('assistance', '0025_targets'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProjectComment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(verbose_name='comment')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entities.organisation')),
                ('project', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='assistance.project')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        database.beside(COMMENTS),
        database.read_with(COMMENTS, "project", "assistance_project"),
        database.append_only(COMMENTS),
    ]
