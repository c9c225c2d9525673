"""Models of the log: entries, which are only ever added, and the seals that chain them."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing a user did, read or was refused.

    Users, organisations and records are plain values, not foreign keys, because the log outlives them. The seal of an
    entry covers all columns that are not NULL, so a column added later must allow NULL.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)  # set by the database, whatever is sent
    kind = models.CharField(max_length=30)
    who = models.UUIDField(null=True)
    who_name = models.CharField(max_length=200)
    viewed_by = models.UUIDField(null=True)  # the coordinator, where one views the portal as another user
    viewed_by_name = models.CharField(max_length=200)
    as_whom = models.TextField()
    appointments = ArrayField(models.UUIDField(), default=list)
    subjects = ArrayField(models.CharField(max_length=80), default=list)
    references = ArrayField(models.CharField(max_length=80), default=list)
    states = ArrayField(models.UUIDField(), default=list)
    # Rows shown together in a list: their keys alone, a third as long as subjects, and how many of each kind in that order.
    rows = ArrayField(models.UUIDField(), null=True)
    kinds = models.CharField(max_length=300, null=True)  # noqa: DJ001 (the seals of older entries do without it)
    detail = models.TextField()
    address = models.GenericIPAddressField(null=True)
    source = models.CharField(max_length=300)
    credential = models.CharField(max_length=60)
    request = models.CharField(max_length=40)

    class Meta:
        indexes = [
            GinIndex(fields=["states"], name="entry_states"),
            GinIndex(fields=["subjects"], name="entry_subjects"),
            GinIndex(fields=["rows"], name="entry_rows"),
            models.Index(fields=["who", "-id"], name="entry_who"),
            models.Index(fields=["kind", "-id"], name="entry_kind"),
            models.Index(fields=["at"], name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    def set_rows(self, rows: list[tuple[str, UUID]]) -> None:
        """Keep rows, each the name of its kind and its key; those of one kind stand together."""
        if not rows:
            return
        numbers: dict[str, int] = {}
        for kind, _key in rows:
            numbers[kind] = numbers.get(kind, 0) + 1
        self.kinds = " ".join(f"{kind}:{number}" for kind, number in numbers.items())
        order = list(numbers)
        self.rows = [key for _kind, key in sorted(rows, key=lambda row: order.index(row[0]))]

    @property
    def all_subjects(self) -> list[str]:
        """The subjects, and the rows written as such."""
        keys = iter(self.rows or ())
        parts = [part.partition(":") for part in (self.kinds or "").split()]
        return [*self.subjects, *(f"{kind}:{next(keys)}" for kind, _colon, number in parts for _ in range(int(number)))]


class Seal(models.Model):
    """The position of an entry in the chain; written by a trigger when the entry's transaction commits."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)  # no foreign key: a deleted entry must be detected, not cascade
    previous = models.BinaryField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.position} {bytes(self.hash).hex()}"
