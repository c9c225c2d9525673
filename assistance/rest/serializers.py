"""Serializers of restricted rows: related data are fetched in a constant number of queries, hidden ids become null.

Fields are declared for the schema; the dictionary is built by hand, which takes a third of the time of DRF's fields
(docs/decisions/0001-audiences.md). A test checks that both agree.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from rest_framework import serializers

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted, text_columns
from assistance.access.reading import end_of, joined_by, put_kept, read
from assistance.access.viewers import Reason, viewers_of
from assistance.workflow.engine import AvailableTransitions
from assistance.workflow.history import events_of
from assistance.workflow.models import Event
from audit import log
from entities import reference_versions
from entities.actors import Actor
from entities.models import Organisation
from web.exceptions import NotVisible
from web.languages import to_wire
from web.translated_text import CODES, Localized, column_in, columns_in_languages, localized

Shown = dict[str, Any]
Filters = Sequence[tuple[Any, Any]]  # each with its value
Languages = Sequence[str]  # those in which texts are shown besides that of the reader
ALL: Languages = CODES
NONE: Languages = ()


class RowSerializer(serializers.Serializer):
    """One kind of row in JSON, made of one statement and of what the process keeps.

    `joins` are relations shown with it: entries of reference lists are those the process keeps, other rows are read in
    the same statement without their texts. Of `parents`, and of `fetch`, relations to many rows, only the keys that the
    reader sees are shown.
    """

    model: ClassVar[type[Restricted]]
    joins: ClassVar[Sequence[str]] = ()
    fetch: ClassVar[Sequence[str]] = ()
    parents: ClassVar[dict[str, type[Restricted]]] = {}

    id = serializers.UUIDField()

    @classmethod
    def has_texts(cls) -> bool:
        """Return whether texts in several languages are shown, of the row or of rows within it."""
        return bool(cls.model.translated)

    @classmethod
    def load(cls, actor: Actor, rows: QuerySet[Any] | None = None, languages: Languages = ALL) -> QuerySet[Any]:
        """Return visible rows (of those given) with all data needed to show them, in a constant number of queries."""
        rows = policy.visible(actor, cls.model) if rows is None else rows
        joined = list(dict.fromkeys(one for path in cls.joins if (one := joined_by(cls.model, path))))
        shown: Shown = {seen_name(name): _seen(actor, name, model) for name, model in cls.parents.items()}
        shown |= {keys_name(name): _keys(actor, cls.model, name) for name in cls.fetch}
        shown |= registry.of(cls.model).facts()
        left_out = [column.name for column in cls.model._meta.concrete_fields if column.generated]
        if not languages:
            shown |= {text_name(name): Localized(name) for name in cls.model.translated}
            left_out += [one for name in cls.model.translated for one in (name, *columns_in_languages(name))]
        left_out += [f"{path}__{name}" for path in joined for name in _texts_of(cls.model, path)]
        found = rows.select_related(*joined) if joined else rows
        return found.defer(*left_out).annotate(**shown)

    @classmethod
    def kept_rows(cls, actor: Actor, languages: Languages, filters: Filters = ()) -> "RowSource":
        """Return all visible rows that pass these filters, as `load` does, by statements that the process keeps."""
        return RowSource(cls, actor, languages, filters)

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return further relations shown of each row, each read by a statement of its own; restricted ones by policy."""
        return ()

    @classmethod
    def show(cls, actor: Actor, rows: Iterable[Any], languages: Languages = ALL) -> list[Shown]:
        """Return the rows in the form sent to this reader."""
        rows = list(rows)
        if cls.model.texts:
            log.read(rows)
        prefetch_related_objects(rows, *cls.related(actor))
        for path in cls.joins:
            put_kept(rows, path, actor.version)
        shown = cls(context={**cls.context_for(actor, rows), "languages": languages})
        return [shown.to_representation(row) for row in rows]

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own, in a constant number of queries."""
        return {"actor": actor}

    def parent_id(self, row: Any, name: str) -> UUID | None:
        """Return the id of a parent, or None when the reader does not see it."""
        key: UUID | None = getattr(row, seen_name(name))
        return key

    def keys(self, row: Any, name: str) -> list[Any]:
        """Return the keys of the rows that a relation in `fetch` leads to, as far as the reader sees them."""
        return sorted(getattr(row, keys_name(name)))

    def organisation_of(self, key: UUID) -> Organisation:
        """Return an organisation that the process keeps."""
        return reference_versions.organisations(self.context["actor"].version)[key]

    def texts(self, row: Any) -> Shown:
        """Return each text in the language shown to this reader, which language that is, and the texts in others."""
        languages: Languages = self.context["languages"]
        shown: Shown = {"language": to_wire(row.language)}
        for name in row.translated:
            if languages:
                text = localized(row, name)
                code, value = text.language, text.value
            else:
                code, value = getattr(row, text_name(name))
            shown[name], shown[f"{name}_language"] = value, to_wire(code)
        if languages:
            shown["translations"] = {
                name: {to_wire(code): text for code in languages if (text := getattr(row, column_in(name, code)))}
                for name in row.translated
            }
        return shown


class RowSource:
    """The visible rows of one kind, by statements that the process keeps for all readers."""

    def __init__(self, kind: type[RowSerializer], actor: Actor, languages: Languages, filters: Filters = ()) -> None:
        self.model, self.kind, self.actor, self.languages = kind.model, kind, actor, languages
        self.filters = [one for one, _value in filters]
        self.wanted = [value for _one, value in filters]

    def rows(
        self, key: object, ordered: Callable[..., QuerySet[Any]], values: Sequence[Any], limit: int | None = None
    ) -> list[Any]:
        """Return the first rows of `ordered(queryset, *values)`; with the same key only the values differ."""

        def build(actor: Actor, *values: Any) -> QuerySet[Any]:
            rows = self.kind.load(actor, languages=self.languages)
            for one, value in zip(self.filters, values, strict=False):
                rows = one.filter(rows, value)
            return ordered(rows, *values[len(self.filters) :])

        if not all(getattr(one, "is_kept", True) for one in self.filters):
            return list(build(self.actor, *self.wanted, *values)[:limit])
        own = (self.kind, bool(self.languages), tuple(one.field_name for one in self.filters), key)
        return read(own, build, self.actor, [*self.wanted, *values], limit)

    def get(self, pk: UUID) -> Any:
        """Return one row. Raises NotVisible, the same for hidden and absent keys."""
        rows = self.rows("one", lambda rows, key: rows.filter(pk=key).order_by(), [pk])
        if not rows:
            raise NotVisible
        return rows[0]


class WorkSerializer(RowSerializer):
    """A row with a reference number, version and available transitions."""

    reference = serializers.CharField()
    version = serializers.IntegerField(help_text="Send it back with a change; 409 when somebody else was first.")
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    transitions = serializers.ListField(child=serializers.CharField(), help_text="What you may do with it now.")

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own: what their class leaves of their transitions."""
        available = AvailableTransitions(actor, cls.model)
        read = registry.of(cls.model).read_for_guards
        if read and (asked := available.undecided(rows)):
            read(asked)
        return {**super().context_for(actor, rows), "available": available}

    def head(self, row: Any) -> Shown:
        """Return the fields that all such rows show."""
        return {
            "id": row.pk,
            "reference": str(row),
            "version": row.version,
            "created_at": row.created_at,
            "modified_at": row.modified_at,
            "transitions": [transition.name for transition in self.context["available"].of(row)],
        }


def page_of(kind: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """Return the serializer of a list of such rows, all of them in one page."""
    name = kind.__name__.replace("Serializer", "PageSerializer")
    fields = {
        "__doc__": "All of these rows, in one page.",
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "results": kind(many=True),
    }
    return type(name, (serializers.Serializer,), fields)


# ── How rows are read ────────────────────────────────────────────────────────
def seen_name(name: str) -> str:
    """Return the attribute of a row that has the key of its parent if the reader sees it."""
    return f"{name}_seen"


def keys_name(name: str) -> str:
    """Return the attribute of a row that has the keys of a relation to many rows."""
    return f"{name}_keys"


def text_name(name: str) -> str:
    """Return the attribute of a row that has a text in the language of the reader."""
    return f"{name}_shown"


def _seen(actor: Actor, name: str, model: type[Restricted]) -> Subquery:
    return Subquery(policy.visible(actor, model).filter(pk=OuterRef(f"{name}_id")).order_by().values("pk"))


def _keys(actor: Actor, model: type[Restricted], name: str) -> ArraySubquery:
    column: Any = model._meta.get_field(name)
    if issubclass(column.related_model, Restricted):
        back = {column.remote_field.name: OuterRef("pk")}
        return ArraySubquery(policy.visible(actor, column.related_model).filter(**back).order_by().values("pk"))
    through = column.remote_field.through._default_manager
    back = {column.m2m_field_name(): OuterRef("pk")}
    return ArraySubquery(through.filter(**back).order_by().values(f"{column.m2m_reverse_field_name()}_id"))


@cache
def _texts_of(model: type[Restricted], path: str) -> frozenset[str]:
    """Return the columns of the texts of a restricted row that is joined; none of another row."""
    joined = end_of(model, path)
    return text_columns(joined) if issubclass(joined, Restricted) else frozenset()


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
    return [_event(event) for event in events_of(actor, row)]


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

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields; texts in other languages, which a list leaves out unless asked, are always there."""
        fields = super().get_fields()
        if "translations" in fields:
            fields["translations"].required = True
        return fields

    def page(self, row: Restricted) -> Shown:
        """Return who can see the row, and its history."""
        return {"who_can_see": who(self.context["actor"], row), "history": history(self.context["actor"], row)}
