"""What the steps ask for. Whether an answer is good enough is said by the step itself."""

from assistance.rest.fields import Prose, VersionedBody


class PlainBody(VersionedBody):
    """Nothing but, where wanted, the version that was read."""


class NoteBody(VersionedBody):
    """A note for the history, where wanted."""

    note = Prose(required=False, allow_blank=True)


class DeliverBody(VersionedBody):
    """What was delivered."""

    note = Prose()


class ReasonBody(VersionedBody):
    """Why: the reason teaches the other side."""

    reason = Prose()


class MaybeReasonBody(VersionedBody):
    """Why, where wanted."""

    reason = Prose(required=False, allow_blank=True)


class AcceptBody(VersionedBody):
    """A word to the other side, where wanted."""

    message = Prose(required=False, allow_blank=True)
