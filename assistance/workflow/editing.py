"""Recording and editing rows. Each aggregate declares how its rows are written (`EditSpec`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from assistance import registry
from assistance.access import audiences, policy, row_security
from assistance.access.models import Restricted
from assistance.workflow.engine import check_version, record
from entities.actors import Actor
from entities.models import Appointment
from web.exceptions import Conflict, Forbidden, Invalid
from web.translated_text import columns_in_languages, set_localized

Values = Mapping[str, Any]


def _nothing(row: Any) -> None:
    return None


def _not_asked(actor: Actor, row: Any, values: Values) -> None:
    return None


def _as_given(actor: Actor, row: Any, values: Values) -> Values:
    return values


def _no_more(row: Any, values: Values) -> None:
    return None


def _same(row: Any, values: Values) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class EditSpec:
    """How one kind of row is recorded and edited; what is written of it are the fields its model leaves editable.

    `check` raises Invalid for values that contradict each other, `confirm` for a change that is allowed only when the
    values say that it is `confirmed`, `may_change` Conflict for a row whose state forbids changes, `closed` Conflict for
    a row that nobody may change. `kept` returns the values extended by what an editor
    must not remove; `relate` writes related rows, `relates` returns whether it would change any. `unique` gives for each
    constraint the field at which its violation
    is shown, and the message.
    """

    recorded: str
    edited: str
    check: Callable[[Any, Values], None]
    may_change: Callable[[Any], None] = _nothing
    closed: Callable[[Any], None] = _nothing
    confirm: Callable[[Actor, Any, Values], None] = _not_asked
    kept: Callable[[Actor, Any, Values], Values] = _as_given
    relate: Callable[[Any, Values], None] = _no_more
    relates: Callable[[Any, Values], bool] = _same
    unique: Mapping[str, tuple[str, Any]] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether some changes have to be confirmed: form and body then have the field `confirmed`."""
        return self.confirm is not _not_asked


def columns(model: type[Restricted]) -> tuple[str, ...]:
    """Return the names of the columns that are edited by hand, without the translated texts (`model.translated`)."""
    return tuple(
        column.name
        for column in model._meta.concrete_fields
        if column.editable and column.name not in model.translated and not isinstance(column, TranslationField)
    )


def relations(model: type[Restricted]) -> tuple[str, ...]:
    """Return the names of the many-to-many relations that are edited by hand."""
    return tuple(relation.name for relation in model._meta.many_to_many if relation.editable)


def written(model: type[Restricted]) -> tuple[str, ...]:
    """Return the names of all fields that are edited by hand, texts and relations too, in the order of the model."""
    names = {*columns(model), *model.translated, *relations(model)}
    every = sorted((*model._meta.concrete_fields, *model._meta.many_to_many))
    return tuple(field.name for field in every if field.name in names)


def check_order(row: Any, first: str, last: str) -> None:
    """Raise Invalid at the field `last` when it is before `first`."""
    a, b = getattr(row, first), getattr(row, last)
    if a and b and b < a:
        raise Invalid({last: [_("The end date is before the start date.")]})


def spec_of(model: type[Restricted]) -> EditSpec:
    """Return how rows of this model are written. Raises Forbidden for a model without `EditSpec`."""
    spec = registry.of(model).edit
    if spec is None:
        raise Forbidden
    return spec


def create(*, actor: Actor, model: type[Restricted], values: Values) -> Any:
    """Record a new row from validated values (model instances, dates, strings; texts in ``values["language"]``).

    Returns the row; raises Forbidden, or Invalid naming the field.
    """
    spec = spec_of(model)
    if not policy.may_create(actor, model):
        raise Forbidden
    with transaction.atomic(), row_security.bypass():
        row: Any = model()
        _fill(row, values)
        if hasattr(model, "created_by"):
            row.created_by = actor.user
        appointment = policy.require(actor, registry.of(model).edited_by, row)
        spec.check(row, values)
        row.audience = row.owners = audiences.audience_of(())  # empty until its relations are saved
        _save(row, spec, force_insert=True)
        _relate(row, spec, values)
        record(spec.recorded, row, actor=actor, appointment=appointment)
        policy.get(actor, model, row.pk)  # whoever writes a row must be able to see it
    return row


def edit(
    *,
    actor: Actor,
    model: type[Restricted],
    pk: object,
    values: Values,
    version: int | None = None,
    spec: EditSpec | None = None,
) -> Any:
    """Change a row's text; values equal to those stored leave version, date and history as they are.

    `spec` says how the row is written, by default as its aggregate does. Returns the row; raises NotVisible, Forbidden,
    Conflict, StaleSave (both texts), Invalid.
    """
    spec = spec or spec_of(model)
    with transaction.atomic():
        row: Any = policy.get(actor, model, pk, lock=True)
        appointment = require_editor(actor, row)
        check_version(row, version, dict(values))
        with row_security.bypass():
            if _rewrite(actor, row, spec, values):
                record(spec.edited, row, actor=actor, appointment=appointment)
        policy.get(actor, model, row.pk)
    return row


def _rewrite(actor: Actor, row: Any, spec: EditSpec, values: Values) -> bool:
    """Write the values; return whether any of them was another one before."""
    spec.may_change(row)
    before, related = _stored(row), _related(row)
    _fill(row, values)
    policy.require(actor, registry.of(row).edited_by, row)  # no transfer to an organisation not theirs
    spec.check(row, {**related, **values})
    spec.confirm(actor, row, values)
    kept = spec.kept(actor, row, values)
    moved = any(set(rows) != set(kept.get(name, rows)) for name, rows in related.items())
    if not moved and before == _stored(row) and not spec.relates(row, kept):
        return False
    row.version += 1
    _save(row, spec)
    _relate(row, spec, kept)
    return True


def _stored(row: Any) -> dict[str, Any]:
    """Return the columns that are edited by hand, texts in every language; of several codes the order means nothing."""
    texts = [localized for name in row.translated for localized in columns_in_languages(name)]
    values = {name: getattr(row, row._meta.get_field(name).attname) for name in columns(type(row))}
    return {
        **{name: frozenset(value) if isinstance(value, list) else value for name, value in values.items()},
        **{name: getattr(row, name) or "" for name in texts},
    }


def changeable(row: Restricted) -> bool:
    """Return whether the state of this row allows changes of its text; who may change it is decided by policy."""
    try:
        spec_of(type(row)).may_change(row)
    except Conflict:
        return False
    return True


def require_editor(actor: Actor, row: Restricted) -> Appointment:
    """Return the appointment by which the actor may change this row.

    Raises Forbidden; Conflict for a row that nobody may change here, such as an imported project.
    """
    spec_of(type(row)).closed(row)
    return policy.require(actor, registry.of(row).edited_by, row)


def _fill(row: Any, values: Values) -> None:
    before = row.language if row.translated else ""
    for name in columns(type(row)):
        if name in values:
            setattr(row, name, values[name])
    for name in row.translated:
        if name in values:
            set_localized(row, name, "", before)  # a text moved to its right language leaves no copy in the wrong one
            set_localized(row, name, values[name], row.language)


def _save(row: models.Model, spec: EditSpec, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=force_insert)
    except IntegrityError as error:
        for name, (at, message) in spec.unique.items():
            if name in str(error):
                raise Invalid({at: [message]}) from None
        raise


def _relate(row: Any, spec: EditSpec, values: Values) -> None:
    for name in relations(type(row)):
        if name in values:
            getattr(row, name).set(values[name])
    spec.relate(row, values)
    audiences.save_with_audience(row)


def _related(row: Any) -> dict[str, Any]:
    return {name: list(getattr(row, name).all()) for name in relations(type(row))}
