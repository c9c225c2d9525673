"""Runs random actions in the portal and in the reference rules, and compares both after every step.

Only documents are deleted in the portal, and nothing is restored: a need is closed, a release withdrawn and given
again, an account closed and opened, an appointment ended and created anew. These take the place of delete and restore.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, TypeVar

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import User
from assistance.access.tests import reference_rules as rules
from assistance.access.tests.model_steps import STEPS, StepRunner
from assistance.access.tests.policy_oracle import Oracle, Statement
from assistance.access.tests.reference_rules import CTED, Book, Row
from assistance.tests.cast import POSTS, Cast, Post, appoint
from assistance.visits.models import Visit
from entities.models import Appointment, Kind, Organisation, Role, WorkingGroup

START = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # one minute per step: every long run passes midnight
MORE = {
    "second": Post("unoct", Role.COORDINATOR, Kind.COMPACT_ENTITY, in_compact=True),
    "donor": Post("sumora", Role.DONOR_CONTACT, Kind.MEMBER_STATE),
}
AUDIENCES = (
    ["compact"], ["unodc"], ["iom"], ["border"], ["states"], ["donors"], ["searcct"], ["sumora"], ["unoct"],
    ["border", "iom"], ["compact", "donors"], ["searcct", "states"],
)  # fmt: skip
UNTIL = (None, 0, 1, 2, 30)
PROVIDERS = ("unodc", "iom", "searcct", "unoct")
NAMED = (frozenset(), frozenset({"carana"}), frozenset({"sumora"}), frozenset({"carana", "sumora"}))
PARTNERS = (frozenset(), frozenset({"iom"}), frozenset({"searcct"}), frozenset({"sumora", "unodc"}))
MOST: dict[type[Row], int] = {
    rules.Visit: 3, rules.Section: 4, rules.Need: 8, rules.Offer: 4, rules.Match: 5, rules.Project: 3,
    rules.Document: 6,
}  # fmt: skip
TERMS = ((0, None), (0, 0), (-3, 4), (1, 1), (2, None))  # first day from today, length in days
PLACES = (
    ("carana", "alternate"), ("unodc", "focal_point"), ("iom", "observer"), ("cted", "assessor"),
    ("sumora", "donor_contact"), ("searcct", "partner_contact"), ("unoct", "coordinator"), ("carana", "focal_point"),
)  # fmt: skip
JOINING = ("iom", "unodc", "carana", "sumora", "searcct")
TURNING = (("searcct", "in_compact"), ("iom", "in_compact"), ("sumora", "is_donor"))
STATES = ("carana", "sumora")
LONG = timedelta(days=60)  # longer than a match waits for its answer
ANY = st.integers(0, 5039)  # selects one of any number of choices
MASK = st.integers(0, 255)
T = TypeVar("T")


def texts() -> dict[str, str]:
    return {"language": "en", "title": "Title", "description": "Text."}


class World:
    """The initial state of every run: the cast and one row of each kind, in the portal and in the reference rules."""

    def __init__(self) -> None:
        cast = Cast()
        for name, post in MORE.items():
            cast.users[name] = User.objects.create(email=f"{name}@example.org", name=name)
            appoint(cast.users[name], cast.organisation(post), post.role)
        Organisation.objects.filter(slug="sumora").update(is_donor=True)
        WorkingGroup.objects.establish(slug="border", name="Border").members.add(cast.org("iom"))
        held = Appointment.objects.select_related("user", "organisation").order_by("user__name")
        self.book = Book(
            today=START.date(),
            offices={
                post.organisation: rules.Office(
                    post.organisation, post.kind == Kind.MEMBER_STATE, post.in_compact, post.organisation == "sumora"
                )
                for post in {**POSTS, **MORE}.values()
            },
            groups={"border": {"iom"}},
            posts=[
                rules.Post(row.pk, row.user.name, row.organisation.slug, row.role, row.since, row.until, approved=True)
                for row in held
            ],
        )
        for post in self.book.posts:
            self.book.confirm(post)
        need = {"pillar": cast.pillar, "theme": cast.theme, "source": "desk_survey", "assistance_type": "training"}
        self.vocabulary: dict[str, dict[str, Any]] = {
            "visit": {"kind": "comprehensive", "mode": "on_site", "starts_on": START.date(), "ends_on": START.date()},
            "section": {"language": "en", "title": "Section", "text": "Findings."},
            "need": {**texts(), **need, "priority": "high"},
            "offer": {**texts(), "assistance_types": ["training"], "themes": [cast.theme]},
            "project": {**texts(), "status": "ongoing"},
        }
        self.statements: dict[object, Statement] = {}
        self._begin(StepRunner(self.book, self.vocabulary))

    def _begin(self, runner: StepRunner) -> None:
        """Record a visit, a section and needs of two States, offers and a project, each at another stage.

        Stages that take many steps are part of the initial state, because few runs of fifty steps would reach them.
        """
        put, agree, _close = STEPS[rules.Need]
        for state in STATES:
            visit: Any = runner.record(rules.Visit(None, state), "cted", CTED, state=runner.offices[state])
            runner.record(rules.Section(None, state), "cted", CTED, visit=Visit.objects.get(pk=visit.key), number=1)
            for steps in ((put,), (put, agree), (put, agree)):
                need: Any = runner.record(rules.Need(None, state), "cted", CTED, state=runner.offices[state])
                for step in steps:
                    runner.take(step, need, "cted" if step is put else state)
            runner.decide([need], state, ["compact"], None)
            runner.propose(need, "unodc", "unodc", 30)
        proposed: Any = self.book.of(rules.Match)[-1]
        runner.take(STEPS[rules.Match][0], proposed, need.state)
        for name in ("unodc", "iom"):
            offer = runner.record(rules.Offer(None, name), name, name, provider=runner.offices[name])
        runner.take(STEPS[rules.Offer][0], offer, "iom")
        runner.record(rules.Project(None, "unodc"), "unodc", "unodc", lead=runner.offices["unodc"])
        assert not runner.refused


class PolicyMachine(RuleBasedStateMachine):
    """One run: starts from the same world, is compared after every step, and is rolled back at the end."""

    world: ClassVar[World]
    totals: ClassVar[Counter[str]]
    taken: ClassVar[Counter[str]]
    refused: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.book = deepcopy(self.world.book)
        self.runner = StepRunner(self.book, self.world.vocabulary)
        self.oracle = Oracle(self.book, self.runner.users, self.world.statements)
        self.people = sorted(self.runner.users)
        self.step = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.clock.stop()
        self.totals.update(runs=1, steps=self.step, answers=self.oracle.compared)
        self.taken.update(self.runner.taken)
        self.refused.update(self.runner.refused)

    @invariant()
    def the_portal_says_what_the_rules_say(self) -> None:
        self.oracle.after(self.step)
        self.step += 1
        self._pass(timedelta(minutes=1))

    def _pass(self, time: timedelta) -> None:
        self.now.shift(time)
        self.book.today = timezone.now().date()

    # ── Choosing: mostly what can succeed, sometimes anything ──
    def likely(self, choices: Sequence[T], fit: Callable[[T], bool], n: int) -> T:
        """Return one of the choices that fit, or in one of four cases any choice."""
        fitting = choices if n % 4 == 3 else [one for one in choices if fit(one)] or choices
        return fitting[n // 4 % len(fitting)]

    def by(self, n: int, right: str, row: Row) -> str:
        """Return somebody, usually one who may run the transition `right`."""
        return self.likely(self.people, lambda name: self.book.may(name, right, row), n)

    def acting_for(self, n: int, office: str) -> str:
        return self.likely(self.people, lambda name: office in self.book.acts_for(name), n)

    def fits(self, kind: type[Row]) -> bool:
        return len(self.book.of(kind)) < MOST[kind]

    # ── Transitions ──
    def take(self, kind: type[Row], n: int, who: int) -> None:
        steps = [(row, step) for row in self.book.of(kind) for step in STEPS[kind]]
        if steps:
            row, chosen = self.likely(steps, lambda one: one[1].ready(one[0]), n)
            self.runner.take(chosen, row, self.by(who, chosen.right, row))

    @rule(n=ANY, who=ANY)
    def step_of_a_need(self, n: int, who: int) -> None:
        self.take(rules.Need, n, who)

    @rule(n=ANY, who=ANY)
    def step_of_a_match(self, n: int, who: int) -> None:
        self.take(rules.Match, n, who)

    @rule(n=ANY, who=ANY, kind=st.sampled_from((rules.Offer, rules.Visit)))
    def step_of_an_offer_or_a_visit(self, n: int, who: int, kind: type[Row]) -> None:
        self.take(kind, n, who)

    @rule(n=ANY, provider=ANY, by_cted=st.booleans(), who=ANY, share=st.integers(1, 40))
    def match(self, n: int, provider: int, by_cted: bool, who: int, share: int) -> None:
        if self.fits(rules.Match):
            need: Any = self.likely(self.book.of(rules.Need), lambda row: bool(row.release) and not row.closed, n)  # type: ignore[attr-defined]
            named = self.book.words(need)
            one = self.likely(
                PROVIDERS, lambda slug: any(self.book.belongs(p, named) for p in self.posts_at(slug)), provider
            )
            self.runner.propose(need, one, self.acting_for(who, CTED if by_cted else one), share)

    def posts_at(self, office: str) -> list[rules.Post]:
        return [post for post in self.book.running() if post.office == office]

    # ── Consent: partial, full, wider, narrower, limited, repeated, withdrawn ──
    def decide(
        self, n: int, mask: int, who: int, fit: Callable[[Any], bool], audience: list[str] | None, until: date | None
    ) -> None:
        """Decide over a row and, by the mask, over others of the same State (sometimes also rows that do not fit)."""
        anything = mask % 8 == 7
        rows: list[Any] = [*self.book.of(rules.Section), *self.book.of(rules.Need)]
        first = self.likely(rows, fit, n)
        rest = [row for row in rows if row is not first and (anything or (fit(row) and row.state == first.state))]
        chosen = [first, *(row for i, row in enumerate(rest) if mask >> i & 1)]
        self.runner.decide(chosen, self.by(who, "withdraw" if audience is None else "share", first), audience, until)

    @rule(n=ANY, mask=MASK, who=ANY, audience=st.sampled_from(AUDIENCES), days=st.sampled_from(UNTIL))
    def release(self, n: int, mask: int, who: int, audience: list[str], days: int | None) -> None:
        until = None if days is None else self.book.today + timedelta(days=days)
        self.decide(n, mask, who, self.can_be_released, audience, until)

    @staticmethod
    def can_be_released(row: Any) -> bool:
        return isinstance(row, rules.Section) or (row.agreed and not row.closed)

    @rule(n=ANY, mask=MASK, who=ANY)
    def withdraw(self, n: int, mask: int, who: int) -> None:
        self.decide(n, mask, who, lambda row: row.release is not None, None, None)

    # ── Recording and editing ──
    @rule(n=ANY, kind=st.sampled_from((rules.Visit, rules.Need, rules.Section)), state=st.sampled_from(STATES), who=ANY)
    def cted_records(self, n: int, kind: Any, state: str, who: int) -> None:
        if not self.fits(kind):
            return
        values: dict[str, Any] = {"state": self.runner.offices[state]}
        if kind is rules.Section:
            visits: list[Any] = self.book.of(rules.Visit)
            visit = visits[n % len(visits)]
            state, values = visit.state, {"visit": Visit.objects.get(pk=visit.key), "number": self.step + 2}
        self.runner.record(kind(None, state), self.acting_for(who, CTED), CTED, **values)

    @rule(slug=st.sampled_from(PROVIDERS), named=st.sampled_from(NAMED), only=st.booleans(), who=ANY)
    def a_provider_records_an_offer(self, slug: str, named: frozenset[str], only: bool, who: int) -> None:
        if self.fits(rules.Offer):
            row = rules.Offer(None, slug, named, only and bool(named))
            values = {"for_states": self.runner.named(named), "visible_to_named_only": row.named_only}
            self.runner.record(row, self.acting_for(who, slug), slug, provider=self.runner.offices[slug], **values)

    @rule(slug=st.sampled_from(PROVIDERS), partners=st.sampled_from(PARTNERS), only=st.booleans(), who=ANY)
    def a_provider_records_a_project(self, slug: str, partners: frozenset[str], only: bool, who: int) -> None:
        if self.fits(rules.Project):
            row = rules.Project(None, slug, partners, restricted=only)
            values = {"partners": self.parties(partners), "is_restricted": only}
            self.runner.record(row, self.acting_for(who, slug), slug, lead=self.runner.offices[slug], **values)

    def parties(self, partners: frozenset[str]) -> list[tuple[Organisation, str]]:
        return [(one, "implementing") for one in self.runner.named(partners)]

    @rule(n=ANY, who=ANY, partners=st.sampled_from(PARTNERS), states=st.sampled_from(NAMED), only=st.booleans())
    def edit_a_project(self, n: int, who: int, partners: frozenset[str], states: frozenset[str], only: bool) -> None:
        projects = self.book.of(rules.Project)
        row = projects[n % len(projects)]
        values = {"partners": self.parties(partners), "states": self.runner.named(states), "is_restricted": only}
        by = self.by(who, "project.edit", row)
        self.runner.edit(row, by, values, partners=partners, states=states, restricted=only)

    @rule(n=ANY, who=ANY, named=st.sampled_from(NAMED[1:]), only=st.booleans())
    def edit_an_offer(self, n: int, who: int, named: frozenset[str], only: bool) -> None:
        rows = self.book.of(rules.Offer)
        row = rows[n % len(rows)]
        values = {"for_states": self.runner.named(named), "visible_to_named_only": only}
        self.runner.edit(row, self.by(who, "offer.step", row), values, for_states=named, named_only=only)

    @rule(n=ANY, who=ANY, kind=st.sampled_from((rules.Visit, rules.Need)), state=st.sampled_from(STATES))
    def move_to_another_state(self, n: int, who: int, kind: type[Row], state: str) -> None:
        rows = self.book.of(kind)
        row = rows[n % len(rows)]
        right = "visit.edit" if kind is rules.Visit else "need.edit"
        self.runner.edit(row, self.by(who, right, row), {"state": self.runner.offices[state]}, state=state)

    @rule(n=ANY, who=ANY, remove=st.booleans())
    def attach_or_remove_a_document(self, n: int, who: int, remove: bool) -> None:
        documents: list[Any] = self.book.of(rules.Document)
        if remove and documents:
            document = self.likely(documents, lambda row: not row.removed, n)
            self.runner.remove(document, self.by(who, "document.remove", document))
        elif self.fits(rules.Document):
            rows = [row for row in self.book.rows.values() if type(row) in rules.ATTACHING]
            row = rows[n % len(rows)]
            self.runner.attach(row, self.by(who, "attach", row))

    # ── People, organisations, time ──
    @rule(person=ANY, place=st.sampled_from(PLACES), by=ANY, approver=ANY, days=st.sampled_from(TERMS))
    def designate(self, person: int, place: tuple[str, str], by: int, approver: int, days: Any) -> None:
        office, role = place
        someone = self.people[person % len(self.people)]
        nominator = self.acting_for(by, office if by % 2 else "unoct")
        self.runner.designate(someone, office, role, nominator, self.acting_for(approver, "unoct"), days)

    @rule(n=ANY, by=ANY)
    def end(self, n: int, by: int) -> None:
        post = self.likely(self.book.posts, lambda post: not post.ended, n)
        self.runner.end(post, self.acting_for(by, "unoct"))

    @rule(n=ANY, by=ANY)
    def confirm(self, n: int, by: int) -> None:
        self.runner.confirm(self.likely(self.book.posts, self.runs, n), self.acting_for(by, "unoct"))

    @rule(n=ANY, by=ANY, decider=ANY, days=st.integers(1, 60))
    def renew(self, n: int, by: int, decider: int, days: int) -> None:
        post = self.likely(self.book.posts, lambda post: bool(post.until) and self.runs(post), n)
        until = max(self.book.today, post.until or self.book.today) + timedelta(days=days)
        self.runner.renew(post, self.acting_for(by, post.office), self.acting_for(decider, "unoct"), until)

    def runs(self, post: rules.Post) -> bool:
        return post in self.book.running(post.person)

    @rule(person=ANY, change=st.sampled_from(("account", "group", "office")), n=ANY)
    def somebody_comes_or_goes(self, person: int, change: str, n: int) -> None:
        """Close or open an account, or let an organisation join or leave a working group, the Compact, the donors."""
        if change == "account":
            self.runner.open_or_close(self.people[person % len(self.people)])
        elif change == "group":
            self.runner.join_or_leave("border", JOINING[n % len(JOINING)])
        else:
            self.runner.turn(*TURNING[n % len(TURNING)])

    @rule(time=st.sampled_from((timedelta(hours=12), timedelta(days=1), timedelta(days=5), LONG)))
    def time_passes(self, time: timedelta) -> None:
        """Let days pass; deadlines are run only every other time, because no right depends on them."""
        if time < LONG or self.book.today < START.date() + 2 * LONG:  # later on few appointments are confirmed
            self._pass(time)
        if time in (LONG, timedelta(days=1)):
            self.runner.sweep()
