"""A second implementation of the access rules: plain sets and dates, written from the domain rules alone.

It follows sections 2, 4, 5 and 6 of the domain rules, independently of policy, grants and actors and without importing
first-party modules, so that a mistake in one of the two implementations shows as a difference. A new kind of row is a
class with `audience` and `owners`; a new transition is a line in `RIGHTFUL`.

Audiences are sets of names: the slug of an organisation or working group, or one of the standing groups.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

COMPACT, STATES, DONORS, MEMBERS = "«compact»", "«states»", "«donors»", "«members»"
CTED, UNOCT = "cted", "unoct"
READING_ONLY = {"observer", "donor_contact"}
OPEN, CONFIRMED = {"suggested", "proposed"}, {"accepted", "in_delivery", "delivered"}
SILENCE = timedelta(days=45)
HALF_A_YEAR = timedelta(days=183)
Words = frozenset[str]


@dataclass
class Office:
    """An organisation, with the properties that determine the groups of its people."""

    slug: str
    is_state: bool = False
    in_compact: bool = False
    is_donor: bool = False


@dataclass
class Post:
    """An appointment: gives rights while it runs, first and last day included; to be confirmed every half year."""

    key: Hashable
    person: str
    office: str
    role: str
    since: date
    until: date | None = None
    approved: bool = False
    ended: bool = False
    confirm_by: date = date.max


@dataclass(frozen=True)
class Release:
    """The last decision of a State over a section or a need, if it is a release."""

    to: Words
    until: date | None


@dataclass
class Row(ABC):
    """A restricted row. `audience` sees it until `until`, `owners` always."""

    key: Hashable
    until: date | None = field(default=None, init=False)

    @abstractmethod
    def owners(self) -> Words: ...

    def audience(self) -> Words:
        return self.owners()


@dataclass
class Visit(Row):
    """The Compact may know that it takes place, but not its findings."""

    state: str

    def owners(self) -> Words:
        return frozenset({CTED, UNOCT, COMPACT, self.state})


@dataclass
class Consent(Row):
    """A decision of a State, which only the State and CTED may see."""

    state: str

    def owners(self) -> Words:
        return frozenset({CTED, self.state})


@dataclass
class Releasable(Row):
    """A section or need: visible to the State and CTED until the State names others."""

    state: str
    release: Release | None = field(default=None, init=False)

    def owners(self) -> Words:
        return frozenset({CTED, self.state})

    def audience(self) -> Words:
        return self.owners() | (self.release.to if self.release else frozenset())

    def decide(self, release: Release | None) -> None:
        """Replace the earlier decision, whether the new one widens, narrows or withdraws the release."""
        self.release = release
        self.until = release.until if release else None


@dataclass
class Section(Releasable):
    """A numbered part of the report of a visit."""


@dataclass
class Need(Releasable):
    """Visible to CTED only, until it is put to the State."""

    put: bool = False
    agreed: bool = False
    closed: bool = False

    def owners(self) -> Words:
        return super().owners() if self.put else frozenset({CTED})


@dataclass
class Offer(Row):
    """Visible to its provider only, until published: then to every member, or to the States it names."""

    provider: str
    for_states: Words = frozenset()
    named_only: bool = False
    status: str = "draft"

    def owners(self) -> Words:
        return frozenset({self.provider})

    def audience(self) -> Words:
        if self.status != "published":
            return self.owners()
        return self.owners() | ({CTED, UNOCT} | self.for_states if self.named_only else {MEMBERS})


@dataclass
class Match(Row):
    """One need and one provider; accepted by both, it is visible to everybody who sees the need."""

    need: Need
    provider: str
    status: str
    asked_at: datetime

    def owners(self) -> Words:
        return frozenset({self.provider, self.need.state, CTED, UNOCT})

    def audience(self) -> Words:
        return self.owners() | ({MEMBERS} if self.status in CONFIRMED else frozenset())


@dataclass
class Project(Row):
    """Visible to its partners, its States and the Compact; if restricted, to those it names."""

    lead: str
    partners: Words = frozenset()
    states: Words = frozenset()
    restricted: bool = False

    def owners(self) -> Words:
        named = {self.lead} | self.partners
        return frozenset(named if self.restricted else named | self.states | {COMPACT})


@dataclass
class Document(Row):
    """A file on a row, with the row's audience; once removed, only for who attached it, while they see the row."""

    parent: Row
    office: str
    removed: bool = False

    def owners(self) -> Words:
        return frozenset({self.office}) if self.removed else self.parent.owners()

    def audience(self) -> Words:
        return frozenset({self.office}) if self.removed else self.parent.audience()


@dataclass
class Book:
    """The state of the portal at this moment, according to these rules."""

    today: date
    offices: dict[str, Office]
    groups: dict[str, set[str]] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    rows: dict[Hashable, Row] = field(default_factory=dict)

    def of(self, kind: type[Row]) -> list[Row]:
        return [row for row in self.rows.values() if isinstance(row, kind)]

    # ── Appointments ──
    def running(self, person: str | None = None) -> list[Post]:
        """Return the appointments that run today, of one person or of all."""
        return [
            post
            for post in self.posts
            if post.approved and not post.ended and post.person not in self.inactive
            if post.since <= self.today <= min(post.until or date.max, post.confirm_by)
            if person is None or post.person == person
        ]  # fmt: skip

    def confirm(self, post: Post) -> None:
        """Confirm an appointment for half a year from today or from its first day."""
        post.confirm_by = max(self.today, post.since) + HALF_A_YEAR

    def belongs(self, post: Post, words: Iterable[str]) -> bool:
        """Return whether the holder of an appointment belongs to one of these groups."""
        office = self.offices[post.office]
        held = {MEMBERS, office.slug, *(name for name, members in self.groups.items() if office.slug in members)}
        held |= {COMPACT} if office.in_compact else set()
        held |= {STATES} if office.is_state else set()
        held |= {DONORS} if office.is_donor and post.role == "donor_contact" else set()
        return bool(held & set(words))

    # ── Who sees ──
    def until(self, row: Row) -> date | None:
        """Return the last day on which others than its owners see a row, or None."""
        if isinstance(row, Document):
            return None if row.removed else row.parent.until
        return row.until

    def words(self, row: Row) -> Words:
        """Return the groups that see a row today."""
        until = self.until(row)
        return row.audience() if until is None or self.today <= until else row.owners()

    def posts_reading(self, row: Row) -> list[Post]:
        """Return the running appointments whose holders see a row; a match is visible only to readers of its need."""
        found = [post for post in self.running() if self.belongs(post, self.words(row))]
        if isinstance(row, Match):
            need = self.readers(row.need)
            found = [post for post in found if post.person in need]
        if isinstance(row, Document) and isinstance(row.parent, Match):
            parent = self.readers(row.parent)
            found = [post for post in found if post.person in parent]
        return found

    def readers(self, row: Row) -> set[str]:
        return {post.person for post in self.posts_reading(row)}

    def told_of(self, row: Row) -> set[str]:
        """Return who may be notified.

        For a visit only its State and CTED, because all its messages are about consent; for a document nobody.
        """
        if isinstance(row, Document):
            return set()
        if not isinstance(row, Visit):
            return self.readers(row)
        acting = {post.person for post in self.running() if post.office == CTED and post.role not in READING_ONLY}
        return self.readers(row) & (acting | {post.person for post in self.running() if post.office == row.state})

    # ── Who may ──
    def acts_for(self, person: str) -> set[str]:
        """Return the organisations a person may act for: observers and donor contacts only read."""
        return {post.office for post in self.running(person) if post.role not in READING_ONLY}

    def may(self, person: str, step: str, row: Row) -> bool:
        """Return whether this person may run the transition on a row, whatever the state of the row."""
        return bool(self.acts_for(person) & RIGHTFUL[step](row, self.acts_for(person)))

    def coordinates(self, person: str) -> bool:
        return any(post.office == UNOCT and post.role == "coordinator" for post in self.running(person))

    def heads(self, person: str, office: str) -> bool:
        return any(post.office == office and post.role == "focal_point" for post in self.running(person))


def _answering(match: Match, own: set[str]) -> set[str]:
    """Return the provider for a suggestion, the State for a proposal; nobody answers for both sides."""
    if match.status == "suggested":
        return {match.provider}
    return set() if match.provider in own else {match.need.state}


# Transition → organisations whose people may run it, given those the person acts for.
RIGHTFUL: dict[str, Callable[..., set[str]]] = {
    "visit.edit": lambda visit, own: {CTED},
    "visit.ask-consent": lambda visit, own: {CTED},
    "visit.decline-consent": lambda visit, own: {visit.state},
    "need.edit": lambda need, own: {CTED},
    "need.put-to-state": lambda need, own: {CTED},
    "need.agree": lambda need, own: {CTED, need.state},
    "need.close": lambda need, own: {CTED, need.state},
    "share": lambda row, own: {row.state},
    "withdraw": lambda row, own: {row.state},
    "offer.step": lambda offer, own: {offer.provider},
    "match.answer": _answering,
    "match.retract": lambda match, own: {CTED if match.status == "suggested" else match.provider},
    "match.deliver": lambda match, own: {match.provider},
    "project.edit": lambda project, own: {project.lead},
    "attach": lambda row, own: ATTACHING[type(row)](row),
    "document.remove": lambda document, own: {document.office},
}

# Kind of row → organisations that may attach a file to it: those who may edit it, and each side of a match.
ATTACHING: dict[type[Row], Callable[..., set[str]]] = {
    Visit: lambda visit: {CTED},
    Section: lambda section: {CTED, section.state},
    Need: lambda need: {CTED, need.state},
    Offer: lambda offer: {offer.provider},
    Match: lambda match: {match.provider, match.need.state},
    Project: lambda project: {project.lead},
}
