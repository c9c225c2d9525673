"""Summaries of releases and withdrawals: the rows to choose from, and the consequences in numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistance.access import policy
from assistance.access.audience_names import names_by_audience
from assistance.access.audiences import groups_of
from assistance.consents.models import Consent, PlanLine, ReleasePlan
from assistance.documents.models import Document
from assistance.needs.models import Need
from assistance.needs.states import NEED
from assistance.visits.models import Section, Visit
from entities.actors import Actor, standing_of
from entities.models import Appointment


@dataclass(frozen=True)
class Item:
    """One section or need as a choice of the share form."""

    row: Section | Need

    @property
    def is_released(self) -> bool:
        """Whether readers other than its owners see it today."""
        until = self.row.released_until
        return self.row.audience_id != self.row.owners_id and (until is None or until >= timezone.now().date())

    @property
    def is_section(self) -> bool:
        return isinstance(self.row, Section)

    @property
    def documents(self) -> list[Document]:
        """The documents released with it. Its State, which chooses, sees all of them."""
        return [document for document in self.row.documents.all() if document.removed_at is None]

    @property
    def key(self) -> str:
        """The value that identifies it in the form."""
        return f"{'section' if self.is_section else 'need'}:{self.row.pk}"

    def __str__(self) -> str:
        return str(self.row)


def items_of(actor: Actor, visit: Visit) -> list[Item]:
    """Return the rows of a visit that its State can release now: every section, and the needs it has agreed."""
    sections = policy.visible(actor, Section).filter(visit=visit).select_related("visit__state").order_by("number")
    needs = policy.visible(actor, Need).filter(visit=visit, status__in=NEED["share"].sources)
    needs = needs.select_related("state").order_by("section__number", "reference")
    rows: list[Section | Need] = [*sections.prefetch_related("documents"), *needs.prefetch_related("documents")]
    return [Item(row) for row in rows]


def not_agreed(actor: Actor, visit: Visit) -> list[Need]:
    """Return the needs of a visit that wait for the State's agreement before they can be released."""
    return list(policy.visible(actor, Need).filter(visit=visit, agreed_on__isnull=True, closed_at__isnull=True))


def named(rows: Iterable[Section | Need]) -> str:
    """Return names of the rows as one text, for example "sections 2 and 4 and need N-7K3M-92QD"."""
    rows = list(rows)
    sections = [str(row.number) for row in rows if isinstance(row, Section)]
    needs = [row.reference for row in rows if isinstance(row, Need)]
    parts = []
    if sections:
        text = ngettext("section %(numbers)s", "sections %(numbers)s", len(sections))
        parts.append(text % {"numbers": get_text_list(sections, _("and"))})
    if needs:
        text = ngettext("need %(references)s", "needs %(references)s", len(needs))
        parts.append(text % {"references": get_text_list(needs, _("and"))})
    return str(get_text_list(parts, _("and")))


def reach(rows: Sequence[Section | Need], groups: Iterable[int]) -> tuple[int, int]:
    """Return (people, organisations) who could read these rows by a release to these groups, without the owners."""
    return policy.preview(groups_of(rows[0].owners), groups)


def losing(rows: Sequence[Section | Need], groups: Iterable[int] = ()) -> tuple[int, int]:
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
    def row(self) -> Section | Need:
        return self.line.row


@dataclass(frozen=True)
class Difference:
    """A plan compared with what is in force: line by line, and in total."""

    lines: list[Change]
    gaining: tuple[int, int]
    losing: tuple[int, int]

    @property
    def is_stale(self) -> bool:
        return any(change.is_stale for change in self.lines)

    @property
    def sentences(self) -> list[str]:
        """Return sentences that describe the effect of publishing."""
        who = _("%(who)s will be able to read what they cannot read today.") % {"who": _who(*self.gaining)}
        lost = _("%(who)s will no longer be able to read what they read today.") % {"who": _who(*self.losing)}
        told = [who] if self.gaining[0] else []
        told += [lost] if self.losing[0] else []
        return told or [_("Nobody gains or loses anything by it today.")]


def difference(actor: Actor, plan: ReleasePlan) -> Difference:
    """Return what publishing a plan would change. Constant number of queries, whatever the number of lines."""
    lines = list(
        plan.lines.select_related(
            "released_to", "need__audience", "need__owners", "need__state", "need__theme",
            "section__audience", "section__owners", "section__visit__state",
        )
    )  # fmt: skip
    posts = (
        Appointment.objects.current().select_related("organisation").prefetch_related("organisation__working_groups")
    )
    crowd = [(post.user_id, post.organisation_id, held_by(post)) for post in posts]
    names = names_by_audience({line.released_to_id for line in lines} | {line.row.audience_id for line in lines})
    changes, gained, lost = [], set(), set()
    for line in lines:
        row = line.row
        owners, now = groups_of(row.owners), policy.groups_now(row)
        after = owners | groups_of(line.released_to)
        reads = {(user, place) for user, place, groups in crowd if groups & now}
        will = {(user, place) for user, place, groups in crowd if groups & after}
        gained |= will - reads
        lost |= reads - will
        before = [] if now == owners else names[row.audience_id]
        stale = row.version != line.version_read
        changes.append(
            Change(line, before, names[line.released_to_id], _count(will - reads), _count(reads - will), stale)
        )
    return Difference(changes, _count(gained), _count(lost))


def _count(pairs: set[tuple[UUID, UUID]]) -> tuple[int, int]:
    return len({user for user, _place in pairs}), len({place for _user, place in pairs})


@dataclass(frozen=True)
class Version:
    """One publication or withdrawal: its consents, and the audience of each row before and after."""

    consents: list[Consent]
    rows: list[tuple[Section | Need, list[str], list[str]]]

    @property
    def first(self) -> Consent:
        return self.consents[0]


def versions(actor: Actor, visit: Visit | None, needs_alone: Iterable[Need] = ()) -> list[Version]:
    """Return every version of what a State has released of a visit, newest first, as far as the actor sees it.

    Needs without a visit have versions of their own: pass them as `needs_alone`.

    Versions are computed from consents, which are append-only: nobody can change the record of who could read what.
    """
    sections = policy.visible(actor, Section).select_related("visit").order_by("number")
    needs = policy.visible(actor, Need).order_by("reference")
    of_visit = Q(visit=visit) | Q(sections__visit=visit) | Q(needs__visit=visit)
    of_it = Q(needs__in=needs_alone) if visit is None else of_visit
    given = policy.visible(actor, Consent).filter(of_it).distinct().select_related("given_by")
    # Only the State itself may know who proposed.
    plans = policy.visible(actor, ReleasePlan).select_related("proposed_by")
    rows = list(
        given.order_by("given_at", "pk").prefetch_related(
            Prefetch("sections", sections, to_attr="sections_seen"),
            Prefetch("needs", needs, to_attr="needs_seen"),
            Prefetch("plan", plans),
        )
    )
    names = names_by_audience(consent.released_to_id for consent in rows)
    found: dict[UUID, Version] = {}
    open_to: dict[UUID, list[str]] = {}
    for consent in rows:
        version = found.setdefault(consent.plan_id or consent.pk, Version([], []))
        version.consents.append(consent)
        after = names.get(consent.released_to_id, [])
        about: list[Any] = [*consent.sections_seen, *consent.needs_seen]
        for row in about:
            version.rows.append((row, open_to.get(row.pk, []), after))
            open_to[row.pk] = after
    return list(found.values())[::-1]


def release_sentence(rows: Sequence[Section | Need], numbers: tuple[int, int], until: date | None) -> str:
    """Return the sentence that describes the effect of releasing, in numbers."""
    values = {"who": _who(*numbers), "what": named(rows)}
    if not numbers[0]:
        return _("Nobody is appointed there today. Whoever is appointed later will be able to read %(what)s.") % values
    if until is None:
        return _("%(who)s will be able to read %(what)s until you withdraw it.") % values
    return _("%(who)s will be able to read %(what)s until %(day)s.") % {**values, "day": day(until)}


def replacement_sentence(numbers: tuple[int, int]) -> str:
    """Return the sentence on who loses access by a narrower release; empty when nobody does."""
    if not numbers[0]:
        return ""
    return _("This replaces what you released before: %(who)s can read it today and will not any more.") % {
        "who": _who(*numbers)
    }


def withdrawal_sentence(rows: Sequence[Section | Need], numbers: tuple[int, int]) -> str:
    """Return the sentence that describes the effect of withdrawing, in numbers."""
    values = {"who": _who(*numbers), "what": named(rows)}
    if not numbers[0]:
        return _("Nobody but your State and CTED reads %(what)s today.") % values
    return _("%(who)s will no longer be able to read %(what)s, from the next page they open.") % values


def day(value: date) -> str:
    """Return a date in the reader's format."""
    return date_format(value, "DATE_FORMAT")


def _who(people: int, organisations: int) -> str:
    persons = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
    places = ngettext("%(count)d organisation", "%(count)d organisations", organisations) % {"count": organisations}
    return _("%(people)s in %(organisations)s") % {"people": persons, "organisations": places}
