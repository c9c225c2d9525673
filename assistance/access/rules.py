"""Access reasons: the facts by which groups may see a row.

Audiences are computed from them, and "Who can see this" lists them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import Group
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from assistance import registry
from assistance.access import row_security
from assistance.access.models import Restricted
from entities.actors import CTED
from entities.models import Organisation
from web.conditions import among
from web.statements import Statements

STATEMENTS = Statements()


class ReasonKind(StrEnum):
    """The kinds of fact that give access to records of several kinds; an aggregate names its own by other words.

    Source: domain rules, section 6.
    """

    STATE = "state"
    CTED = "cted"
    UNOCT = "unoct"
    COMPACT = "compact"
    CONSENT = "consent"
    PROVIDER = "provider"


@dataclass(frozen=True)
class AccessReason:
    """One fact by which a group sees a row: without end for an owner, else until the end of the consent."""

    group: int
    kind: str
    owner: bool = True
    consent: Any = None
    role: str = ""

    @property
    def until(self) -> date | None:
        """The last day of the consent it is based on; None without a consent, or for a consent that does not end."""
        return self.consent.until if self.consent else None

    @property
    def ends_at(self) -> datetime | None:
        """The moment at which that day ends in the State."""
        return self.consent.ends if self.consent else None


def access_reasons(row: Restricted) -> Iterator[AccessReason]:
    """Yield every access reason of this row. Raises LookupError for a model that is not registered."""
    return registry.of(row).access_reasons(row)


_offices_kept: ContextVar[dict[str, int]] = ContextVar("offices_kept", default={})  # noqa: B039 (never changed)
_offices: ContextVar[dict[str, int] | None] = ContextVar("offices", default=None)


def office(slug: str) -> int:
    """Return the group id of one of the two offices (CTED, UNOCT).

    Raises Organisation.DoesNotExist when reference data has not been loaded.
    """
    if slug in (kept := _offices_kept.get()):
        return kept[slug]
    known = _offices.get()
    if known is not None and slug in known:
        return known[slug]
    found = STATEMENTS.rows("office", _of_office, [slug], [""])
    if not found:
        raise Organisation.DoesNotExist(f"No organization “{slug}”: the reference data has not been loaded.")
    ((group,),) = found
    if known is not None:
        known[slug] = group
    return group


def _of_office(slug: str) -> QuerySet[Group, tuple[int]]:
    return Group.objects.filter(organisation__slug=slug).values_list("pk")


@contextmanager
def known_offices(groups: dict[str, int]) -> Iterator[None]:
    """Take the groups of the offices inside the block from these, which are not to be changed."""
    token = _offices_kept.set(groups)
    try:
        yield
    finally:
        _offices_kept.reset(token)


@contextmanager
def for_many_rows() -> Iterator[None]:
    """Look up each office once inside the block, in which the access reasons of many rows are computed.

    Their relations have been fetched without a reader, as in a command: consents that are missing do not exist.
    """
    token = _offices.set({})
    try:
        yield
    finally:
        _offices.reset(token)


def cted() -> AccessReason:
    """Return the access reason of CTED, which records and follows up."""
    return AccessReason(office(CTED), ReasonKind.CTED)


def state(organisation: Organisation) -> AccessReason:
    """Return the access reason of the State concerned."""
    return AccessReason(organisation.group_id, ReasonKind.STATE)


# ── Rows that a State releases by consents ───────────────────────────────────
KNOWN = "_consent_in_force"  # the attribute of a row in a list whose consents were read at once
RELEASES = ("consents__released_to", "consents__state")  # the relations that `released` reads


def last_release(consents: Iterable[Any]) -> Any:
    """Return the latest of these consents if it is a release, else None. The end date is not checked."""
    last = max(consents, key=lambda consent: (consent.given_at, consent.pk), default=None)
    return last if last and last.released_to_id else None  # a database constraint allows an audience on releases only


def consent_in_force(row: Any) -> Any:
    """Return the latest consent of the State over this row if it is a release, else None, independent of the reader."""
    if not row.pk:
        return None
    if KNOWN in row.__dict__:
        return row.__dict__[KNOWN]
    # A reader may read all consents of a row or none: those that a list has fetched are all of them, but no consent
    # at all may only mean that its reader may read none.
    fetched = getattr(row, "_prefetched_objects_cache", {}).get("consents")
    if fetched or (fetched is not None and _offices.get() is not None):
        return last_release(fetched)
    return last_release(_consents_over(type(row), [row.pk]))


def read_consents(rows: Iterable[Any]) -> None:
    """Read what `consent_in_force` returns for rows of one kind in a list, in one statement."""
    by_key = {row.pk: row for row in rows}
    if not by_key:
        return
    consents: dict[UUID, list[Any]] = {}
    for consent in _consents_over(type(next(iter(by_key.values()))), list(by_key)):
        consents.setdefault(consent.over, []).append(consent)
    for pk, row in by_key.items():
        row.__dict__[KNOWN] = last_release(consents.get(pk, ()))


def _consents_over(model: type[Any], keys: list[UUID]) -> list[Any]:
    """Return the consents over rows of one kind, with audience and State, and in `over` the key of the row."""
    relation = model._meta.get_field("consents")
    name, consents = relation.field.name, relation.related_model._default_manager.order_by()

    def build(keys: list[UUID]) -> QuerySet[Any]:
        of_them: QuerySet[Any] = consents.filter(among(name, keys, "uuid")).annotate(over=F(name))
        return of_them.select_related("released_to", "state")

    with row_security.bypass():  # a release counts also for readers who may not read the State's decision
        return STATEMENTS.rows(("consents", model), build, [keys], [[uuid4()]])


def release_facts(model: type[Any]) -> dict[str, Any]:
    """Return the annotation of lists that guards of withdrawals ask: the audience of the latest consent, if it released."""
    relation: Any = model._meta.get_field("consents")
    consents = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
    return {"last_released_to": Subquery(consents.order_by("-given_at", "-pk").values("released_to")[:1])}


def is_released(row: Any) -> bool:
    """Return whether a consent covers the row now."""
    consent = consent_in_force(row)
    return consent is not None and (consent.ends is None or consent.ends > timezone.now())


def released(row: Any) -> Iterator[AccessReason]:
    """Yield the access reasons of the groups to which the State has released the row."""
    consent = consent_in_force(row)
    if consent is not None and consent.released_to is not None:
        for group in consent.released_to.groups:
            yield AccessReason(group, ReasonKind.CONSENT, owner=False, consent=consent)
