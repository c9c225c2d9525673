"""Serializers of documents: the row, and the name, type, size and digest of the file; never its content."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.serializers import Line
from assistance.documents.models import PARENTS, Document
from assistance.documents.queries import versions_of
from assistance.rest.fields import Prose, RowField, WriteSerializer
from assistance.rest.serializers import PageSerializer, RowSerializer, Shown
from entities.actors import Actor
from web.lists import enumerated
from web.texts import REMARK_MAX


def _parent_ids() -> dict[str, serializers.Field]:
    return {name: serializers.UUIDField(allow_null=True) for name in PARENTS}


class DocumentSerializer(RowSerializer):
    """A file on exactly one row. Once removed, only the organisation that attached it sees that it existed."""

    model = Document
    joins = ("file", "attached_by", "attached_as__organisation")
    parents = PARENTS

    vars().update(_parent_ids())
    title = serializers.CharField()
    name = serializers.CharField(help_text="Of the file at …/file/, which is always a download.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField(help_text="Of the file as it is kept and handed out, in hexadecimal.")
    number = serializers.IntegerField(help_text="Version: 1 for the first file, one more with each that replaced it.")
    attached_at = serializers.DateTimeField()
    attached_by = serializers.CharField()
    organisation = serializers.CharField(help_text="Slug of the organisation the person acted for.")
    removed_at = serializers.DateTimeField(allow_null=True)
    removed_reason = serializers.CharField()

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return no further relations: all that is shown is loaded with the row."""
        return ()

    def to_representation(self, document: Document) -> Shown:
        """Return the document as its readers see it."""
        return {
            "id": document.pk,
            **{name: self.parent_id(document, name) for name in PARENTS},
            "title": document.title,
            "name": document.file.name,
            "media_type": document.file.media_type,
            "size": document.file.size,
            "sha256": document.file.sha256,
            "number": document.number,
            "attached_at": document.attached_at,
            "attached_by": str(document.attached_by),
            "organisation": document.attached_as.organisation.slug,
            "removed_at": document.removed_at,
            "removed_reason": document.removed_reason,
        }


class VersionSerializer(serializers.Serializer):
    """One version of a document's file."""

    number = serializers.IntegerField(help_text="Its file is at …/versions/{number}/.")
    name = serializers.CharField()
    sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()
    added_by = serializers.CharField()


class DocumentDetailSerializer(DocumentSerializer, PageSerializer):
    """One document, with who can see it, its history and, for those who may attach files there, its versions."""

    versions = VersionSerializer(many=True)

    def to_representation(self, document: Document) -> Shown:
        """Return the document as its page shows it."""
        versions = [
            {
                "number": version.number,
                "name": version.file.name,
                "sha256": version.file.sha256,
                "added_at": version.added_at,
                "added_by": str(version.added_by),
            }
            for version in versions_of(self.context["actor"], document)
        ]
        return {**super().to_representation(document), **self.page(document), "versions": versions}


# ── Bodies ───────────────────────────────────────────────────────────────────
class FileWriteSerializer(WriteSerializer):
    """A file, as multipart/form-data."""

    file = serializers.FileField(allow_empty_file=True, help_text="PDF, PNG, JPEG, DOCX, XLSX or PPTX.")


class DocumentWriteSerializer(FileWriteSerializer):
    """The body that attaches a file to one row."""

    title = Line(required=False, max_length=200, help_text="Without one, the name of the file.")
    vars().update({name: RowField(model, required=False) for name, model in PARENTS.items()})

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return title, file and parent; raise ValidationError unless exactly one row is named."""
        named = [values.pop(name) for name in PARENTS if name in values]
        if len(named) != 1:
            raise serializers.ValidationError(
                _("Specify exactly one record for the document: %(kinds)s.") % {"kinds": enumerated(PARENTS)}
            )
        return {**values, "parent": named[0]}


class RemoveWriteSerializer(WriteSerializer):
    """Why a document is removed."""

    reason = Prose(max_length=REMARK_MAX)
