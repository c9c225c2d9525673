"""Keeps with each step of a plan how it was agreed last, and whether it is removed with the version in work."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0028_considerations_of_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='planstep',
            name='agreed',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='planstep',
            name='leaves',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RemoveConstraint(
            model_name='planstep',
            name='step_number_once',
        ),
        migrations.AddConstraint(
            model_name='planstep',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('status', 'dropped'), _negated=True), ('leaves', False)), fields=('plan', 'number'), name='step_number_once'),
        ),
    ]
