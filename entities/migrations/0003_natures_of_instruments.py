"""Makes the nature of an instrument one of four choices."""

from django.db import migrations, models

KEYS = {
    "binding where adopted under Chapter VII": "chapter_vii",
    "non-binding": "non_binding",
}


def to_keys(apps, schema_editor):
    """Replace the words of the list by keys; the other two words are keys already."""
    for words, key in KEYS.items():
        apps.get_model("entities", "Instrument").objects.filter(nature=words).update(nature=key)


def to_words(apps, schema_editor):
    """Replace the keys by the words of the list."""
    for words, key in KEYS.items():
        apps.get_model("entities", "Instrument").objects.filter(nature=key).update(nature=words)


class Migration(migrations.Migration):

    dependencies = [
        ('entities', '0002_acronyms_in_six_languages'),
    ]

    operations = [
        migrations.RunPython(to_keys, to_words),
        migrations.AlterField(
            model_name='instrument',
            name='nature',
            field=models.CharField(blank=True, choices=[('chapter_vii', 'Binding where adopted under Chapter VII'), ('recommendation', 'Recommendation'), ('treaty', 'Treaty'), ('non_binding', 'Non-binding')], max_length=20, verbose_name='nature'),
        ),
    ]
