"""A release ends at a moment: when its last day ends by the clock of its State, no longer by that of UTC."""

from django.db import migrations, models

from assistance.access import database

RESTRICTED = ("section", "need", "consent", "offer", "match", "project", "releaseplan", "twopersonrule", "document")
# Days of UTC, as they were until now; `rebuild_grants` gives each row the moment of its State.
FILL = "UPDATE assistance_{name} SET ends_at = (released_until + 1)::timestamp AT TIME ZONE 'UTC' WHERE released_until IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('assistance', '0003_folded_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='match',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='need',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='releaseplan',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='section',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='twopersonrule',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='visit',
            name='ends_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL("DROP TRIGGER append_only ON assistance_consent", migrations.RunSQL.noop),
        database.append_only("assistance_consent", database.AUDIENCE_COLUMNS),
        *(migrations.RunSQL(FILL.format(name=name), migrations.RunSQL.noop) for name in (*RESTRICTED, "visit")),
        database.now_function(),
        *(database.end_by_moment(f"assistance_{name}") for name in RESTRICTED),
        migrations.RunSQL(
            "DROP FUNCTION portal_today()",
            "CREATE FUNCTION portal_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS"
            " $$ SELECT nullif(current_setting('portal.today', true), '')::date $$",
        ),
    ]
