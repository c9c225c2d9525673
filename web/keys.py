"""Keys read from the database: the same few thousand again and again, so each is made into a UUID once."""

from functools import lru_cache
from uuid import UUID

from psycopg2.extensions import new_array_type, new_type, register_type

KEPT = 2**14  # about 4 MB in a process
UUID_OID, UUID_ARRAY_OID = 2950, 2951

_made = lru_cache(KEPT)(UUID)


def _read(value: str | None, cursor: object) -> UUID | None:
    return None if value is None else _made(value)


def register() -> None:
    """Read columns of UUIDs in this way, on every connection of this process."""
    one = new_type((UUID_OID,), "UUID", _read)
    register_type(one)
    register_type(new_array_type((UUID_ARRAY_OID,), "UUID[]", one))
