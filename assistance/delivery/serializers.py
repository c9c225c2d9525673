"""Request bodies of delivery, and what the API shows of the rows that hang on a match."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.serializers import LanguageField, Line
from assistance.delivery.exchange import LINE_MAX
from assistance.delivery.models import Contact, Feedback, Report, ThreadMessage
from assistance.delivery.reports import figures_of
from assistance.delivery.states import FIGURES, MESSAGE_MAX, MOST, ContactHow
from assistance.needs.match_serializers import MatchDetailSerializer
from assistance.needs.models import Match
from assistance.rest.fields import Prose, VersionedWriteSerializer, WriteSerializer
from assistance.rest.serializers import Shown
from web.languages import to_wire
from web.texts import REMARK_MAX


# ── Request bodies ───────────────────────────────────────────────────────────
def _number() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, min_value=0, max_value=MOST, help_text="By default 0.")


class _FiguresWriteSerializer(VersionedWriteSerializer):
    """What a report has besides its text."""

    period_from = serializers.DateField(
        required=False, help_text="By default the day after the last report, or that of the acceptance."
    )
    period_to = serializers.DateField(required=False, help_text="By default today.")
    trained_women = _number()
    trained_men = _number()
    trained_unknown = _number()
    expert_days = _number()
    places_used = _number()
    languages = serializers.ListField(
        child=LanguageField(), required=False, max_length=len(settings.LANGUAGES), help_text="Of the assistance."
    )
    documents = Prose(
        required=False, allow_blank=True, help_text="What proves the figures. Files are attached to the match."
    )
    confirm_large = serializers.BooleanField(
        required=False, help_text="True: numbers from 10,000, which are refused without it, are right."
    )


class ReportWriteSerializer(_FiguresWriteSerializer):
    """What was done in a period, with figures."""

    what = Prose()
    is_final = serializers.BooleanField(required=False)


class DeliverWriteSerializer(_FiguresWriteSerializer):
    """What was delivered, with the figures of the final report; both may be left out if a final report was sent before."""

    note = Prose(required=False, allow_blank=True)


class FeedbackWriteSerializer(VersionedWriteSerializer):
    """The State’s feedback on the assistance."""

    useful = serializers.IntegerField(min_value=1, max_value=5, help_text="From 1, of no use, to 5, very useful.")
    on_time = serializers.BooleanField()
    would_ask_again = serializers.BooleanField()
    words = Prose(required=False, allow_blank=True, max_length=REMARK_MAX)


class ContactWriteSerializer(WriteSerializer):
    """A contact between the sides of a match, or an attempt at one."""

    on = serializers.DateField()
    how = serializers.ChoiceField(ContactHow.choices)
    purpose = Line(max_length=LINE_MAX)
    result = Prose()
    next_step = Line(required=False, allow_blank=True, max_length=LINE_MAX)


class MessageWriteSerializer(WriteSerializer):
    """A message in the thread of a match."""

    text = Prose(max_length=MESSAGE_MAX)


# ── What is shown ────────────────────────────────────────────────────────────
class _OfMatchSerializer(serializers.Serializer):
    """A row of a match: who wrote it, when."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    organisation = serializers.CharField(help_text="Slug.")

    def to_representation(self, row: Any) -> Shown:
        """Return what all these rows have in common."""
        return {"id": row.pk, "at": row.at, "organisation": row.organisation.slug}


class ReportSerializer(_OfMatchSerializer):
    """A report of the provider."""

    period_from = serializers.DateField()
    period_to = serializers.DateField()
    what = serializers.CharField()
    trained_women = serializers.IntegerField()
    trained_men = serializers.IntegerField()
    trained_unknown = serializers.IntegerField()
    expert_days = serializers.IntegerField()
    places_used = serializers.IntegerField()
    languages = serializers.ListField(child=LanguageField())
    documents = serializers.CharField()
    is_final = serializers.BooleanField()

    def to_representation(self, row: Report) -> Shown:
        """Return the report."""
        own = ("period_from", "period_to", "what", *FIGURES, "documents", "is_final")
        shown = {name: getattr(row, name) for name in own}
        return {**super().to_representation(row), **shown, "languages": [to_wire(code) for code in row.languages]}


class ContactSerializer(_OfMatchSerializer):
    """An entry of the log of contacts."""

    by = serializers.CharField(help_text="Name of the person.")
    on = serializers.DateField()
    how = serializers.ChoiceField(ContactHow.choices)
    purpose = serializers.CharField()
    result = serializers.CharField()
    next_step = serializers.CharField()

    def to_representation(self, row: Contact) -> Shown:
        """Return the entry."""
        own = ("on", "how", "purpose", "result", "next_step")
        shown = {name: getattr(row, name) for name in own}
        return {**super().to_representation(row), "by": row.by.name, **shown}


class MessageSerializer(_OfMatchSerializer):
    """A message in the thread."""

    by = serializers.CharField(help_text="Name of the person.")
    text = serializers.CharField()

    def to_representation(self, row: ThreadMessage) -> Shown:
        """Return the message."""
        return {**super().to_representation(row), "by": row.by.name, "text": row.text}


class FeedbackSerializer(_OfMatchSerializer):
    """The feedback of the State."""

    useful = serializers.IntegerField()
    on_time = serializers.BooleanField()
    would_ask_again = serializers.BooleanField()
    words = serializers.CharField()
    changed_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, row: Feedback) -> Shown:
        """Return the feedback."""
        own = ("useful", "on_time", "would_ask_again", "words", "changed_at")
        return {**super().to_representation(row), **{name: getattr(row, name) for name in own}}


class FiguresSerializer(serializers.Serializer):
    """The figures of all reports of a match, added up."""

    reports = serializers.IntegerField()
    trained_women = serializers.IntegerField()
    trained_men = serializers.IntegerField()
    trained_unknown = serializers.IntegerField()
    expert_days = serializers.IntegerField()
    places_used = serializers.IntegerField()


class DeliveryDetailSerializer(MatchDetailSerializer):
    """One match, with the figures of its delivery, who can see it and its history."""

    figures = FiguresSerializer()

    def to_representation(self, match: Match) -> Shown:
        """Return the match as its page shows it."""
        sums = figures_of(match)
        figures = {name: getattr(sums, name) for name in ("reports", *FIGURES)}
        return {**super().to_representation(match), "figures": figures}
