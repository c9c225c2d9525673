import accounts.models.user
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import web.folding
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('accounts', '0003_folding'),
        ('entities', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OtherName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français'), ('ru', 'Русский'), ('zh-hans', '中文')], max_length=10)),
                ('name', models.CharField(max_length=300)),
                ('provenance', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['organisation', 'language', 'name'],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='pinyin',
            field=models.CharField(blank=True, help_text='The sound of the Chinese name, by which lists are sorted: “bi4 lu3”.', max_length=300),
        ),
        migrations.AddField(
            model_name='organisation',
            name='time_zone',
            field=models.CharField(blank=True, help_text='Its days begin and end in this time zone. Empty: UTC.', max_length=64, validators=[accounts.models.user.valid_time_zone], verbose_name='time zone'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold(django.db.models.functions.text.Concat(django.db.models.functions.comparison.Coalesce('name_ar', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_en', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_es', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_fr', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_ru', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('name_zh_hans', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('acronym', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('slug', models.Value(''), output_field=models.TextField()), models.Value('\n'), django.db.models.functions.comparison.Coalesce('iso3', models.Value(''), output_field=models.TextField()), models.Value('\n'), output_field=models.TextField())), name='gin_trgm_ops'), name='organisation_words'),
        ),
        migrations.AddField(
            model_name='othername',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_names', to='entities.organisation'),
        ),
        migrations.AddIndex(
            model_name='othername',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(web.folding.Fold('name'), name='gin_trgm_ops'), name='other_name_folded'),
        ),
        migrations.AddConstraint(
            model_name='othername',
            constraint=models.UniqueConstraint(fields=('organisation', 'language', 'name'), name='other_name_once'),
        ),
    ]
