"""Adds folded texts of offers and projects, the indexes of short terms, and the functions that look terms up."""

import assistance.search
import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
import web.folding
from django.conf import settings
from django.db import migrations, models

from assistance.access import database


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0003_indexes'),
        ('audit', '0003_role'),
        ('entities', '0004_reference_version'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(assistance.search.CREATE_PAIRS, assistance.search.DROP_PAIRS),
        migrations.RemoveIndex(
            model_name='offer',
            name='offer_texts',
        ),
        migrations.RemoveIndex(
            model_name='project',
            name='project_texts',
        ),
        migrations.AddField(
            model_name='offer',
            name='plain',
            field=models.GeneratedField(db_persist=True, expression=web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('title_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='project',
            name='plain',
            field=models.GeneratedField(db_persist=True, expression=web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('title_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='need',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), name='need_pairs'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), name='offer_plain'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), name='offer_pairs'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), name='project_plain'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=django.contrib.postgres.indexes.GinIndex(assistance.search.Pairs('plain'), name='project_pairs'),
        ),
        database.look_up('assistance_need', has_words=True),
        database.look_up('assistance_offer'),
        database.look_up('assistance_project'),
    ]
