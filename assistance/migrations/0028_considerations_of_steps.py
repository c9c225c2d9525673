"""Lets steps of plans say what they consider, and needs be reopened by a review from the desk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0027_plan_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='planstep',
            name='addresses_pve',
            field=models.BooleanField(default=False, verbose_name='addresses the prevention of violent extremism'),
        ),
        migrations.AddField(
            model_name='planstep',
            name='gender',
            field=models.CharField(choices=[('not_considered', 'Not considered'), ('considered', 'Considered'), ('main_aim', 'Main aim')], default='not_considered', max_length=20, verbose_name='gender'),
        ),
        migrations.AddField(
            model_name='planstep',
            name='gender_note',
            field=models.CharField(blank=True, help_text='One sentence. Not needed for “Not considered”.', max_length=500, verbose_name='how gender is considered'),
        ),
        migrations.AddField(
            model_name='planstep',
            name='human_rights',
            field=models.CharField(choices=[('not_considered', 'Not considered'), ('considered', 'Considered'), ('main_aim', 'Main aim')], default='not_considered', max_length=20, verbose_name='human rights'),
        ),
        migrations.AddField(
            model_name='planstep',
            name='human_rights_note',
            field=models.CharField(blank=True, help_text='One sentence. Not needed for “Not considered”.', max_length=500, verbose_name='how human rights are considered'),
        ),
        migrations.AlterField(
            model_name='cycle',
            name='visit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.visit', verbose_name='visit'),
        ),
    ]
