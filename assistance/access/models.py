"""Audiences: immutable sets of groups. Every restricted row points at one; guardian's group permissions hang on it."""

import functools
import hashlib
import uuid
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from guardian.models import GroupObjectPermissionBase

from audit import trail


def audience_key(groups: Iterable[int]) -> str:
    """Return the content address of a set of groups: the same set always has the same key."""
    return hashlib.sha256(",".join(map(str, sorted(set(groups)))).encode()).hexdigest()


class Audience(models.Model):
    """A set of groups, named by its content. Never edited: another set is another audience."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    # The set itself: what a State released to must be known even when somebody has tampered with the grants.
    groups = ArrayField(models.IntegerField(), default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.key[:12]


class AudienceGrant(GroupObjectPermissionBase):
    """guardian's direct-foreign-key grant: this group may view what points at this audience."""

    content_object = models.ForeignKey(Audience, models.CASCADE, related_name="grants")

    class Meta(GroupObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["group", "content_object"], name="grant_by_group")]


class Restricted(models.Model):
    """A row seen only by its audience; after `released_until` only by its owners, by the clock and not by a job."""

    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", editable=False)
    owners = models.ForeignKey(Audience, models.PROTECT, related_name="+", editable=False)
    released_until = models.DateField(null=True, blank=True, editable=False)

    # Its texts: whoever is shown a row loaded with one of them has read it (audit.trail).
    texts: ClassVar[tuple[str, ...]] = ()
    # Those of them that may be kept in several of the six languages.
    translated: ClassVar[tuple[str, ...]] = ()
    # Whether its State releases it by consents; `consents` are then the State's decisions over a row.
    released_by_state: ClassVar[bool] = False
    # Whether files can be attached to its rows.
    takes_documents: ClassVar[bool] = False

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Return the page of this row."""
        return reverse(str(self._meta.model_name), args=[self.pk])

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        """Return the row, and note it if it came with a text of its own."""
        row = super().from_db(db, field_names, values, **options)
        if not text_columns(cls).isdisjoint(row.__dict__):
            trail.saw(row)
        return row


@functools.cache
def text_columns(model: type[Restricted]) -> frozenset[str]:
    """Return the columns of a model that hold its texts, in every language."""
    return frozenset(
        column.attname for column in model._meta.concrete_fields if model.texts and column.name.startswith(model.texts)
    )


class Versioned(models.Model):
    """A row that refuses a save made from an older version of itself."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
