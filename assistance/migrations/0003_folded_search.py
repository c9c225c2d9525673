import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.comparison
import django.db.models.functions.text
import web.folding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0002_row_security'),
        ('accounts', '0003_folding'),
        ('entities', '0002_names_and_zones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # PostgreSQL does not change the expression of a generated column.
        migrations.RemoveIndex(
            model_name='need',
            name='need_plain',
        ),
        migrations.RemoveIndex(
            model_name='need',
            name='need_search',
        ),
        migrations.RemoveField(
            model_name='need',
            name='plain',
        ),
        migrations.AddField(
            model_name='need',
            name='plain',
            field=models.GeneratedField(db_persist=True, expression=web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('reference', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('beneficiary', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), output_field=models.TextField()),
        ),
        migrations.RemoveField(
            model_name='need',
            name='search',
        ),
        migrations.AddField(
            model_name='need',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title_ar', 'description_ar', config='arabic'), '||', django.contrib.postgres.search.SearchVector(web.folding.Fold('title_ar'), web.folding.Fold('description_ar'), config='arabic'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_en', 'description_en', config='english'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector(web.folding.Fold('title_en'), web.folding.Fold('description_en'), config='english'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_es', 'description_es', config='spanish'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector(web.folding.Fold('title_es'), web.folding.Fold('description_es'), config='spanish'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_fr', 'description_fr', config='french'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector(web.folding.Fold('title_fr'), web.folding.Fold('description_fr'), config='french'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector('title_ru', 'description_ru', config='russian'), django.contrib.postgres.search.SearchConfig('arabic')), '||', django.contrib.postgres.search.SearchVector(web.folding.Fold('title_ru'), web.folding.Fold('description_ru'), config='russian'), django.contrib.postgres.search.SearchConfig('arabic')), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='need',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='need_search'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('plain', name='gin_trgm_ops'), name='need_plain'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('title_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), name='gin_trgm_ops'), name='offer_texts'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('title_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('title_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('description_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), name='gin_trgm_ops'), name='project_texts'),
        ),
    ]
