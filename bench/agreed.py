"""A step: makes needs that a State has agreed to and not released, as many as the bench releases at once."""

import json
from pathlib import Path

from django.db import connection

from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from bench.readers import posts
from entities.models import Role


def copies(need: Need, number: int) -> list[str]:
    """Return the keys of so many new needs that differ from this one in their names alone."""
    columns = [str(field.column) for field in Need._meta.concrete_fields if not field.generated]
    own = {"id": "gen_random_uuid()", "reference": "'N-B-' || number"}
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    chosen = ", ".join(own.get(column, f"need.{connection.ops.quote_name(column)}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO assistance_need ({quoted}) SELECT {chosen} "  # noqa: S608 (names of our columns)
            "FROM assistance_need need, generate_series(1, %s) number WHERE need.id = %s RETURNING id",
            [number, need.pk],
        )
        keys = [str(key) for (key,) in cursor.fetchall()]
        cursor.execute("ANALYZE assistance_need")
    return keys


def main(path: str, number: str) -> None:
    """Write who releases, and the keys of so many needs of their State."""
    focal = posts().filter(role=Role.FOCAL_POINT)
    unreleased = Need.objects.filter(status=NeedStatus.AGREED, consents__isnull=True)
    need = unreleased.filter(state__in=focal.order_by().values("organisation")).order_by("reference")[0]
    post = focal.filter(organisation=need.state)[0]
    Path(path).write_text(json.dumps({"user": str(post.user_id), "needs": copies(need, int(number))}))
