"""Links indicators of projects with priorities of rounds of consultations."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0024_plans'),
    ]

    operations = [
        migrations.AddField(
            model_name='indicator',
            name='parameter',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assistance.parameter'),
        ),
    ]
