"""Serializers of deadlines: what is owed by whom to whom, about which row, and by when."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from assistance.dues import queries
from assistance.dues.models import CLOCKED, DoneHow, Due
from assistance.rest.fields import WriteSerializer
from assistance.rest.serializers import PageSerializer, RowSerializer, Shown
from assistance.workflow.engine import AvailableTransitions
from entities.actors import Actor


class DueSerializer(RowSerializer):
    """Something one organisation owes another about exactly one row."""

    model = Due
    joins = ("owed_by", "owed_to")
    parents = CLOCKED

    kind = serializers.CharField(help_text="For example match_answer, verify, consent_answer.")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="What is owed, in the language of the request."
    )
    vars().update({name: serializers.UUIDField(allow_null=True) for name in CLOCKED})
    owed_by = serializers.CharField(help_text="Slug of the organisation that owes it.")
    owed_to = serializers.CharField(help_text="Slug of the organisation to which it is owed.")
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is paused.")
    due_on = serializers.DateField(
        allow_null=True, help_text="The day of `due_at` where the organisation is that owes."
    )
    is_overdue = serializers.BooleanField()
    reminded_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateField(allow_null=True, help_text="The day before which you are not reminded.")
    done_at = serializers.DateTimeField(allow_null=True)
    done_how = serializers.ChoiceField([*DoneHow.choices, ("", "open")])
    transitions = serializers.ListField(child=serializers.CharField(), help_text="What you may do with it now.")

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return the reader's own day to be asked again."""
        return (queries.with_snoozes(actor),)

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own."""
        return {**super().context_for(actor, rows), "available": AvailableTransitions(actor, Due)}

    def to_representation(self, due: Due) -> Shown:
        """Return the deadline as its readers see it."""
        return {
            "id": due.pk,
            "kind": due.kind,
            "label": str(due.clock.label),
            **{name: self.parent_id(due, name) for name in CLOCKED},
            "owed_by": due.owed_by.slug,
            "owed_to": due.owed_to.slug,
            "starts_at": due.starts_at,
            "due_at": due.due_at,
            "due_on": due.due_on,
            "is_overdue": due.is_overdue,
            "reminded_at": due.reminded_at,
            "snoozed_until": queries.snoozed_until(due),
            "done_at": due.done_at,
            "done_how": due.done_how,
            "transitions": [transition.name for transition in self.context["available"].of(due)],
        }


class DueDetailSerializer(DueSerializer, PageSerializer):
    """One deadline, with who can see it, and its history."""

    def to_representation(self, due: Due) -> Shown:
        """Return the deadline as its page shows it."""
        return {**super().to_representation(due), **self.page(due)}


class SnoozeWriteSerializer(WriteSerializer):
    """The day before which you get no reminder, by your own clock."""

    until = serializers.DateField()


class OwingSerializer(serializers.Serializer):
    """How much one organisation owes, as far as you see it."""

    organisation = serializers.CharField(source="organisation.slug", help_text="Slug.")
    open = serializers.IntegerField()
    soon = serializers.IntegerField(help_text="Due within 14 days.")
    overdue = serializers.IntegerField()
    oldest_overdue = serializers.DateField(source="oldest", allow_null=True)


class OwingsSerializer(serializers.Serializer):
    """What organisations owe, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OwingSerializer(many=True)
