"""Serializers of consents: what a State released, to whom, until when; readable by CTED and the State."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from rest_framework import serializers

from assistance.access import audience_names, policy
from assistance.access.audience_words import STANDING_WORDS
from assistance.access.models import AudienceGrant
from assistance.consents.kinds import kinds
from assistance.consents.models import Consent, relation_of
from assistance.consents.released import ReleaseWriteSerializer
from assistance.consents.states import Decision
from assistance.registry import Aggregate
from assistance.rest.fields import RowsField
from assistance.rest.serializers import PageSerializer, RowSerializer, Shown
from assistance.visits.models import Visit
from entities.actors import UNOCT, Actor
from entities.models import Organisation, WorkingGroup


def words_by_audience(keys: Iterable[UUID | None]) -> dict[UUID, list[str]]:
    """Return audience id → its keywords and slugs, as in a request. Runs three queries, whatever the number."""
    pairs = list(
        AudienceGrant.objects.filter(content_object__in={key for key in keys if key}).values_list(
            "content_object", "group"
        )
    )
    groups = {group for _audience, group in pairs}
    words = dict(Organisation.objects.filter(group_id__in=groups).values_list("group_id", "slug"))
    words |= dict(WorkingGroup.objects.filter(group_id__in=groups).values_list("group_id", "slug"))
    words |= {group: word for word, group in STANDING_WORDS.items()}
    found: dict[UUID, list[str]] = {}
    for audience, group in pairs:
        found.setdefault(audience, []).append(words[group])
    return {audience: sorted(_spoken(names)) for audience, names in found.items()}


def _spoken(names: list[str]) -> set[str]:
    """Return the names without UNOCT where “compact” already includes it."""
    return set(names) - {UNOCT} if "compact" in names else set(names)


def fields_before(
    name: str, fields: dict[str, serializers.Field], field: Callable[[Aggregate], serializers.Field]
) -> dict[str, serializers.Field]:
    """Return the fields with one more before `name` for each kind of row that a State releases, called like its collection.

    They are made when they are read, because the kinds are known only once all aggregates are registered.
    """
    own = {kind.collection: field(kind) for kind in by_collection()}
    names = list(fields)
    at = names.index(name)
    return {**{one: fields[one] for one in names[:at]}, **own, **{one: fields[one] for one in names[at:]}}


def by_collection() -> list[Aggregate]:
    """Return the kinds of rows that a State releases, in the order of their fields: by collection."""
    return sorted(kinds(), key=lambda kind: kind.collection)


class ConsentSerializer(RowSerializer):
    """One decision of a State. A changed decision is a new row."""

    model = Consent
    joins = ("state", "given_by", "given_as__organisation", "note_verbale")
    parents = {"visit": Visit}

    reference = serializers.CharField()
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    decision = serializers.ChoiceField(Decision.choices)
    visit = serializers.UUIDField(allow_null=True)
    audience = serializers.ListField(child=serializers.CharField(), help_text="As in a request: words and slugs.")
    audience_names = serializers.ListField(child=serializers.CharField(), help_text="The same in words.")
    until = serializers.DateField(allow_null=True, help_text="The last day, by the clock of the State.")
    ends_at = serializers.DateTimeField(allow_null=True, help_text="The moment at which that day ends there.")
    reason = serializers.CharField()
    given_at = serializers.DateTimeField()
    given_by = serializers.CharField()
    organisation = serializers.CharField(help_text="Slug of the organisation the person acted for.")
    note_verbale = serializers.CharField(
        allow_null=True, help_text="Name of the file at …/note-verbale/, null without one."
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, among them one list of ids for each kind of row."""
        return fields_before(
            "visit", super().get_fields(), lambda kind: serializers.ListField(child=serializers.UUIDField())
        )

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return the rows it is about, filtered by policy."""
        return [Prefetch(relation_of(kind.model), policy.visible(actor, kind.model).only("pk")) for kind in kinds()]

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own: the keywords and names of their audiences."""
        keys = [row.released_to_id for row in rows]
        return {
            **super().context_for(actor, rows),
            "words": words_by_audience(keys),
            "names": audience_names.names_by_audience(keys),
        }

    def to_representation(self, consent: Consent) -> Shown:
        """Return the consent as its readers see it."""
        return {
            "id": consent.pk,
            "reference": consent.reference,
            "state": consent.state.iso3,
            "decision": consent.decision,
            **{kind.collection: self._keys(consent, kind) for kind in by_collection()},
            "visit": self.parent_id(consent, "visit"),
            "audience": self.context["words"].get(consent.released_to_id, []),
            "audience_names": self.context["names"].get(consent.released_to_id, []),
            "until": consent.until,
            "ends_at": consent.ends,
            "reason": consent.reason,
            "given_at": consent.given_at,
            "given_by": str(consent.given_by),
            "organisation": consent.given_as.organisation.slug,
            "note_verbale": str(consent.note_verbale or "") or None,
        }

    def _keys(self, consent: Consent, kind: Aggregate) -> list[UUID]:
        return sorted(row.pk for row in getattr(consent, relation_of(kind.model)).all())


class ConsentDetailSerializer(ConsentSerializer, PageSerializer):
    """One consent, with who can see it and its history."""

    def to_representation(self, consent: Consent) -> Shown:
        """Return the consent as its page shows it."""
        return {**super().to_representation(consent), **self.page(consent)}


# ── Bodies ───────────────────────────────────────────────────────────────────


class ConsentWriteSerializer(ReleaseWriteSerializer):
    """Needs and sections of one State released together."""

    versions = serializers.DictField(
        child=serializers.IntegerField(min_value=1), required=False,
        help_text="Id of a need or section → its version as you have read it; 409 when it has changed since.",
    )  # fmt: skip

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, among them one list of ids for each kind of row."""
        return fields_before("versions", super().get_fields(), lambda kind: RowsField(kind.model, required=False))

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values, with the rows of all kinds as `rows`."""
        rows = [row for kind in by_collection() for row in values.pop(kind.collection, ())]
        return {**values, "rows": rows}
