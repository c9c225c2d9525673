"""Compares the answers of policy with the reference rules: which rows, who sees them, how many, who is notified."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import User
from assistance.access import audiences, policy
from assistance.access.models import Restricted
from assistance.access.tests import reference_rules
from assistance.access.tests.reference_rules import Book, Row
from assistance.access.viewers import viewers_of
from assistance.consents.models import Consent
from assistance.documents.models import Document
from assistance.needs.models import Match, Need
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.visits.models import Section, Visit
from assistance.workflow import notifications
from entities.actors import Actor, actor_of
from entities.models import Organisation

TABLE: dict[type[Row], type[Restricted]] = {
    reference_rules.Visit: Visit,
    reference_rules.Section: Section,
    reference_rules.Need: Need,
    reference_rules.Consent: Consent,
    reference_rules.Offer: Offer,
    reference_rules.Match: Match,
    reference_rules.Project: Project,
    reference_rules.Document: Document,
}
Statement = tuple[str, tuple[Any, ...]]


class Oracle:
    """The portal compared with the reference rules. `compared` counts the compared answers.

    `statements` is shared by all runs in one world: the SQL that policy generates for a set of groups on a day.
    """

    def __init__(self, book: Book, users: Mapping[str, User], statements: dict[object, Statement]) -> None:
        self.book, self.users, self.statements = book, users, statements
        self.compared = 0
        self.actors: dict[str, Actor] = {}
        self.known: object = None

    def same(self, said: object, expected: object, *about: object) -> None:
        self.compared += 1
        assert said == expected, f"{about}: the portal says {said}, the rules say {expected}"

    def after(self, step: int) -> None:
        """Compare all rows of all people and, in rotation, each other answer about one row or one person."""
        rows = list(self.book.rows.values())
        names = sorted(self.users)
        self.meet(names[step % len(names)])
        self.rows_of_everybody()
        row, name = rows[-1 - step // 5 % len(rows)], names[step // 5 % len(names)]
        turn = step % 5
        if turn == 0:
            self.readers_of(row)
        elif turn == 1:
            self.who_sees(row)
        elif turn == 2:
            self.through_the_permission_api(row, name)
        elif turn == 3:
            self.may_be_told(name)
        elif step % 4 == 0:
            self.no_drift()

    # ── Which rows? ──
    def meet(self, name: str) -> None:
        """Reload the actor of a person; of everybody when something has changed on which actors depend."""
        facts = (self.book.today, repr(self.book.posts), repr(self.book.offices), repr(self.book.groups))
        now = (*facts, frozenset(self.book.inactive))
        for one in [name] if now == self.known else self.users:
            self.actors[one] = actor_of(self.users[one])
            self.same(
                {a.pk for a in self.actors[one].appointments}, {p.key for p in self.book.running(one)}, "actor", one
            )
        self.known = now

    def rows_of_everybody(self) -> None:
        """Compare which rows each person sees, in all tables at once."""
        readers = {row.key: self.book.readers(row) for row in self.book.rows.values()}
        held = [groups for groups in {actor.groups for actor in self.actors.values()} if groups]
        said: dict[frozenset[int], set[object]] = {groups: set() for groups in (frozenset[int](), *held)}
        statements = [self._statement(groups, self.book.today) for groups in held]
        parts = enumerate(part for part, _values in statements)
        asked = " UNION ALL ".join(f"SELECT {i}, key FROM ({part}) AS of_{i}(key)" for i, part in parts)  # noqa: S608
        with connection.cursor() as cursor:
            if held:
                cursor.execute(asked, [value for _part, values in statements for value in values])
            for i, key in cursor.fetchall() if held else ():
                said[held[i]].add(key)
        for name, actor in self.actors.items():
            expected = {key for key, names in readers.items() if name in names}
            self.same(said[actor.groups], expected, "visible to", name)
        self.compared += len(self.actors) * (len(TABLE) - 1)

    def _statement(self, groups: frozenset[int], today: date) -> Statement:
        """Return the SQL of `policy.visible` for these groups today, cached: generating it costs more than a run."""
        key = (groups, today)
        if key not in self.statements:
            actor = next(actor for actor in self.actors.values() if actor.groups == groups)
            first, *others = [policy.visible(actor, table).order_by().values_list("pk") for table in TABLE.values()]
            compiler = first.union(*others, all=True).query.get_compiler(connection=connection)
            self.statements[key] = compiler.as_sql()
        return self.statements[key]

    # ── Who sees it? ──
    def readers_of(self, row: Row) -> None:
        kept = self.kept(row)
        self.same(set(policy.people(kept).values_list("name", flat=True)), self.book.readers(row), "people", row)
        posts = {post.key for post in self.book.posts_reading(row)}
        self.same(set(policy.appointments_seeing(kept).values_list("pk", flat=True)), posts, "readers", row)

    def who_sees(self, row: Row) -> None:
        """Compare the counts shown beside a row, and what a release would add to its owners."""
        kept, posts, owners = self.kept(row), self.book.posts_reading(row), row.owners()
        people: dict[str, set[str]] = {}
        for post in posts:
            people.setdefault(post.office, set()).add(post.person)
        line = viewers_of(Actor(next(iter(self.users.values()))), kept)
        said = {reader.name.lower(): (reader.people, reader.is_owner) for reader in line.organisations}
        expected = {slug: (len(names), slug in owners) for slug, names in people.items()}
        self.same(said, expected, "who sees", row)
        self.same(line.people, len(self.book.readers(row)), "people counted", row)
        released = self.book.words(row) - owners
        self.same(line.until, self.book.until(row) if released else None, "until", row)
        wider = [post for post in self.book.running() if self.book.belongs(post, row.audience())]
        added = [post for post in wider if not self.book.belongs(post, owners)]
        counts = (len({post.person for post in added}), len({post.office for post in added}))
        groups = (audiences.groups_of(kept.owners), audiences.groups_of(kept.audience))
        self.same(policy.preview(*groups), counts, "preview", row)

    def through_the_permission_api(self, row: Row, name: str) -> None:
        """Compare Django's permission API for one person, and whether the people of an organisation see the row."""
        kept = self.kept(row)
        right = f"assistance.view_{kept._meta.model_name}"
        self.same(self.users[name].has_perm(right, kept), name in self.book.readers(row), "has_perm", name, row)
        self.same(self.users[name].has_perm(right.replace("view", "change"), kept), False, "has_perm", name, row)
        for office in Organisation.objects.filter(slug__in=self.book.offices):
            somebody = reference_rules.Post(None, "", office.slug, "focal_point", self.book.today)
            named = self.book.belongs(somebody, self.book.words(row))
            self.same(policy.organisation_sees(office, kept), named, "organisation sees", office.slug, row)

    def may_be_told(self, name: str) -> None:
        """Compare of which rows one person may be notified."""
        subjects = {f"{TABLE[type(row)]._meta.model_name}:{row.key}": row for row in self.book.rows.values()}
        told = {subject for subject, row in subjects.items() if name in self.book.told_of(row)}
        self.same(notifications.may_be_told(self.users[name], subjects), told, "may be told", name)

    def no_drift(self) -> None:
        """Assert that every row and audience is as computed from consents and other facts."""
        self.same([*audiences.drift(mend=False)], [], "drift")

    def kept(self, row: Row) -> Restricted:
        return TABLE[type(row)]._default_manager.get(pk=row.key)
