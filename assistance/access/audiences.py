"""Assigns audiences to rows; the only module that writes them.

Access reasons, mostly consents, are the source from which audiences are computed. `assign_audience` may be called
again at any time; `drift` reports rows whose stored audience differs from the computed one.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from guardian.shortcuts import get_perms_for_model

from assistance import registry
from assistance.access import row_security
from assistance.access.models import Audience, AudienceGrant, Restricted, audience_key, text_columns
from assistance.access.rules import access_reasons, for_many_rows
from web.statements import Statements

STATEMENTS = Statements()


@dataclass(frozen=True)
class WantedAudience:
    """The groups that see a row until the end of the day `until`, and the owners, who see it after that too."""

    audience: frozenset[int]
    owners: frozenset[int]
    until: date | None = None
    ends_at: datetime | None = None


def audience_of(groups: Iterable[int]) -> Audience:
    """Return the audience of exactly these groups; create it and its grants when it does not exist yet."""
    wanted = frozenset(groups)
    key = audience_key(wanted)
    if found := STATEMENTS.rows("audience", _with_key, [key], [""]):
        return cast("Audience", found[0])
    audience, created = Audience.objects.get_or_create(key=key, defaults={"groups": sorted(wanted)})
    if created:
        _grant(audience)
    return audience


def _with_key(key: str) -> QuerySet[Audience]:
    return Audience.objects.filter(key=key)


def _grant(audience: Audience) -> None:
    view = get_perms_for_model(Audience).get(codename="view_audience")
    AudienceGrant.objects.bulk_create(
        [AudienceGrant(content_object=audience, group_id=group, permission=view) for group in audience.groups]
    )


def groups_of(audience: Audience) -> frozenset[int]:
    """Return the ids of the groups of an audience."""
    return frozenset(audience.groups)


def audience_for(row: Restricted) -> WantedAudience:
    """Return the audience computed from the access reasons of this row. Does not change the row."""
    found = list(access_reasons(row))
    owners = frozenset(reason.group for reason in found if reason.owner)
    until, ends_at = next(((reason.until, reason.ends_at) for reason in found if reason.consent), (None, None))
    return WantedAudience(frozenset(reason.group for reason in found), owners, until, ends_at)


def assign_audience(row: Restricted) -> bool:
    """Set the computed audience on the row (in memory); return whether anything changed. Does not save."""
    want = audience_for(row)
    audience = audience_of(want.audience)
    owners = audience if want.owners == want.audience else audience_of(want.owners)
    return _set(row, want, audience, owners)


def assign_audiences(rows: Sequence[Restricted], *, fetched: bool = False) -> list[Restricted]:
    """Set the computed audiences on rows of one model (in memory); return those in which anything changed.

    What their access reasons read is fetched anew, by set, unless the caller has `fetched` it. Does not save.
    """
    if not fetched:
        fetch_anew(rows, registry.of(rows[0]).reasons_read())
    with row_security.bypass(), for_many_rows():
        wanted = [(row, audience_for(row)) for row in rows]
    sets = {groups for _row, want in wanted for groups in (want.audience, want.owners)}
    known = {audience.key: audience for audience in Audience.objects.filter(key__in=map(audience_key, sets))}
    by_set = {groups: known.get(audience_key(groups)) or audience_of(groups) for groups in sets}
    return [row for row, want in wanted if _set(row, want, by_set[want.audience], by_set[want.owners])]


def fetch_anew(rows: Sequence[Any], relations: Iterable[str]) -> None:
    """Fetch relations of rows of one model by set, whatever the reader may read and whatever was fetched before.

    Rows of relations to many come without their texts, so that they do not count as read.
    """
    paths = dict.fromkeys(relations)
    own = {path.partition("__")[0]: None for path in paths}
    for row in rows:
        for name in own:
            row.__dict__.get("_prefetched_objects_cache", {}).pop(name, None)
    fields: dict[str, Any] = {name: type(rows[0])._meta.get_field(name) for name in own}
    many = [_without_texts(field) for field in fields.values() if field.one_to_many or field.many_to_many]
    with row_security.bypass():
        prefetch_related_objects(rows, *many, *paths)


def _without_texts(relation: Any) -> "Prefetch[Any]":
    related = relation.related_model
    texts = text_columns(related) if issubclass(related, Restricted) else ()
    return Prefetch(relation.name, related._default_manager.defer(*texts))


def _set(row: Restricted, want: WantedAudience, audience: Audience, owners: Audience) -> bool:
    before = (row.audience_id, row.owners_id, row.released_until, row.ends_at)
    row.audience, row.owners, row.released_until, row.ends_at = audience, owners, want.until, want.ends_at
    return before != (audience.pk, owners.pk, want.until, want.ends_at)


def save_with_audience(row: Restricted, fields: Collection[str] = ()) -> None:
    """Assign the row's audience and save it with these fields; reassign its documents in the same transaction."""
    moved = assign_audience(row)
    if moved or fields:
        row.save(update_fields=sorted({*fields, *AUDIENCE_FIELDS}))
    if moved and row.takes_documents:
        for document in row.documents.select_related("attached_as__organisation"):  # type: ignore[attr-defined]
            save_with_audience(document)


def save_with_audiences(rows: Sequence[Restricted], fields: Collection[str] = (), *, fetched: bool = False) -> None:
    """Do what `save_with_audience` does for rows of one model, by set: one statement for those that become alike."""
    moved = assign_audiences(rows, fetched=fetched)
    _update(rows if fields else moved, sorted({*fields, *AUDIENCE_FIELDS}))
    if moved and moved[0].takes_documents:
        fetch_anew(moved, ["documents__attached_as__organisation"])
        documents = [document for row in moved for document in row.documents.all()]  # type: ignore[attr-defined]
        if documents:
            save_with_audiences(documents)


def _update(rows: Iterable[Restricted], fields: Sequence[str]) -> None:
    alike: dict[tuple[Any, ...], list[Restricted]] = {}
    for row in rows:
        columns: list[Any] = [row._meta.get_field(name) for name in fields]
        alike.setdefault(tuple(getattr(row, column.attname) for column in columns), []).append(row)
    for values, own in alike.items():
        keys = [row.pk for row in own]
        type(own[0])._default_manager.filter(pk__in=keys).update(**dict(zip(fields, values, strict=True)))


AUDIENCE_FIELDS = ["audience", "owners", "released_until", "ends_at"]
RETIRED = "retired-"
CHUNK = 500  # rows compared at once


@dataclass(frozen=True)
class Drift:
    """A row, or an audience, whose stored audience data differ from the computed ones."""

    model: str
    pk: object


def drift(*, mend: bool) -> Iterator[Drift]:
    """Yield every row and audience that differs from what is computed; with `mend`, also correct it.

    Rows are read without locks, in chunks; one that seems to differ is locked alone and computed again.
    """
    yield from _audiences_adrift(mend=mend)
    for model in registry.models():
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            for pk in _seem_to_differ(model, keys[start : start + CHUNK]):
                if _differs(model, pk, mend=mend):
                    yield Drift(model._meta.label, pk)


def _seem_to_differ(model: type[Restricted], keys: Sequence[object]) -> list[object]:
    """Return the keys of those rows whose audiences are not the computed ones, in as many statements as one row takes."""
    rows = _rows(model).filter(pk__in=keys).prefetch_related(*registry.of(model).reasons_read())
    with for_many_rows():
        return [row.pk for row in rows if _is_adrift(row, audience_for(row))]


def _rows(model: type[Restricted]) -> QuerySet[Restricted]:
    """Return the rows of a model with their audiences and without their texts, which no access reason reads."""
    return model._default_manager.select_related("audience", "owners").defer(*text_columns(model))


def _is_adrift(row: Restricted, want: WantedAudience) -> bool:
    wanted = (audience_key(want.audience), audience_key(want.owners), want.until, want.ends_at)
    return (row.audience.key, row.owners.key, row.released_until, row.ends_at) != wanted


def _differs(model: type[Restricted], pk: object, *, mend: bool) -> bool:
    """Return whether a row has other audiences than those computed; a lock waits for a decision under way, and ends it."""
    with transaction.atomic():
        row = _rows(model).select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:  # removed since its key was read
            return False
        differs = _is_adrift(row, audience_for(row))
        if differs and mend:
            assign_audience(row)
            row.save(update_fields=AUDIENCE_FIELDS)
    return differs


def _audiences_adrift(*, mend: bool) -> Iterator[Drift]:
    """Yield audiences that were tampered with: their key, a digest of the set, does not match the set or the grants."""
    in_use = Audience.objects.exclude(key__startswith=RETIRED)
    for audience in in_use.prefetch_related("grants").iterator(chunk_size=CHUNK):
        granted = sorted(grant.group_id for grant in audience.grants.all())
        if audience.key == audience_key(audience.groups) and granted == sorted(audience.groups):
            continue
        if mend:
            with transaction.atomic():
                _restore(audience, granted)
        yield Drift(Audience._meta.label, audience.pk)


def _restore(audience: Audience, granted: list[int]) -> None:
    """Restore the grants from the set, or the set from the grants, whichever matches the key.

    Where neither does, the audience is retired without groups: nobody sees the rows that point at it until their
    audience is assigned again.
    """
    whole = next((groups for groups in (audience.groups, granted) if audience_key(groups) == audience.key), None)
    audience.groups = sorted(whole or [])
    if whole is None:
        audience.key = f"{RETIRED}{audience.pk}"
    audience.save(update_fields=["groups", "key"])
    audience.grants.all().delete()
    _grant(audience)
    for model in registry.models():  # the trigger copies the groups anew
        model._default_manager.filter(audience=audience).update(audience=audience)
        model._default_manager.filter(owners=audience).update(owners=audience)
