"""Comments that are only added, on rows of several kinds, over the API."""

from typing import Any

from rest_framework import serializers

from assistance.rest.fields import Prose, WriteSerializer
from assistance.rest.serializers import Shown
from web.texts import COMMENT_MAX


class CommentSerializer(serializers.Serializer):
    """A comment on a row."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    organisation = serializers.CharField(help_text="Slug.")
    by = serializers.CharField(help_text="Name of the person.")
    text = serializers.CharField()

    def to_representation(self, comment: Any) -> Shown:
        """Return the comment."""
        return {
            "id": comment.pk,
            "at": comment.at,
            "organisation": comment.organisation.slug,
            "by": comment.by.name,
            "text": comment.text,
        }


class CommentsSerializer(serializers.Serializer):
    """The comments on a row, in a single page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = CommentSerializer(many=True)


class CommentWriteSerializer(WriteSerializer):
    """A comment on a row."""

    text = Prose(max_length=COMMENT_MAX)
