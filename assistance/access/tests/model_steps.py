"""Calls the portal's transitions and records their effects in the reference rules.

Every attempt is also a comparison: a row hidden from somebody must be reported as absent, a transition that somebody
may not run as forbidden, and a transition that succeeds must have been permitted.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from assistance.access.tests import reference_rules as rules
from assistance.access.tests.policy_oracle import TABLE
from assistance.access.tests.reference_rules import (
    COMPACT,
    CTED,
    DONORS,
    OPEN,
    SILENCE,
    STATES,
    UNOCT,
    Book,
    Release,
    Row,
)
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.delivery import transitions as delivery
from assistance.documents import transitions as documents
from assistance.needs import match_transitions as matches
from assistance.needs import offer_withdrawal
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.offers import transitions as offers
from assistance.visits.models import Section
from assistance.workflow import deadlines, editing
from entities import appointments
from entities.actors import actor_of
from entities.models import Appointment, Organisation, WorkingGroup
from files.tests import samples
from web.exceptions import DomainError, Forbidden, NotVisible


def words_of(audience: list[str]) -> frozenset[str]:
    """Return the groups named by the keywords of a release; UNOCT is included in the Compact (seed 003)."""
    meaning = {"compact": {COMPACT, UNOCT}, "states": {STATES}, "donors": {DONORS}}
    return frozenset().union(*(meaning.get(word, {word}) for word in audience))


@dataclass(frozen=True)
class Step:
    """A transition on one row: its name in the reference rules, and its effect there.

    `ready` tells whether the row's state fits: used only to choose likely transitions, never to predict the result.
    """

    right: str
    verb: Callable[..., Any]
    effect: Callable[[Any], None] = lambda row: None
    extra: tuple[tuple[str, Any], ...] = ()
    ready: Callable[[Any], bool] = lambda row: True


def becomes(**facts: object) -> Callable[[Any], None]:
    """Return an effect that sets these facts."""

    def effect(row: Any) -> None:
        for name, value in facts.items():
            setattr(row, name, value)

    return effect


def stands(*statuses: str) -> Callable[[Any], bool]:
    """Return a condition: the row's status is one of these."""
    return lambda row: row.status in statuses


def accepted(match: rules.Match) -> None:
    match.status = "proposed" if match.status == "suggested" else "accepted"
    match.asked_at = timezone.now()


WHY = (("reason", "Not now."),)
STEPS: dict[type[Row], tuple[Step, ...]] = {
    rules.Need: (
        Step("need.put-to-state", needs.put_to_state, becomes(put=True), ready=lambda need: not need.put),
        Step("need.agree", needs.agree, becomes(agreed=True), ready=lambda need: need.put and not need.agreed),
        Step(
            "need.close", needs.close, becomes(closed=True), (("reason", "no_longer_needed"),),
            ready=lambda need: need.agreed and not need.closed,
        ),
    ),
    rules.Offer: (
        Step("offer.step", offers.publish, becomes(status="published"), ready=stands("draft", "paused")),
        Step("offer.step", offers.pause, becomes(status="paused"), ready=stands("published")),
        Step("offer.step", offer_withdrawal.withdraw, becomes(status="withdrawn"), ready=stands("published", "paused")),
    ),
    rules.Match: (
        Step("match.answer", matches.accept, accepted, ready=stands("suggested", "proposed")),
        Step("match.answer", matches.decline, becomes(status="declined"), WHY, ready=stands("suggested", "proposed")),
        Step("match.retract", matches.retract, becomes(status="retracted"), WHY, ready=stands(*OPEN)),
        Step("match.deliver", matches.start, becomes(status="in_delivery"), ready=stands("accepted")),
        Step(
            "match.deliver", delivery.deliver, becomes(status="delivered"), (("note", "Held."), ("documents", "List.")),
            ready=stands("in_delivery"),
        ),
    ),
    rules.Visit: (
        Step("visit.ask-consent", consents.ask),
        Step("visit.decline-consent", consents.decline, extra=WHY),
    ),
}  # fmt: skip


class StepRunner:
    """Changes portal and reference rules together. `taken` and `refused` count attempts, by function."""

    def __init__(self, book: Book, vocabulary: dict[str, Any]) -> None:
        self.book = book
        self.vocabulary = vocabulary
        self.users = {user.name: user for user in User.objects.all()}
        self.offices = {office.slug: office for office in Organisation.objects.filter(slug__in=book.offices)}
        self.taken: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    # ── One attempt ──
    def attempt(
        self, who: str, verb: Callable[..., Any], *rows: Row, may: bool, seen: bool = True, **values: Any
    ) -> Any:
        """Return what the function returned, or None when it was refused as the rules require."""
        seen = seen and all(who in self.book.readers(row) for row in rows)
        about = (who, verb.__name__, rows)
        refusal: DomainError | None = None
        try:
            done = verb(actor=actor_of(self.users[who]), **values)
        except DomainError as error:
            refusal = error
        if refusal is None:
            self.taken[verb.__name__] += 1
            assert seen and may, (*about, "was done by somebody who may not")
            return done
        self.refused[verb.__name__] += 1
        assert isinstance(refusal, NotVisible) == (not seen), (*about, "hidden and absent must answer alike", refusal)
        if isinstance(refusal, Forbidden):
            assert not may, (*about, "is theirs to do")
        elif seen and len(rows) == 1:
            assert may, (*about, "is told the state of what is not theirs to do", refusal)
        return None

    def take(self, step: Step, row: Any, who: str) -> None:
        """Run one transition."""
        kind = TABLE[type(row)]._meta.model_name or ""
        may = self.book.may(who, step.right, row)
        if self.attempt(who, step.verb, row, may=may, **{kind: row.key}, **dict(step.extra)) is None:
            return
        step.effect(row)
        if step.verb is consents.decline:
            self._keep_consent(Consent.objects.filter(visit=row.key).latest("given_at").pk, row.state)
        if step.verb is needs.close:
            self._lapse(match for match in self.book.of(rules.Match) if match.need is row)

    def _lapse(self, matches: Any) -> None:
        for match in matches:
            if match.status in OPEN:
                match.status = "lapsed"

    def _keep_consent(self, key: Any, state: str) -> None:
        self.book.rows[key] = rules.Consent(key, state)

    # ── Recording and editing ──
    def record(self, row: Row, who: str, owner: str, **values: Any) -> Row | None:
        """Record a row as in the reference rules (its key comes from the portal), acting for `owner`."""
        model = TABLE[type(row)]
        values = {**self.vocabulary[model._meta.model_name], **values}
        may = owner in self.book.acts_for(who)
        done = self.attempt(who, editing.create, may=may, model=model, values=values)
        if done is None:
            return None
        row.key = done.pk
        self.book.rows[row.key] = row
        return row

    def edit(self, row: Row, who: str, values: dict[str, Any], **facts: Any) -> None:
        """Change a row's text or relations; `facts` are the resulting values in the reference rules."""
        model = TABLE[type(row)]
        right = "offer.step" if isinstance(row, rules.Offer) else f"{model.record_name()}.edit"
        may = self.book.may(who, right, row)
        if self.attempt(who, editing.edit, row, may=may, model=model, pk=row.key, values=values) is not None:
            becomes(**facts)(row)

    def named(self, slugs: Any) -> list[Organisation]:
        return [self.offices[slug] for slug in sorted(slugs)]

    # ── Consent ──
    def decide(self, rows: list[Any], who: str, audience: list[str] | None, until: date | None) -> None:
        """Release these rows to an audience, or withdraw their release (None)."""
        models: dict[type, Any] = {rules.Need: Need, rules.Section: Section}
        keys: dict[str, Any] = {"rows": [models[type(row)](pk=row.key) for row in rows]}
        verb, release = consents.withdraw, None
        if audience is not None:
            verb, release = consents.release, Release(words_of(audience), until)
            keys |= {"audience": audience, "until": until}
        right = "share" if audience is not None else "withdraw"
        may = all(self.book.may(who, right, row) for row in rows) and len({row.state for row in rows}) == 1
        consent = self.attempt(who, verb, *rows, may=may, **keys)
        if consent is None:
            return
        for row in rows:
            row.decide(release)
        self._keep_consent(consent.pk, rows[0].state)

    # ── Documents ──
    def attach(self, row: Row, who: str) -> None:
        """Attach a file, acting for the first organisation that may edit the row."""
        kept = TABLE[type(row)]._default_manager.get(pk=row.key)
        may = self.book.may(who, "attach", row)
        done = self.attempt(who, documents.attach, row, may=may, parent=kept, file=samples.note())
        if done is not None:
            office = done.attached_as.organisation.slug
            assert office in self.book.acts_for(who) & rules.ATTACHING[type(row)](row)
            self.book.rows[done.pk] = rules.Document(done.pk, row, office)

    def remove(self, document: rules.Document, who: str) -> None:
        """Remove a document; it cannot be restored."""
        may = self.book.may(who, "document.remove", document)
        done = self.attempt(who, documents.remove, document, may=may, document=document.key, reason="Outdated.")
        if done is not None:
            document.removed = True

    # ── Matches ──
    def propose(self, need: rules.Need, provider: str, who: str, share: int) -> None:
        own = self.book.acts_for(who)
        may = provider in own or CTED in own
        done = self.attempt(
            who, matches.propose, need, may=may, need=need.key, provider=self.offices[provider], share=share
        )
        if done is not None:
            status = "proposed" if provider in own else "suggested"
            self.book.rows[done.pk] = rules.Match(done.pk, need, provider, status, timezone.now())

    # ── Time ──
    def sweep(self) -> None:
        """Run what is due; no right depends on it."""
        deadlines.run()
        now = timezone.now()
        self._lapse(match for match in self.book.of(rules.Match) if now - match.asked_at >= SILENCE)

    # ── People ──
    def designate(
        self, person: str, office: str, role: str, by: str, approver: str, days: tuple[int, int | None]
    ) -> None:
        """Nominate somebody and let another person approve: nobody may approve their own nomination."""
        since = self.book.today + timedelta(days=days[0])
        until = None if days[1] is None else since + timedelta(days=days[1])
        may = self.book.coordinates(by) or self.book.heads(by, office)
        held = self.attempt(
            by, appointments.nominate, may=may, organisation=self.offices[office], role=role,
            email=f"{person}@example.org", name=person, since=since, until=until, letter=samples.note(),
        )  # fmt: skip
        if held is None:
            return
        for post in self.book.posts:
            over = post.until is not None and post.until < self.book.today
            if over and (post.person, post.office, post.role) == (person, office, role):
                post.ended = True  # ended, so that the next term can be approved
        post = rules.Post(held.pk, person, office, role, since, until)
        self.book.posts.append(post)
        coordinates = self.book.coordinates(approver)
        seen = coordinates or office in self.book.acts_for(approver)
        may = coordinates and approver not in (by, person)
        if self.attempt(approver, appointments.approve, may=may, seen=seen, appointment=held) is not None:
            post.approved = True
            self.book.confirm(post)

    def end(self, post: rules.Post, by: str) -> None:
        coordinates = self.book.coordinates(by)
        seen = coordinates or post.office in self.book.acts_for(by)
        may = coordinates or self.book.heads(by, post.office)
        held = Appointment.objects.get(pk=post.key)
        if self.attempt(by, appointments.end, may=may, seen=seen, appointment=held, reason="Moved on.") is not None:
            post.ended = True

    def confirm(self, post: rules.Post, by: str) -> None:
        """Confirm an appointment for another half year: nobody may confirm their own."""
        held = Appointment.objects.get(pk=post.key)
        seen = self.book.coordinates(by) or post.office in self.book.acts_for(by)
        may = (self.book.coordinates(by) or self.book.heads(by, post.office)) and by != post.person
        if self.attempt(by, appointments.confirm, may=may, seen=seen, appointment=held) is not None:
            self.book.confirm(post)

    def renew(self, post: rules.Post, by: str, decider: str, until: date) -> None:
        """Ask UNOCT to extend an appointment, or to reactivate one that was not confirmed in time."""
        held = Appointment.objects.get(pk=post.key)
        seen = self.book.coordinates(by) or post.office in self.book.acts_for(by)
        may = self.book.coordinates(by) or self.book.heads(by, post.office)
        lapsed = post.confirm_by < self.book.today
        verb, values = (appointments.reinstate, {}) if lapsed else (appointments.extend, {"until": until})
        wish = self.attempt(by, verb, may=may, seen=seen, appointment=held, **values)
        if wish is None:
            return
        coordinates = self.book.coordinates(decider)
        seen = coordinates or post.office in self.book.acts_for(decider)
        may = coordinates and decider not in (by, post.person)
        if self.attempt(decider, appointments.grant, may=may, seen=seen, renewal=wish) is not None:
            post.until = wish.until or post.until
            self.book.confirm(post)

    def open_or_close(self, person: str) -> None:
        """Close the account of a person, or open it again, as the administrator does."""
        user = self.users[person]
        user.is_active = not user.is_active
        user.save(update_fields=["is_active"])
        self.book.inactive ^= {person}

    def join_or_leave(self, group: str, office: str) -> None:
        members = WorkingGroup.objects.get(slug=group).members
        (members.remove if office in self.book.groups[group] else members.add)(self.offices[office])
        self.book.groups[group] ^= {office}

    def turn(self, office: str, fact: str) -> None:
        """Let an organisation join or leave the Compact, or become or cease to be a donor."""
        kept, ours = self.offices[office], self.book.offices[office]
        setattr(ours, fact, not getattr(ours, fact))
        setattr(kept, fact, getattr(ours, fact))
        kept.save(update_fields=[fact])
