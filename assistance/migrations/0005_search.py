"""Moves the texts that searches look through into tables beside, with indexes of short terms, and functions that look up."""

import assistance.search
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from assistance.access import database
from assistance.search import CREATE_PAIRS, DROP_PAIRS, columns_of, words_of

TEXTS = ("title", "description")


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0004_batches'),
        ('audit', '0003_role'),
    ]

    operations = [
        migrations.RunSQL(CREATE_PAIRS, DROP_PAIRS),
        migrations.CreateModel(
            name='NeedTexts',
            fields=[
                ('plain', models.TextField()),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.need')),
                ('search', django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name='OfferTexts',
            fields=[
                ('plain', models.TextField()),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.offer')),
            ],
        ),
        migrations.CreateModel(
            name='ProjectTexts',
            fields=[
                ('plain', models.TextField()),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='texts_searched', serialize=False, to='assistance.project')),
            ],
        ),
        migrations.RemoveIndex(
            model_name='need',
            name='need_search',
        ),
        migrations.RemoveIndex(
            model_name='need',
            name='need_plain',
        ),
        migrations.RemoveIndex(
            model_name='offer',
            name='offer_texts',
        ),
        migrations.RemoveIndex(
            model_name='project',
            name='project_texts',
        ),
        migrations.RemoveField(
            model_name='need',
            name='plain',
        ),
        migrations.RemoveField(
            model_name='need',
            name='search',
        ),
        migrations.AddIndex(
            model_name='needtexts',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='need_search', gin_pending_list_limit=512),
        ),
        migrations.AddIndex(
            model_name='needtexts',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), name='need_plain', gin_pending_list_limit=512),
        ),
        migrations.AddIndex(
            model_name='needtexts',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), name='need_pairs', gin_pending_list_limit=512),
        ),
        migrations.AddIndex(
            model_name='offertexts',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), name='offer_plain', gin_pending_list_limit=512),
        ),
        migrations.AddIndex(
            model_name='offertexts',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), name='offer_pairs', gin_pending_list_limit=512),
        ),
        migrations.AddIndex(
            model_name='projecttexts',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), name='project_plain', gin_pending_list_limit=512),
        ),
        migrations.AddIndex(
            model_name='projecttexts',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), name='project_pairs', gin_pending_list_limit=512),
        ),
        *database.searched("assistance_need", ("reference", "beneficiary", *columns_of(*TEXTS)), words_of(*TEXTS)),
        *database.searched("assistance_offer", columns_of(*TEXTS)),
        *database.searched("assistance_project", columns_of(*TEXTS)),
    ]
