"""Adds the holidays of the United Nations, by which working days are counted."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('entities', '0004_reference_version'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('name', models.CharField(max_length=120, verbose_name='name of the holiday')),
                ('name_ar', models.CharField(max_length=120, null=True, verbose_name='name of the holiday')),
                ('name_en', models.CharField(max_length=120, null=True, verbose_name='name of the holiday')),
                ('name_es', models.CharField(max_length=120, null=True, verbose_name='name of the holiday')),
                ('name_fr', models.CharField(max_length=120, null=True, verbose_name='name of the holiday')),
                ('name_ru', models.CharField(max_length=120, null=True, verbose_name='name of the holiday')),
                ('name_zh_hans', models.CharField(max_length=120, null=True, verbose_name='name of the holiday')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('recorded_by', models.ForeignKey(help_text='Empty: a reference list.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
    ]
