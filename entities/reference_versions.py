"""Reference lists kept in a process until they change.

States, organizations, regions, themes and instruments are read by each request and change a few times a year. Triggers
give their lists another version in the same transaction, whoever writes; the statement that computes an actor reads the
version too, so that what a process has kept is never older than the request.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.migrations import RunSQL
from django.db.models import Model, Subquery

from entities.models import Instrument, Organisation, ReferenceVersion
from web.kept import Kept

FUNCTION = """
CREATE FUNCTION portal_reference_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO entities_referenceversion (id, value) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET value = excluded.value;
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER reference_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_reference_changed();
"""


def function() -> RunSQL:
    """Return the operation that creates the function of the triggers."""
    return RunSQL(FUNCTION, "DROP FUNCTION portal_reference_changed()")


def versioned(table: str) -> RunSQL:
    """Return the operation by which each change of a table gives the lists another version."""
    return RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER reference_changed ON {table}")


def current() -> Subquery:
    """Return the version as a part of another statement; None while no list was ever written."""
    return Subquery(ReferenceVersion.objects.values("value")[:1])


_organisations: Kept[dict[UUID, Organisation]] = Kept()
_groups: Kept[dict[UUID, frozenset[int]]] = Kept()
_instruments: Kept[dict[str, Instrument]] = Kept()


def organisations(version: UUID | None) -> dict[UUID, Organisation]:
    """Return organization id → organization with its working groups, as of a version or later; not to be changed."""
    return _organisations.get(version, None, _read_organisations)


def groups(version: UUID | None) -> dict[UUID, frozenset[int]]:
    """Return organization id → its own group and those of its working groups, as of a version or later."""
    return _groups.get(version, None, lambda: {pk: _groups_of(one) for pk, one in organisations(version).items()})


def instruments(version: UUID | None) -> dict[str, Instrument]:
    """Return slug → instrument, as of a version or later; not to be changed."""
    return _instruments.get(version, None, lambda: {one.pk: one for one in Instrument.objects.order_by()})


KEPT: dict[type[Model], Callable[[UUID | None], dict[Any, Any]]] = {
    Organisation: organisations,
    Instrument: instruments,
}


def rows(version: UUID | None, model: type[Model]) -> dict[Any, Any]:
    """Return key → row of one of the models in KEPT, as of a version or later; not to be changed."""
    return KEPT[model](version)


def _groups_of(organisation: Organisation) -> frozenset[int]:
    return frozenset({organisation.group_id, *(one.group_id for one in organisation.working_groups.all())})


def _read_organisations() -> dict[UUID, Organisation]:
    return {one.pk: one for one in Organisation.objects.order_by().prefetch_related("working_groups")}
