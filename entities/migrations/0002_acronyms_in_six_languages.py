"""Gives acronyms a column in each language; those there were are the English ones. Searches look through all of them."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
import web.folding
from django.db import migrations, models


def keep_as_english(apps, schema_editor):
    """Copy the acronyms there were into the English column."""
    apps.get_model("entities", "Organisation").objects.update(acronym_en=models.F("acronym"))


class Migration(migrations.Migration):

    dependencies = [
        ('entities', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='organisation',
            name='organisation_words',
        ),
        migrations.AddField(
            model_name='organisation',
            name='acronym_ar',
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name='acronym'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='acronym_en',
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name='acronym'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='acronym_es',
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name='acronym'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='acronym_fr',
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name='acronym'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='acronym_ru',
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name='acronym'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='acronym_zh_hans',
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name='acronym'),
        ),
        migrations.RunPython(keep_as_english, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('name_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('slug', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('iso3', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), name='gin_trgm_ops'), name='organisation_words'),
        ),
    ]
