"""Request bodies of the transitions of requests. Their content is validated by the transitions."""

from rest_framework import serializers

from accounts.serializers import Line
from assistance.needs.models import Match
from assistance.needs.states import Priority
from assistance.requests.letters import LABELS
from assistance.requests.states import YearAnswer
from assistance.requests.transitions import RETURNABLE
from assistance.rest.fields import AudienceField, Prose, RowsField, VersionedWriteSerializer


class NoteVerbaleWriteSerializer(VersionedWriteSerializer):
    """The note verbale, sent as multipart/form-data."""

    note_verbale = serializers.FileField(allow_empty_file=True, help_text="PDF, JPEG, PNG, DOCX, XLSX or PPTX.")


class AuthenticateWriteSerializer(VersionedWriteSerializer):
    """Number and date of the note verbale, by default as the State recorded them, or how the Mission confirmed it."""

    note_number = Line(required=False, allow_blank=True, max_length=100)
    note_dated = serializers.DateField(required=False, allow_null=True)
    how = Line(required=False, allow_blank=True, max_length=500)


class ReturnWriteSerializer(VersionedWriteSerializer):
    """What the State is asked to change."""

    parts = serializers.ListField(
        child=serializers.ChoiceField([(name, name) for name in RETURNABLE]), min_length=1, max_length=len(RETURNABLE)
    )
    reason = Prose()


class CirculateWriteSerializer(VersionedWriteSerializer):
    """To whom, by default all whom the State allowed, and until when offers are taken."""

    audience = AudienceField(required=False)
    closes_for_offers = serializers.DateField(required=False, allow_null=True)
    priority = serializers.ChoiceField(Priority.choices, required=False)
    priority_reason = Prose(required=False, allow_blank=True)


class AskWriteSerializer(VersionedWriteSerializer):
    """A question of a provider."""

    text = Prose()


class AnswerQuestionWriteSerializer(VersionedWriteSerializer):
    """The answer to a question."""

    question = serializers.UUIDField()
    answer = Prose()


class ChooseWriteSerializer(VersionedWriteSerializer):
    """The offers that are accepted together."""

    matches = RowsField(Match, allow_empty=False)
    decline_others = serializers.BooleanField(required=False)


class ReferWriteSerializer(VersionedWriteSerializer):
    """The body to which a request is referred, and how the State agreed."""

    body = Line(max_length=300)
    agreed_how = Line(max_length=500)


class LetterWriteSerializer(VersionedWriteSerializer):
    """Which letter was sent, and when."""

    letter = serializers.ChoiceField(list(LABELS.items()))
    number = Line(required=False, allow_blank=True, max_length=100, default="")
    sent_on = serializers.DateField()


class YearWriteSerializer(VersionedWriteSerializer):
    """Whether the need has been met."""

    answer = serializers.ChoiceField(YearAnswer.choices)
    note = Prose(required=False, allow_blank=True)
