"""Organizations, people and appointments of the scale data: the reference list, invented organizations beside it."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from assistance.scale.tables import copy
from assistance.scale.texts import LANGUAGES
from entities.actors import CTED, UNOCT
from entities.models import Appointment, Kind, Organisation, Role

DOMAIN = "scale.example"
OFFICE = 40  # people of each of CTED and UNOCT
SECOND = 0.05  # how many of the others have a second appointment, at another organization of the same kind


@dataclass(frozen=True)
class Post:
    """One appointment: the person, the organization they act for, and the keys of both."""

    appointment: uuid.UUID
    user: uuid.UUID
    organisation: Organisation
    role: str


def load(organisations: int, people: int, chance: random.Random) -> list[Post]:
    """Make organizations until there are as many as asked, and people with running appointments; return all posts."""
    for number in range(max(0, organisations - Organisation.objects.count())):
        Organisation.objects.establish(
            slug=f"scale-partner-{number + 1}", kind=Kind.PARTNER, name_en=f"Partner {number + 1}", is_demo=True
        )
    posts = list(_posts(people, chance))
    password, now = make_password(None), timezone.now()
    known = {post.user: number for number, post in reversed(list(enumerate(posts)))}
    copy(User, (_user(pk, number, chance, password) for pk, number in known.items()))
    copy(Appointment, (_appointment(post, now) for post in posts))
    return posts


def _posts(people: int, chance: random.Random) -> Iterator[Post]:
    by_slug = {one.slug: one for one in Organisation.objects.all()}
    offices = [by_slug[CTED]] * OFFICE + [by_slug[UNOCT]] * OFFICE
    others = [one for one in by_slug.values() if one.slug not in (CTED, UNOCT)]
    providers = [one for one in others if one.in_compact or one.kind in (Kind.COMPACT_ENTITY, Kind.PARTNER)]
    states = [one for one in others if one.is_state]
    for number in range(people):
        if number < len(offices):
            own = [offices[number]]
        else:  # every organization in turn, a State twice as often
            kind = states if number % 3 else providers
            own = [kind[(number // 3 * (2 if kind is states else 1) + number % 3) % len(kind)]]
            own += [chance.choice(kind)] if chance.random() < SECOND else []
        user = uuid.UUID(int=chance.getrandbits(128), version=4)
        for organisation in {one.pk: one for one in own}.values():
            yield Post(
                uuid.UUID(int=chance.getrandbits(128), version=4), user, organisation, _role(organisation, chance)
            )


def _role(organisation: Organisation, chance: random.Random) -> str:
    if organisation.slug in (CTED, UNOCT):
        return Role.ASSESSOR if organisation.slug == CTED else Role.COORDINATOR
    if organisation.kind == Kind.PARTNER:
        return Role.DONOR_CONTACT if organisation.is_donor else Role.PARTNER_CONTACT
    return chance.choices((Role.FOCAL_POINT, Role.ALTERNATE, Role.OBSERVER), (5, 4, 1))[0]


def _user(pk: uuid.UUID, number: int, chance: random.Random, password: str) -> dict[str, Any]:
    return {
        "id": pk, "email": f"person-{number + 1}@{DOMAIN}", "name": f"Person {number + 1}", "password": password,
        "language": chance.choice(LANGUAGES), "joined_at": timezone.now(), "last_login": None,
    }  # fmt: skip


def _appointment(post: Post, now: Any) -> dict[str, Any]:
    return {
        "id": post.appointment, "user_id": post.user, "organisation_id": post.organisation.pk, "role": post.role,
        "since": now.date() - timedelta(days=400), "approved_at": now - timedelta(days=400), "created_at": now,
        "confirm_by": now.date() + timedelta(days=150),
    }  # fmt: skip
