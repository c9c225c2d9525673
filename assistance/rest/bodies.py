"""What the steps ask for. Whether an answer is good enough is said by the step itself."""

from assistance.rest.fields import Prose, VersionedWriteSerializer


class PlainWriteSerializer(VersionedWriteSerializer):
    """Nothing but, where wanted, the version that was read."""


class NoteWriteSerializer(VersionedWriteSerializer):
    """A note for the history, where wanted."""

    note = Prose(required=False, allow_blank=True)


class DeliverWriteSerializer(VersionedWriteSerializer):
    """What was delivered."""

    note = Prose()


class ReasonWriteSerializer(VersionedWriteSerializer):
    """Why: the reason teaches the other side."""

    reason = Prose()


class MaybeReasonWriteSerializer(VersionedWriteSerializer):
    """Why, where wanted."""

    reason = Prose(required=False, allow_blank=True)


class AcceptWriteSerializer(VersionedWriteSerializer):
    """A word to the other side, where wanted."""

    message = Prose(required=False, allow_blank=True)
