"""Request bodies of transitions. Their content is validated by the transitions."""

from assistance.rest.fields import Prose, VersionedWriteSerializer


class PlainWriteSerializer(VersionedWriteSerializer):
    """An optional version that was read, and nothing else."""


class NoteWriteSerializer(VersionedWriteSerializer):
    """An optional note for the history."""

    note = Prose(required=False, allow_blank=True)


class ReasonWriteSerializer(VersionedWriteSerializer):
    """The reason, which the other side reads."""

    reason = Prose()


class MaybeReasonWriteSerializer(VersionedWriteSerializer):
    """An optional reason."""

    reason = Prose(required=False, allow_blank=True)


class AcceptWriteSerializer(VersionedWriteSerializer):
    """An optional message to the other side."""

    message = Prose(required=False, allow_blank=True)
