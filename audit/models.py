"""Models of the log: entries, which are only ever added, and the seals that chain them."""

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
    detail = models.TextField()
    address = models.GenericIPAddressField(null=True)
    source = models.CharField(max_length=300)
    credential = models.CharField(max_length=60)
    request = models.CharField(max_length=40)

    class Meta:
        indexes = [
            GinIndex(fields=["states"], name="entry_states"),
            GinIndex(fields=["subjects"], name="entry_subjects"),
            models.Index(fields=["who", "-id"], name="entry_who"),
            models.Index(fields=["kind", "-id"], name="entry_kind"),
            models.Index(fields=["at"], name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Seal(models.Model):
    """The position of an entry in the chain; written by a trigger when the entry's transaction commits."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)  # no foreign key: a deleted entry must be detected, not cascade
    previous = models.BinaryField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.position} {bytes(self.hash).hex()}"
