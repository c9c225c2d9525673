"""Summaries of releases and withdrawals: the rows to choose from, and the consequences in numbers."""

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistance import registry
from assistance.access import policy
from assistance.access.audience_names import names_by_audience
from assistance.access.audiences import groups_of
from assistance.access.models import Restricted
from assistance.consents.kinds import (
    about_rows,
    about_visits,
    kinds,
    kinds_of_visits,
    lines_in_order,
    prefetches,
    rows_seen,
    with_rows,
)
from assistance.consents.models import Consent, PlanLine, ReleasePlan
from assistance.documents.models import Document
from assistance.registry import Aggregate
from assistance.visits.models import Visit
from entities.actors import Actor, standing_of
from entities.local_days import last_day
from entities.models import Appointment
from web.lists import joined
from web.phrases import people_in


@dataclass(frozen=True)
class Item:
    """One row as a choice of the share form."""

    row: Any

    @property
    def is_released(self) -> bool:
        """Whether readers other than its owners see it today."""
        return self.row.audience_id != self.row.owners_id and not policy.has_ended(self.row)

    @property
    def documents(self) -> list[Document]:
        """The documents released with it. Its State, which chooses, sees all of them."""
        attached = self.row.documents.all() if self.row.takes_documents else ()
        return [document for document in attached if document.removed_at is None]

    @property
    def not_counted(self) -> str:
        """Who reads it without a release and is left out of the numbers, in words."""
        return str(registry.of(self.row).release.not_counted)

    @property
    def key(self) -> str:
        """The value that identifies it in the form."""
        return f"{self.row.record_name()}:{self.row.pk}"

    def __str__(self) -> str:
        return str(self.row)


def items_of(actor: Actor, visit: Visit) -> list[Item]:
    """Return the rows of a visit that its State can release now: those whose status allows the transition “share”."""
    found: list[Any] = []
    for kind in kinds_of_visits():
        own, sources = kind.release, kind.transitions["share"].sources
        rows: QuerySet[Any] = policy.visible(actor, kind.model)
        rows = rows.filter(visit=visit, **({"status__in": sources} if sources else {}))
        rows = rows.select_related(*own.related, "audience", "owners").order_by(*(own.order_in_visit or own.order))
        found += rows.prefetch_related("documents") if kind.model.takes_documents else rows
    return [Item(row) for row in found]


def asked_of(actor: Actor, visit: Visit) -> list[tuple[Any, bool]]:
    """Return the rows that a State is asked to release with a visit, each with whether the State has to agree to it first."""
    waiting = {row.pk for row in not_agreed(actor, visit)}
    found: list[tuple[Any, bool]] = []
    for kind in kinds_of_visits():
        own, sources = kind.release, kind.transitions["share"].sources
        rows: QuerySet[Any] = own.asked(policy.visible(actor, kind.model)).filter(visit=visit)
        rows = rows.select_related(*own.related).order_by(*(own.order_in_visit or own.order))
        possible = [row for row in rows if not sources or row.status in sources or row.pk in waiting]
        found += [(row, row.pk in waiting) for row in possible]
    return found


def not_agreed(actor: Actor, visit: Visit) -> list[Any]:
    """Return the rows of a visit that wait for the State's agreement before they can be released."""
    waiting = [kind.release.not_agreed(policy.visible(actor, kind.model)) for kind in kinds_of_visits()]
    return [row for rows in waiting for row in rows.filter(visit=visit)]


def named(rows: Iterable[Restricted]) -> str:
    """Return names of the rows as words inside a sentence, for example "sections 2 and 4 and need N-7K3M-92QD"."""
    return joined(kind.release.named(own) for kind, own in _by_kind(rows))


def listed(rows: Iterable[Restricted]) -> str:
    """Return names of the rows as one text that stands alone, for example "Sections 2 and 4 · Need N-7K3M-92QD"."""
    return " · ".join(kind.release.listed(own) for kind, own in _by_kind(rows))


def _by_kind(rows: Iterable[Restricted]) -> list[tuple[Aggregate, list[Restricted]]]:
    by_model = registry.by_model(rows)
    return [(kind, by_model[kind.model]) for kind in kinds() if kind.model in by_model]


def reach(rows: Sequence[Any], groups: Iterable[int]) -> tuple[int, int]:
    """Return (people, organisations) who could read these rows by a release to these groups, without the owners."""
    return policy.preview(groups_of(rows[0].owners), groups)


def losing(rows: Sequence[Any], groups: Iterable[int] = ()) -> tuple[int, int]:
    """Return (people, organisations) who read any of these rows now and could not if only `groups` may."""
    now = frozenset[int]().union(*(policy.groups_now(row) for row in rows))
    return policy.preview(groups_of(rows[0].owners) | frozenset(groups), now)


def held_by(appointment: Appointment) -> set[int]:
    """Return the groups held by an appointment; the working groups of its organisation must be prefetched."""
    organisation = appointment.organisation
    groups = {group.group_id for group in organisation.working_groups.all()}
    return {organisation.group_id, *groups, *standing_of(organisation, appointment.role)}


@dataclass(frozen=True)
class Change:
    """What a plan changes for one row: its readers before and after, by name and as (people, organisations)."""

    line: PlanLine
    before: list[str]
    after: list[str]
    gaining: tuple[int, int]
    losing: tuple[int, int]
    is_stale: bool

    @property
    def row(self) -> Any:
        return self.line.row

    @property
    def kept_to(self) -> str:
        """Who reads the row while it is not released, in words."""
        return str(registry.of(self.row).release.kept_to)

    @property
    def preview_url(self) -> str:
        """The address of the preview of the row."""
        return reverse(self.row.url_name("as"), args=[self.row.pk])

    @property
    def withdraw_url(self) -> str:
        """The address at which the present release of the row is withdrawn."""
        return reverse(self.row.url_name("withdraw"), args=[self.row.pk])


@dataclass(frozen=True)
class Difference:
    """A plan compared with what is in force: line by line, and in total."""

    lines: list[Change]
    gaining: tuple[int, int]
    losing: tuple[int, int]
    readers: tuple[tuple[str, int], ...] = ()  # organization → its people who gain something

    @property
    def releases(self) -> list[str]:
        """Return what publishing releases, one sentence for each audience and end."""
        together: dict[tuple[object, date | None], list[PlanLine]] = {}
        for change in self.lines:
            together.setdefault((change.line.released_to_id, change.line.until), []).append(change.line)
        return [
            release_sentence(
                [line.row for line in own], reach([line.row for line in own], own[0].released_to.groups), end
            )
            for (_audience, end), own in together.items()
        ]

    @property
    def is_stale(self) -> bool:
        return any(change.is_stale for change in self.lines)

    @property
    def sentences(self) -> list[str]:
        """Return sentences that describe the effect of publishing."""
        gain = ngettext(
            "%(who)s will gain access.",
            "%(who)s will gain access.",
            self.gaining[0],
        )
        lose = ngettext(
            "%(who)s will lose access.",
            "%(who)s will lose access.",
            self.losing[0],
        )
        told = [gain % {"who": people_in(*self.gaining)}] if self.gaining[0] else []
        told += [lose % {"who": people_in(*self.losing)}] if self.losing[0] else []
        return told or [_("No one’s access changes today.")]


def difference(actor: Actor, plan: ReleasePlan) -> Difference:
    """Return what publishing a plan would change. Constant number of queries, whatever the number of lines."""
    lines = list(lines_in_order(with_rows(plan.lines.all(), "audience", "owners")))
    posts = (
        Appointment.objects.current().select_related("organisation").prefetch_related("organisation__working_groups")
    )
    crowd = [(post.user_id, post.organisation_id, held_by(post)) for post in posts]
    names = names_by_audience({line.released_to_id for line in lines} | {line.row.audience_id for line in lines})
    changes, gained, lost = [], set(), set()
    readers = functools.cache(lambda held: {(user, place) for user, place, groups in crowd if groups & held})
    for line in lines:
        row = line.row
        owners, now = groups_of(row.owners), policy.groups_now(row)
        after = owners | groups_of(line.released_to)
        reads, will = readers(now), readers(after)
        gained |= will - reads
        lost |= reads - will
        before = [] if now == owners else names[row.audience_id]
        stale = row.version != line.version_read
        changes.append(
            Change(line, before, names[line.released_to_id], _count(will - reads), _count(reads - will), stale)
        )
    places = {post.organisation_id: str(post.organisation.name) for post in posts}
    heads = Counter(place for _user, place in gained)
    return Difference(
        changes, _count(gained), _count(lost), tuple(sorted((places[place], n) for place, n in heads.items()))
    )


def _count(pairs: set[tuple[UUID, UUID]]) -> tuple[int, int]:
    return len({user for user, _place in pairs}), len({place for _user, place in pairs})


@dataclass(frozen=True)
class Version:
    """One publication or withdrawal: its consents, and the audience of each row before and after."""

    consents: list[Consent]
    rows: list[tuple[Any, list[str], list[str]]]

    @property
    def first(self) -> Consent:
        return self.consents[0]


def versions(actor: Actor, visit: Visit | None, alone: Iterable[Restricted] = ()) -> list[Version]:
    """Return every version of what a State has released of a visit, newest first, as far as the actor sees it.

    Rows without a visit have versions of their own: pass them as `alone`.

    Versions are computed from consents, which are append-only: nobody can change the record of who could read what.
    """
    of_it = about_rows(alone) if visit is None else about_visits("visit", visit)
    given = policy.visible(actor, Consent).filter(of_it).distinct().select_related("given_by")
    # Only the State itself may know who proposed.
    plans = policy.visible(actor, ReleasePlan).select_related("proposed_by")
    rows = list(given.order_by("given_at", "pk").prefetch_related(*prefetches(actor), Prefetch("plan", plans)))
    names = names_by_audience(consent.released_to_id for consent in rows)
    found: dict[UUID, Version] = {}
    open_to: dict[UUID, list[str]] = {}
    for consent in rows:
        version = found.setdefault(consent.plan_id or consent.pk, Version([], []))
        version.consents.append(consent)
        after = names.get(consent.released_to_id, [])
        for row in rows_seen(consent):
            version.rows.append((row, open_to.get(row.pk, []), after))
            open_to[row.pk] = after
    return list(found.values())[::-1]


def release_sentence(rows: Sequence[Any], numbers: tuple[int, int], until: date | None) -> str:
    """Return the sentence that describes the effect of releasing, in numbers."""
    values = {"who": people_in(*numbers), "what": named(rows)}
    if not numbers[0]:
        return _("No one is appointed there today. Users appointed later will be able to read %(what)s.") % values
    if until is None:
        text = ngettext(
            "%(who)s will be able to read %(what)s until you withdraw it.",
            "%(who)s will be able to read %(what)s until you withdraw it.",
            numbers[0],
        )
        return text % values
    text = ngettext(
        "%(who)s will be able to read %(what)s until %(day)s.",
        "%(who)s will be able to read %(what)s until %(day)s.",
        numbers[0],
    )
    return text % {**values, "day": last_day(until, rows[0].state)}


def withdrawal_sentence(rows: Sequence[Any], numbers: tuple[int, int]) -> str:
    """Return the sentence that describes the effect of withdrawing, in numbers."""
    values = {"who": people_in(*numbers), "what": named(rows)}
    if not numbers[0]:
        return str(registry.of(rows[0]).release.readable_today) % values
    text = ngettext(
        "%(who)s will lose access to %(what)s immediately.",
        "%(who)s will lose access to %(what)s immediately.",
        numbers[0],
    )
    return text % values
