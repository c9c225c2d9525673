"""Documents: files attached to one row each, and never visible to more readers than it."""

import uuid
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.columns import column, exactly_one, index_of, point_at_each
from assistance.access.models import Restricted
from assistance.workflow.references import document_reference
from entities.models import Appointment
from files.models import StoredFile

# The models that declare `takes_documents`, by the name of the column that points at them.
PARENTS: dict[str, type[Restricted]] = {}


class Document(Restricted):
    """A file attached to one row. Its audience is that of the row; after removal, the organisation that attached it."""

    texts = ("title",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=document_reference, editable=False
    )
    title = models.CharField(pgettext_lazy("field", "title"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", editable=False)
    number = models.PositiveSmallIntegerField(pgettext_lazy("field", "version"), default=1, editable=False)
    attached_at = models.DateTimeField(_("attached on"), auto_now_add=True)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    attached_as = models.ForeignKey(Appointment, models.PROTECT, related_name="+", editable=False)
    removed_at = models.DateTimeField(_("removed on"), null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    removed_reason = models.TextField(pgettext_lazy("field", "reason"), blank=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "document")
        verbose_name_plural = pgettext_lazy("model", "documents")
        ordering = ["-attached_at", "-id"]
        indexes = [models.Index(fields=["-attached_at", "-id"], name="document_list")]
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return self.title

    @property
    def parent_name(self) -> str:
        """The name in PARENTS of the row it is attached to."""
        return next(name for name in PARENTS if getattr(self, f"{name}_id") is not None)

    @property
    def parent(self) -> Any:
        """The row it is attached to."""
        return getattr(self, self.parent_name)


def _add_parent(model: type[Restricted]) -> None:
    name = model.record_name()
    PARENTS[name] = model
    Document.add_to_class(name, column(model, "documents"))
    cast(list[models.Index], Document._meta.indexes).append(index_of("document", name))
    Document._meta.constraints = [
        models.CheckConstraint(condition=exactly_one(PARENTS), name="document_hangs_on_one_row")
    ]


point_at_each(Document, lambda model: model.takes_documents, _add_parent)


class DocumentVersion(models.Model):
    """Each file a document has had, including the current one. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(pgettext_lazy("field", "version"))
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_as = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]

    def __str__(self) -> str:
        return f"{self.document_id} · {self.number}"
