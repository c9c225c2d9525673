"""The version of the reference lists: another one whenever an organization or a word of a vocabulary changes."""

import uuid

from django.db import models


class ReferenceVersion(models.Model):
    """One row, written by triggers on the tables of the lists (`entities/reference_versions.py`)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    value = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="reference_version_is_one_row")]

    def __str__(self) -> str:
        return str(self.value)
