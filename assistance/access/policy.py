"""The policy: which rows an actor sees, what they may do, and who may be notified.

Pages, API, Celery, admin and shell all ask this module. An actor may see a row if its audience names one of their groups
**and** they hold that group by an appointment that runs now. Both are evaluated in SQL at request time. What is not
granted is denied.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.db.models import BooleanField, Count, Exists, F, Func, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.models import User
from assistance import registry
from assistance.access.audiences import groups_of
from assistance.access.database import EVERY_ROW
from assistance.access.models import Restricted
from entities.actors import CTED, UNOCT, Actor, actor_of, appointments_in, includes
from entities.appointments import is_coordinator
from entities.models import Appointment, AppointmentQuerySet, Organisation
from web.exceptions import Forbidden, NotVisible

if TYPE_CHECKING:
    from assistance.workflow.transition import Transition

Row = TypeVar("Row", bound=Restricted)


@dataclass(frozen=True, kw_only=True)
class PreviewActor(Actor):
    """The actor used by previews: what another organisation would see if the pending release were in force. Read-only.

    `shown` and `hidden` are rows that the release would open or close to that organisation. Rows that `beside`, the
    actor who asks for the preview, does not see are left out.
    """

    beside: Actor
    shown: frozenset[UUID] = frozenset()
    hidden: frozenset[UUID] = frozenset()

    def sees(self, model: type[Restricted], seen: Q) -> Q:
        """Return the condition `seen` as it would be if the release were in force."""
        shown, hidden = registry.of(model).previewed(self.shown, self.hidden)
        supposed = (seen & ~hidden) | shown
        return supposed & Q(pk__in=visible(self.beside, model).values("pk"))


# ── Which rows? ──────────────────────────────────────────────────────────────
def visible(actor: Actor, model: type[Row]) -> QuerySet[Row]:
    """Return the rows of `model` that this actor sees now."""
    rows = model._default_manager.all()
    if not actor.groups:
        return rows.none()
    if isinstance(actor, PreviewActor):
        rows = rows.filter(actor.sees(model, _granted(actor)))
        for name in registry.of(model).seen_with():
            rows = rows.filter(empty_or_seen(actor, model, name))
    else:
        rows = rows.filter(_granted(actor), *_seen_with(actor, model))
    if actor.viewer is not None:
        rows = rows.filter(pk__in=visible(actor.viewer, model).values("pk"))
    return rows


class _Granted(Func):
    """The condition that some groups see a row now, or the row at the end of a path of relations.

    Written as SQL, because it is in every query, and Django takes longer for four conditions of its own.
    Group ids are inlined as literals: 0.8 ms instead of 41.
    """

    output_field = BooleanField()

    def __init__(self, path: str, groups: Iterable[int]) -> None:
        super().__init__(F(f"{path}ends_at"), F(f"{path}owner_groups"), F(f"{path}reader_groups"))
        self.groups, self.now = sorted(groups), timezone.now()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        """Return the condition, and its parameters."""
        ends_at, owners, readers = (compiler.compile(column)[0] for column in self.get_source_expressions())
        condition = (
            f"(({ends_at} IS NULL OR {ends_at} > %s OR {owners} && %s::integer[]) AND {readers} && %s::integer[])"
        )
        return condition, [self.now, self.groups, self.groups]


class _Owned(Func):
    """The condition that some groups are among the owners of a row, or of the row at the end of a path of relations."""

    output_field = BooleanField()

    def __init__(self, path: str, groups: Iterable[int]) -> None:
        super().__init__(F(f"{path}owner_groups"))
        self.groups = sorted(groups)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        """Return the condition, and its parameter."""
        (owners,) = (compiler.compile(column)[0] for column in self.get_source_expressions())
        return f"({owners} && %s::integer[])", [self.groups]


def owned(actor: Actor, path: str = "") -> Q:
    """Return the condition that this actor, and whoever views as them, owns a row, or the row at the end of a path."""
    own = Q(_Owned(path, actor.groups))
    return own if actor.viewer is None else own & owned(actor.viewer, path)


def _granted(actor: Actor, path: str = "") -> Q:
    return Q(_Granted(path, actor.groups))


def _seen_with(actor: Actor, model: type[Any], path: str = "") -> Iterable[Q]:
    """Yield the conditions on the rows with which a row is seen.

    As joins: a list can then be read in its order, while all rows of a sub-select would be read first.
    """
    for name in registry.of(model).seen_with():
        relation, there = model._meta.get_field(name), f"{path}{name}__"
        seen = _granted(actor, there)
        for condition in _seen_with(actor, relation.related_model, there):
            seen &= condition
        yield Q(**{f"{path}{name}__isnull": True}) | seen if relation.null else seen


def empty_or_seen(actor: Actor, model: type[Any], name: str) -> Q:
    """Return the condition that a relation to a restricted row is empty or points at a row the actor sees.

    The row is looked up by its key: of a sub-select, all rows that the actor sees would be read.
    """
    related = model._meta.get_field(name).related_model
    return Q(**{f"{name}__isnull": True}) | Q(Exists(visible(actor, related).filter(pk=OuterRef(f"{name}_id"))))


def sees_consents(actor: Actor, state_id: UUID) -> bool:
    """Return whether this actor may know the state of a State's consent: only CTED and the State itself may.

    Somebody who views as another needs this right themselves too.
    """
    told = any(o.slug == CTED or o.pk == state_id for o in actor.organisations)
    return told and (actor.viewer is None or sees_consents(actor.viewer, state_id))


def get(actor: Actor, model: type[Row], pk: object, *, lock: bool = False, rows: QuerySet[Row] | None = None) -> Row:
    """Return one visible row. Raises NotVisible, the same for hidden, absent and malformed keys."""
    queryset = visible(actor, model) if rows is None else rows
    key = key_of(pk)
    if lock:
        queryset = queryset.select_for_update(of=("self",))
    row = queryset.filter(pk=key).first()
    if row is None:
        raise NotVisible
    return row


def key_of(pk: object) -> UUID:
    """Return a primary key. Raises NotVisible for a malformed one."""
    try:
        return pk if isinstance(pk, UUID) else UUID(str(pk))
    except ValueError:
        raise NotVisible from None


def get_all(actor: Actor, model: type[Row], keys: Iterable[object], *, lock: bool = False) -> list[Row]:
    """Return visible rows in the order of their keys, the order of locks. Raises NotVisible if one is not visible."""
    wanted = {key_of(key) for key in keys}
    queryset = visible(actor, model).filter(pk__in=wanted).order_by("pk")
    rows = list(queryset.select_for_update(of=("self",)) if lock else queryset)
    if len(rows) < len(wanted):
        raise NotVisible
    return rows


# ── May this actor? ──────────────────────────────────────────────────────────
def _state(actor: Actor, row: Any) -> Iterable[UUID | None]:
    return [row.state_id]


def _cted(actor: Actor, row: Any) -> Iterable[UUID | None]:
    return [o.pk for o in actor.organisations if o.slug == CTED]


def _state_or_cted(actor: Actor, row: Any) -> Iterable[UUID | None]:
    return [*_state(actor, row), *_cted(actor, row)]


def _provider(actor: Actor, row: Any) -> Iterable[UUID | None]:
    return [row.provider_id]


def _coordinator(actor: Actor, row: Any) -> Iterable[UUID | None]:
    return [o.pk for o in actor.organisations if o.slug == UNOCT and is_coordinator(actor)]


def _nobody(actor: Actor, row: Any) -> Iterable[UUID | None]:
    return []


# The parties that may act, for use by every aggregate; an aggregate may add its own (`Aggregate.who`).
WHO: dict[str, Callable[[Actor, Any], Iterable[UUID | None]]] = {
    "state": _state,
    "cted": _cted,
    "state_or_cted": _state_or_cted,
    "provider": _provider,
    "coordinator": _coordinator,
    "nobody": _nobody,
}


# The column of a row on which each of these depends, if any: the rows whose value is alike have the same party.
WHO_COLUMNS = {
    "state": "state_id", "cted": "", "state_or_cted": "state_id", "provider": "provider_id", "coordinator": "",
    "nobody": "",
}  # fmt: skip

# Said after a colon: with a small letter where a language wants it.
WHO_WORDS: dict[str, str | Promise] = {
    "state": pgettext_lazy("who may act", "the State concerned"),
    "cted": pgettext_lazy("who may act", "CTED"),
    "state_or_cted": pgettext_lazy("who may act", "the State concerned or CTED"),
    "provider": pgettext_lazy("who may act", "the provider"),
    "coordinator": pgettext_lazy("who may act", "a coordinator of UNOCT"),
    "nobody": pgettext_lazy("who may act", "no one"),
}


def who_can(who: str, row: Restricted) -> str | Promise:
    """Return the party `who` of a row in words."""
    own = registry.of(row).who_words
    return own[who] if who in own else WHO_WORDS[who]


def acting_as(actor: Actor, who: str, row: Restricted) -> Appointment | None:
    """Return the appointment by which this actor is the party `who` of this row, or None when they are not.

    None while the actor views as another: the available transitions would disclose facts the viewer may not know.
    """
    if actor.viewer is not None:
        return None
    own = registry.of(row).who
    return actor.appointment_for((own[who] if who in own else WHO[who])(actor, row))


def may(actor: Actor, step: "Transition", row: Restricted) -> bool:
    """Return whether this actor is the party that may run the transition. The row's state is not checked."""
    return acting_as(actor, step.who, row) is not None


def require(actor: Actor, who: str, row: Restricted) -> Appointment:
    """Return the appointment by which the actor is the party `who` of the row. Raises Forbidden."""
    appointment = acting_as(actor, who, row)
    if appointment is None:
        raise Forbidden(who=who_can(who, row), url=row.get_absolute_url())
    return appointment


def may_edit(actor: Actor, row: Restricted) -> bool:
    """Return whether this actor may change the text of this row. The row's state is not checked."""
    return acting_as(actor, registry.of(row).edited_by, row) is not None


def attacher(actor: Actor, row: Restricted) -> Appointment | None:
    """Return the appointment by which this actor may attach files to this row, or None."""
    return acting_as(actor, registry.of(row).attached_by, row)


def may_create(actor: Actor, model: type[Restricted]) -> bool:
    """Return whether this actor may record new rows of this kind."""
    return actor.viewer is None and registry.of(model).may_create(actor)


def reads_log(actor: Actor, row: Any = None) -> bool:
    """Return whether this actor reads the access log: coordinators of UNOCT, and people of a State for its rows."""
    return is_coordinator(actor) or any(
        row is None or state.pk == getattr(row, "state_id", None) for state in actor.states()
    )


# ── Who sees it? Who may be notified? ────────────────────────────────────────
def has_ended(row: Restricted) -> bool:
    """Return whether the release of this row, if any, has ended."""
    return row.ends_at is not None and row.ends_at <= timezone.now()


def groups_now(row: Restricted) -> frozenset[int]:
    """Return the groups that see this row today: its audience, or only its owners once the release has ended."""
    return owners_of(row) if has_ended(row) else _groups(row, "audience", row.reader_groups)


def owners_of(row: Restricted) -> frozenset[int]:
    """Return the groups that see this row whether it is released or not."""
    return _groups(row, "owners", row.owner_groups)


def _groups(row: Restricted, name: str, copied: Iterable[int]) -> frozenset[int]:
    """Return the groups of an audience of a row: those the database has copied into the row, if it was read."""
    if copied and not row._meta.get_field(name).is_cached(row):  # type: ignore[union-attr]
        return frozenset(copied) - {EVERY_ROW}
    return groups_of(getattr(row, name))


def appointments_seeing(row: Restricted) -> AppointmentQuerySet:
    """Return the running appointments whose holders see this row now: the inverse of `visible`."""
    return appointments_in_all(groups_seeing(row))


def groups_seeing(row: Restricted) -> list[frozenset[int]]:
    """Return the groups that see this row today, and those of each row that has to be seen with it.

    Whoever sees the row belongs to one of each.
    """
    found = [groups_now(row)]
    for name in registry.of(row).seen_with():
        if (other := getattr(row, name)) is not None:
            found += groups_seeing(other)
    return found


def appointments_in_all(sets: Sequence[Iterable[int]]) -> AppointmentQuerySet:
    """Return the running appointments in a group of the first of these sets whose holder is in one of each other."""
    rows, *others = (Appointment.objects.current().filter(appointments_in(groups)) for groups in sets)
    for other in others:
        rows = rows.filter(user__in=other.values("user"))
    return rows


def people(row: Restricted) -> QuerySet[User]:
    """Return the people who see this row now."""
    return User.objects.filter(pk__in=appointments_seeing(row).values("user"))


def organisation_sees(organisation: Organisation, row: Restricted) -> bool:
    """Return whether the people of an organisation see this row now."""
    return includes(groups_now(row), organisation)


def preview(owners: Iterable[int], released: Iterable[int]) -> tuple[int, int]:
    """Return (people, organisations) that a release to these groups would add to the owners."""
    would = Appointment.objects.current().filter(appointments_in(released)).exclude(appointments_in(owners))
    totals = would.aggregate(people=Count("user", distinct=True), organisations=Count("organisation", distinct=True))
    return totals["people"], totals["organisations"]


# ── Django's permission API ──────────────────────────────────────────────────
class AudienceBackend(BaseBackend):
    """Answers ``user.has_perm("assistance.view_need", need)`` by `visible`. Grants no other permission."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        if not isinstance(obj, Restricted) or perm != f"{obj._meta.app_label}.view_{obj._meta.model_name}":
            return False
        return visible(actor_of(user_obj), type(obj)).filter(pk=obj.pk).exists()
