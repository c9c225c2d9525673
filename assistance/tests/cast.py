"""The cast: actors with fixed roles, the same in every test.

States: *carana* (whose needs they are), *sumora* (another State). Entities: *unodc* (a provider a consent may name),
*iom* (another provider). *cted* records, *unoct* coordinates, *partner* is outside the Compact, *observer* reads for
carana, *former* was unodc's until yesterday, *admin* is a superuser without appointment, *nobody* has none at all. Tests that ask
for it (`add_donor`) also have *donor*, the donor contact of a third State.
"""

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from assistance.consents import transitions as consents
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.offers import transitions as offers
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from audit import log
from audit.kinds import Kind as EntryKind
from audit.models import Entry
from entities.actors import Actor, actor_of, post_in_words
from entities.models import Appointment, Kind, Organisation, Pillar, Region, Role, Theme
from entities.models.organisation import GROUP_OF_ORGANISATION

PASSWORD = "correct horse battery staple"
MEMBERS = ("carana", "sumora", "cted", "unoct", "unodc", "iom", "partner", "observer")
OUTSIDERS = ("former", "admin", "nobody")
OWNERS = frozenset({"carana", "observer", "cted"})  # of what concerns carana
COMPACT = frozenset({"cted", "unoct", "unodc", "iom"})
EVERYBODY = frozenset({*MEMBERS, "donor"})
PROVIDERS = ("unodc", "unoct", "iom", "partner", "carana", "sumora")


@dataclass(frozen=True)
class Post:
    """The appointment of a cast member."""

    organisation: str
    role: Role
    kind: Kind
    in_compact: bool = False


POSTS = {
    "carana": Post("carana", Role.FOCAL_POINT, Kind.MEMBER_STATE),
    "sumora": Post("sumora", Role.FOCAL_POINT, Kind.MEMBER_STATE),
    "cted": Post("cted", Role.ASSESSOR, Kind.SECURITY_COUNCIL_BODY, in_compact=True),
    "unoct": Post("unoct", Role.COORDINATOR, Kind.COMPACT_ENTITY, in_compact=True),
    "unodc": Post("unodc", Role.FOCAL_POINT, Kind.COMPACT_ENTITY, in_compact=True),
    "iom": Post("iom", Role.FOCAL_POINT, Kind.COMPACT_ENTITY, in_compact=True),
    "partner": Post("searcct", Role.PARTNER_CONTACT, Kind.PARTNER),
    "observer": Post("carana", Role.OBSERVER, Kind.MEMBER_STATE),
    "former": Post("unodc", Role.ALTERNATE, Kind.COMPACT_ENTITY, in_compact=True),
}


@cache
def hashed() -> str:
    """Return the hash of the cast's password, computed once for all: Argon2 is slow by design."""
    return make_password(PASSWORD)


class Cast:
    """All actors, and helpers that create rows. People: ``cast.users["unodc"]``; actors: ``cast.unodc``."""

    def __init__(self) -> None:
        self.region, _made = Region.objects.get_or_create(code="002", defaults={"name": "Africa"})
        self.pillar, _made = Pillar.objects.get_or_create(
            code="II", defaults={"order": 2, "short": "Prevent and combat", "title": "Prevent and combat terrorism"}
        )
        self.theme, _made = Theme.objects.get_or_create(
            code="border", defaults={"name": "Border security", "pillar": self.pillar}
        )
        self.users = {
            name: User(
                email=f"{name}@example.org",
                name=name,
                password=hashed(),
                is_staff=name == "admin",
                is_superuser=name == "admin",
            )
            for name in (*POSTS, "admin", "nobody")
        }
        User.objects.bulk_create(self.users.values())
        organisations = self._organisations()
        ends = {"former": timezone.now().date() - timedelta(days=1)}
        rows = [
            _appointed(self.users[name], organisations[post.organisation], post.role, until=ends.get(name))
            for name, post in POSTS.items()
        ]
        Appointment.objects.bulk_create(rows)
        log.write([_entry_of(row) for row in rows])

    def again(self) -> "Cast":
        """Return this cast for another test, with its people as the database has them."""
        found = copy(self)
        people = User.objects.in_bulk([user.pk for user in self.users.values()])
        found.users = {name: people[user.pk] for name, user in self.users.items()}
        return found

    def _organisations(self) -> dict[str, Organisation]:
        """Return the organisations of all posts by slug; those that are missing are made by two statements for all."""
        posts = {post.organisation: post for post in POSTS.values()}
        found = {row.slug: row for row in Organisation.objects.filter(slug__in=posts)}
        missing = [slug for slug in posts if slug not in found]
        groups = Group.objects.bulk_create(Group(name=GROUP_OF_ORGANISATION.format(slug)) for slug in missing)
        made = Organisation.objects.bulk_create(
            Organisation(slug=slug, group=group, **self._described(posts[slug]))
            for slug, group in zip(missing, groups, strict=True)
        )
        return found | {row.slug: row for row in made}

    def organisation(self, post: Post) -> Organisation:
        """Return the organisation of a post, which is made if it is missing."""
        row = Organisation.objects.filter(slug=post.organisation).first()
        return row or Organisation.objects.establish(slug=post.organisation, **self._described(post))

    def _described(self, post: Post) -> dict[str, Any]:
        state = post.kind == Kind.MEMBER_STATE
        return {
            "kind": post.kind, "in_compact": post.in_compact, "name": post.organisation.title(),
            "acronym": "" if state else post.organisation.upper(),
            "iso3": f"X{post.organisation[:2].upper()}" if state else "", "region": self.region if state else None,
        }  # fmt: skip

    def __getattr__(self, name: str) -> Actor:
        """Return the actor of that name with the appointments that run now."""
        if name.startswith("_") or name not in self.__dict__.get("users", {}):
            raise AttributeError(name)
        return actor_of(User.objects.get(pk=self.users[name].pk))

    def org(self, slug: str) -> Organisation:
        return Organisation.objects.get(slug=slug)

    def add_donor(self) -> None:
        """Add a third State, which is a donor, and its donor contact."""
        post = Post("donoria", Role.DONOR_CONTACT, Kind.MEMBER_STATE)
        state = self.organisation(post)
        Organisation.objects.filter(pk=state.pk).update(is_donor=True)
        self.users["donor"] = User.objects.create(email="donor@example.org", name="donor", password=hashed())
        appoint(self.users["donor"], state, post.role)

    # ── Rows, each created by the transition a person would run ──
    def visit(self, **values: Any) -> Visit:
        today = timezone.now().date()
        return editing.create(
            actor=self.cted,
            model=Visit,
            values={
                "state": self.org("carana"), "kind": "comprehensive", "mode": "on_site",
                "starts_on": today - timedelta(days=30), "ends_on": today - timedelta(days=26), **values,
            },
        )  # fmt: skip

    def section(self, visit: Visit, number: int = 1, **values: Any) -> Section:
        return editing.create(
            actor=self.cted,
            model=Section,
            values={
                "visit": visit, "number": number, "language": "en", "title": f"Section {number}",
                "text": f"Findings of section {number}.", **values,
            },
        )  # fmt: skip

    def need(self, stage: str = "draft", **values: Any) -> Need:
        """Return a need of carana at `stage`: draft, put, agreed or shared (to the Compact)."""
        audience = values.pop("audience", "compact")
        until: date | None = values.pop("until", None)
        need = editing.create(
            actor=self.cted,
            model=Need,
            values={
                "state": self.org("carana"), "source": "desk_survey", "language": "en", "title": "Screening at borders",
                "description": "No advance passenger information is received.", "pillar": self.pillar,
                "theme": self.theme, "assistance_type": "training", "priority": "high",
                "priority_reason": "Named by the Committee.", **values,
            },
        )  # fmt: skip
        if stage in ("put", "agreed", "shared"):
            needs.put_to_state(actor=self.cted, need=need.pk)
        if stage in ("agreed", "shared"):
            needs.agree(actor=self.carana, need=need.pk)
        if stage == "shared":
            consents.release(actor=self.carana, rows=[need], audience=audience, until=until)
        need.refresh_from_db()
        return need

    def offer(self, published: bool = True, who: str = "unodc", **values: Any) -> Offer:
        actor = getattr(self, who)
        offer = editing.create(
            actor=actor,
            model=Offer,
            values={
                "provider": actor.providers()[0], "language": "en", "title": "Training at borders",
                "description": "Courses.", "assistance_types": ["training"], "themes": [self.theme], **values,
            },
        )  # fmt: skip
        if published:
            offers.publish(actor=actor, offer=offer.pk)
        offer.refresh_from_db()
        return offer

    def match(self, stage: str = "proposed", need: Need | None = None, who: str = "unodc", share: int = 100) -> Match:
        """Return a match at `stage`: proposed, accepted, in_delivery or delivered."""
        need = need or self.need("shared")
        match = matches.propose(actor=getattr(self, who), need=need.pk, share=share)
        if stage in ("accepted", "in_delivery", "delivered"):
            matches.accept(actor=self.carana, match=match.pk)
        if stage in ("in_delivery", "delivered"):
            matches.start(actor=getattr(self, who), match=match.pk)
        if stage == "delivered":
            delivery.deliver(
                actor=getattr(self, who), match=match.pk, note="Two courses held.", documents="Attendance list."
            )
        match.refresh_from_db()
        return match

    def project(self, who: str = "unodc", **values: Any) -> Project:
        actor = getattr(self, who)
        return editing.create(
            actor=actor,
            model=Project,
            values={
                "lead": actor.providers()[0], "language": "en", "title": "Safer borders", "description": "Five years.",
                "status": "ongoing", "states": [self.org("carana")], **values,
            },
        )  # fmt: skip


def appoint(
    user: User, organisation: Organisation, role: str, *, since: date | None = None, until: date | None = None
) -> Appointment:
    """Return a running (or past) appointment, as the designation pages would create it."""
    row = _appointed(user, organisation, role, since=since, until=until)
    row.save(force_insert=True)
    return row


def _appointed(
    user: User, organisation: Organisation, role: str, *, since: date | None = None, until: date | None = None
) -> Appointment:
    return Appointment(
        user=user, organisation=organisation, role=role, until=until,
        since=since or timezone.now().date() - timedelta(days=100), approved_at=timezone.now(),
    )  # fmt: skip


def _entry_of(row: Appointment) -> Entry:
    """Return what the log notes when an appointment is saved alone; saved together with others it sends no signal."""
    subjects = [f"appointment:{row.pk}", f"user:{row.user_id}"]
    return log.entry(
        EntryKind.RIGHT_GIVEN, subjects=subjects, detail=f"appointed: {row.user.name}, {post_in_words(row)}"
    )
