"""Serializers of restricted rows: related data are fetched in a constant number of queries, hidden ids become null.

Fields are declared for the schema; the dictionary is built by hand, which takes a third of the time of DRF's fields
(docs/decisions/0001-audiences.md). A test checks that both agree.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from modeltranslation.utils import build_localized_fieldname
from rest_framework import serializers

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.access.viewers import Reason, viewers_of
from assistance.workflow.engine import available_transitions, reads_of
from assistance.workflow.history import history_of
from assistance.workflow.models import Event
from entities.actors import Actor
from web.languages import to_wire
from web.translated_text import CODES, localized

Shown = dict[str, Any]


class RowSerializer(serializers.Serializer):
    """One kind of row in JSON. `joins` are fetched with it; of `parents` only the ids the reader sees are shown."""

    model: ClassVar[type[Restricted]]
    joins: ClassVar[Sequence[str]] = ()
    fetch: ClassVar[Sequence[str]] = ()
    parents: ClassVar[dict[str, type[Restricted]]] = {}
    deferred: ClassVar[Sequence[str]] = ()

    id = serializers.UUIDField()

    @classmethod
    def load(cls, actor: Actor, rows: QuerySet[Any] | None = None) -> QuerySet[Any]:
        """Return visible rows (of those given) with all data needed to show them, in a constant number of queries."""
        rows = policy.visible(actor, cls.model) if rows is None else rows
        prefetched = dict.fromkeys((*cls.related(actor), *reads_of(actor, cls.model)))
        return rows.select_related(*cls.joins).prefetch_related(*prefetched).defer(*cls.deferred)

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return the relations shown of each row; restricted ones are filtered by policy."""
        return cls.fetch

    @classmethod
    def show(cls, actor: Actor, rows: Iterable[Any]) -> list[Shown]:
        """Return the rows in the form sent to this reader."""
        rows = list(rows)
        shown = cls(context=cls.context_for(actor, rows))
        return [shown.to_representation(row) for row in rows]

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own, in a constant number of queries."""
        return {"actor": actor, "seen": cls.seen(actor, rows)}

    @classmethod
    def seen(cls, actor: Actor, rows: list[Any]) -> set[UUID]:
        """Return the ids of those parents of the rows that this reader sees: one query for each kind of parent."""
        found: set[UUID] = set()
        for name, model in cls.parents.items():
            keys = {getattr(row, f"{name}_id") for row in rows} - {None}
            if keys:
                found |= set(policy.visible(actor, model).filter(pk__in=keys).values_list("pk", flat=True))
        return found

    def parent_id(self, key: UUID | None) -> UUID | None:
        """Return the id of a parent, or None when the reader does not see it."""
        return key if key in self.context["seen"] else None

    def transitions_of(self, row: Restricted) -> list[str]:
        """Return the names of the transitions this reader may run now."""
        return [transition.name for transition in available_transitions(self.context["actor"], row)]


class WorkSerializer(RowSerializer):
    """A row with a reference number, version and available transitions."""

    reference = serializers.CharField()
    version = serializers.IntegerField(help_text="Send it back with a change; 409 when somebody else was first.")
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    transitions = serializers.ListField(child=serializers.CharField(), help_text="What you may do with it now.")

    def head(self, row: Any) -> Shown:
        """Return the fields that all such rows show."""
        return {
            "id": row.pk,
            "reference": str(row),
            "version": row.version,
            "created_at": row.created_at,
            "modified_at": row.modified_at,
            "transitions": self.transitions_of(row),
        }


# ── Texts in up to six languages ─────────────────────────────────────────────
def texts(row: Any) -> Shown:
    """Return each text in the language shown to this reader, which language that is, and the texts in others."""
    shown: Shown = {"language": to_wire(row.language)}
    for name in row.translated:
        text = localized(row, name)
        shown[name], shown[f"{name}_language"] = text.value, to_wire(text.language)
    shown["translations"] = {
        name: {code: text for code, column in columns_of(name) if (text := getattr(row, column))}
        for name in row.translated
    }
    return shown


@cache
def columns_of(name: str) -> list[tuple[str, str]]:
    """Return for each language its code as clients see it, and the column that holds a text in it."""
    return [(to_wire(code), build_localized_fieldname(name, code)) for code in CODES]


def money(amount: Decimal | None) -> str | None:
    """Return an amount as a string, so that no client rounds it as a floating-point number."""
    return None if amount is None else f"{amount:.2f}"


# ── Further content of the page of a row ─────────────────────────────────────
class AccessReasonSerializer(serializers.Serializer):
    """One fact by which an organisation sees a row."""

    kind = serializers.CharField(help_text="For example state, cted, consent, provider, compact.")
    text = serializers.CharField(help_text="In the language of the request.")
    consent = serializers.UUIDField(allow_null=True, help_text="Null for a reader who does not see the consent.")
    until = serializers.DateField(allow_null=True, help_text="The last day, where this reason ends.")


class ViewerSerializer(serializers.Serializer):
    """An organisation whose people see a row."""

    organisation = serializers.CharField(help_text="Slug.")
    name = serializers.CharField()
    people = serializers.IntegerField()
    reasons = AccessReasonSerializer(many=True)
    is_owner = serializers.BooleanField()


class ViewersSerializer(serializers.Serializer):
    """Who can see a row now."""

    organisations = ViewerSerializer(many=True)
    people = serializers.IntegerField()
    until = serializers.DateField(allow_null=True)


def who(actor: Actor, row: Restricted) -> Shown:
    """Return who can see this row now: organisations by name, number of people, the reasons, and until when."""
    found = viewers_of(actor, row)
    lines = [
        {
            "organisation": viewer.organisation.slug,
            "name": viewer.name,
            "people": viewer.people,
            "reasons": [_reason(reason) for reason in viewer.reasons],
            "is_owner": viewer.is_owner,
        }
        for viewer in found.organisations
    ]
    return {"organisations": lines, "people": found.people, "until": found.until}


def _reason(reason: Reason) -> Shown:
    consent = reason.consent and reason.consent.pk
    return {"kind": reason.kind, "text": reason.text, "consent": consent, "until": reason.until}


class EventSerializer(serializers.Serializer):
    """One event in the history of a row."""

    at = serializers.DateTimeField()
    event = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The event in the language of the request."
    )
    by = serializers.CharField(help_text="The person's name; empty for what time did.")
    organisation = serializers.CharField(allow_null=True, help_text="Slug of the organisation the person acted for.")
    before = serializers.CharField(help_text="Status before, empty where there is none.")
    after = serializers.CharField()
    reason = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, with one for the id of each kind of row that events of other rows name."""
        ids = {name: serializers.UUIDField(allow_null=True) for name in registry.named_in_events()}
        return {**super().get_fields(), **ids}


def history(actor: Actor, row: Restricted) -> list[Shown]:
    """Return the history of this row, oldest event first, without events that refer to rows hidden from this reader."""
    return [_event(event) for event in history_of(actor, row)]


def _event(event: Event) -> Shown:
    return {
        "at": event.at,
        "event": event.name,
        "label": event.label,
        "by": str(event.actor or ""),
        "organisation": event.acting_as.organisation.slug if event.acting_as else None,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
        **{name: getattr(event, f"{name}_id") for name in registry.named_in_events()},
    }


class PageSerializer(serializers.Serializer):
    """Fields shown for a single row but not in lists."""

    who_can_see = ViewersSerializer()
    history = EventSerializer(many=True)

    def page(self, row: Restricted) -> Shown:
        """Return who can see the row, and its history."""
        return {"who_can_see": who(self.context["actor"], row), "history": history(self.context["actor"], row)}
