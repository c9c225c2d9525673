"""Audiences: immutable sets of groups. Every restricted row points at one; guardian's group permissions refer to it."""

import functools
import hashlib
import re
import uuid
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.base import ModelState
from django.urls import reverse
from guardian.models import GroupObjectPermissionBase

from audit import trail


def audience_key(groups: Iterable[int]) -> str:
    """Return the key of a set of groups, computed from its content: the same set always has the same key."""
    return hashlib.sha256(",".join(map(str, sorted(set(groups)))).encode()).hexdigest()


class Audience(models.Model):
    """A set of groups, identified by its content. Never edited: another set is another audience."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    # The set itself: whom a State released to must be known even if the grants were tampered with.
    groups = ArrayField(models.IntegerField(), default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.key[:12]


class AudienceGrant(GroupObjectPermissionBase):
    """guardian's direct-foreign-key grant: this group may view the rows that point at this audience."""

    content_object = models.ForeignKey(Audience, models.CASCADE, related_name="grants")

    class Meta(GroupObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["group", "content_object"], name="grant_by_group")]


class Restricted(models.Model):
    """A row seen only by its audience; from `ends_at` on, the end of the day `released_until`, only by its owners.

    Expiry is evaluated in the query, no task is needed.
    """

    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", editable=False)
    owners = models.ForeignKey(Audience, models.PROTECT, related_name="+", editable=False)
    released_until = models.DateField(null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The groups of the two audiences, copied by a trigger (access/database.py): PostgreSQL finds rows by them in an index.
    reader_groups = ArrayField(models.IntegerField(), default=list, editable=False)
    owner_groups = ArrayField(models.IntegerField(), default=list, editable=False)

    # Names of its text fields: loading a row with one of them counts as reading it (audit.trail).
    texts: ClassVar[tuple[str, ...]] = ()
    # Those of `texts` that may be stored in several of the six languages.
    translated: ClassVar[tuple[str, ...]] = ()
    # Whether its State releases it by consents (registry.ReleaseSpec); `consents` are the decisions over a row.
    released_by_state: ClassVar[bool] = False
    # The relation to the row whose release opens its rows too, where they are not released themselves.
    released_with: ClassVar[str] = ""
    # Whether files can be attached to its rows.
    takes_documents: ClassVar[bool] = False
    # Whether something about its rows falls due (registry.Aggregate.clocks).
    takes_clocks: ClassVar[bool] = False

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Return the page of this row."""
        return reverse(self.url_name(), args=[self.pk])

    @classmethod
    def record_name(cls) -> str:
        """Return the name of this kind of record: of its column in events, of arguments, of its subjects in logs."""
        return _in_words(cls.__name__)

    @classmethod
    def url_name(cls, page: str = "") -> str:
        """Return the name of the address of one of its pages, of the row's own page by default."""
        return "-".join(filter(None, (cls.record_name().replace("_", "-"), page)))

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802 (Django's name)
        """Return the label of a choice. Django makes the labels of all choices hashable each time, in a tenth of a page."""
        value = getattr(self, field.attname)
        return str(_labels_of(field).get(value, value))

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        """Return the row; record it as read if one of its texts was loaded.

        Made without the constructor, which sets each column by itself, looks for defaults and sends signals: half of
        the time of a list. No signal of ours is sent on construction, and those of modeltranslation are about arguments.
        """
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True))
        row._state = state = ModelState()
        state.adding, state.db = False, db
        if not text_columns(cls).isdisjoint(row.__dict__):
            trail.saw(row)
        return row


@functools.cache
def _labels_of(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)


@functools.cache
def _in_words(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@functools.cache
def text_columns(model: type[Restricted]) -> frozenset[str]:
    """Return the columns of a model that hold its texts, in every language."""
    return frozenset(
        column.attname for column in model._meta.concrete_fields if model.texts and column.name.startswith(model.texts)
    )


class Versioned(models.Model):
    """A row with a version number: a save based on an older version is refused."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
