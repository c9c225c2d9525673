"""A step: writes lines of the audit log, as many as it is asked for, each a copy of the newest one."""

from django.db import connection

from audit.models import Entry

CHUNK = 10_000


def main(number: str) -> None:
    """Write so many lines, some thousands in each transaction, whose end seals them."""
    columns = [str(field.column) for field in Entry._meta.concrete_fields if field.column not in ("id", "at")]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        for _chunk in range(max(1, int(number) // CHUNK)):
            cursor.execute(
                f"INSERT INTO audit_entry ({quoted}) SELECT {quoted} "  # noqa: S608 (names of our columns)
                "FROM (SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1) newest, generate_series(1, %s)",
                [min(CHUNK, int(number))],
            )
        cursor.execute("VACUUM ANALYZE audit_entry")
