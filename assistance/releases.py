"""What a State is about to release or to take back: the things to choose from, and the consequence in numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistance import policy
from assistance.grants import groups_of
from assistance.models import Need, Section, Visit
from assistance.states import NEED
from entities.actors import Actor


@dataclass(frozen=True)
class Item:
    """One section or need as a choice of the share form."""

    row: Section | Need

    @property
    def is_released(self) -> bool:
        """Whether others than its owners read it today."""
        until = self.row.released_until
        return self.row.audience_id != self.row.owners_id and (until is None or until >= timezone.now().date())

    @property
    def is_section(self) -> bool:
        return isinstance(self.row, Section)

    @property
    def key(self) -> str:
        """How the form names it."""
        return f"{'section' if self.is_section else 'need'}:{self.row.pk}"

    def __str__(self) -> str:
        return str(self.row)


def items_of(actor: Actor, visit: Visit) -> list[Item]:
    """Return what of a visit its State can release now: every section, and the needs it has agreed."""
    sections = policy.visible(actor, Section).filter(visit=visit).select_related("visit__state").order_by("number")
    needs = policy.visible(actor, Need).filter(visit=visit, status__in=NEED["share"].sources)
    rows: list[Section | Need] = [*sections, *needs.select_related("state").order_by("section__number", "reference")]
    return [Item(row) for row in rows]


def not_agreed(actor: Actor, visit: Visit) -> list[Need]:
    """Return the needs of a visit that wait for the State's agreement before they can be released."""
    return list(policy.visible(actor, Need).filter(visit=visit, agreed_on__isnull=True, closed_at__isnull=True))


def named(rows: Iterable[Section | Need]) -> str:
    """Return rows in words, for example "sections 2 and 4 and need N-7K3M-92QD"."""
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
    """Return (people, organisations) that a release of these rows to these groups lets read, owners apart."""
    return policy.preview(groups_of(rows[0].owners), groups)


def losing(rows: Sequence[Section | Need], groups: Iterable[int] = ()) -> tuple[int, int]:
    """Return (people, organisations) that read any of these rows now and will not once only `groups` may."""
    now = frozenset[int]().union(*(policy.groups_now(row) for row in rows))
    return policy.preview(groups_of(rows[0].owners) | frozenset(groups), now)


def release_sentence(rows: Sequence[Section | Need], numbers: tuple[int, int], until: date | None) -> str:
    """Return what releasing will do, in numbers."""
    values = {"who": _who(*numbers), "what": named(rows)}
    if not numbers[0]:
        return _("Nobody is appointed there today. Whoever is appointed later will be able to read %(what)s.") % values
    if until is None:
        return _("%(who)s will be able to read %(what)s until you withdraw it.") % values
    return _("%(who)s will be able to read %(what)s until %(day)s.") % {**values, "day": day(until)}


def replacement_sentence(numbers: tuple[int, int]) -> str:
    """Return whom a release narrower than the one before it leaves out; empty when nobody."""
    if not numbers[0]:
        return ""
    return _("This replaces what you released before: %(who)s can read it today and will not any more.") % {
        "who": _who(*numbers)
    }


def withdrawal_sentence(rows: Sequence[Section | Need], numbers: tuple[int, int]) -> str:
    """Return what withdrawing will do, in numbers."""
    values = {"who": _who(*numbers), "what": named(rows)}
    if not numbers[0]:
        return _("Nobody but your State and CTED reads %(what)s today.") % values
    return _("%(who)s will no longer be able to read %(what)s, from the next page they open.") % values


def day(value: date) -> str:
    """Return a day as readers write it."""
    return date_format(value, "DATE_FORMAT")


def _who(people: int, organisations: int) -> str:
    persons = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
    places = ngettext("%(count)d organisation", "%(count)d organisations", organisations) % {"count": organisations}
    return _("%(people)s in %(organisations)s") % {"people": persons, "organisations": places}
