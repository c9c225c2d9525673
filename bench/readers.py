"""A step: chooses who reads in a bench, signs them in, and makes them stored members of their groups, as guardian needs it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet
from django.test import Client

from accounts.models import User
from assistance.access import policy
from assistance.needs.models import Need
from assistance.scale.people import DOMAIN
from assistance.scale.texts import FREQUENT, LANGUAGES, RARE
from bench.world import KINDS, Reader, Term, World
from entities.actors import CTED, UNOCT, actor_of
from entities.models import Appointment, Role
from web.folding import looks_for

ABSENT = {"ar": "ظغضثط", "en": "zyxwvut", "es": "xyzñq", "fr": "xyzçq", "ru": "щьъэюф", "zh-hans": "龘靐齉"}


def terms() -> Iterator[Term]:
    """Yield for each of the six languages a term that no need has, one that few have and one that most have."""
    for language in LANGUAGES:
        for kind, words in (("absent", ABSENT), ("rare", RARE), ("frequent", FREQUENT)):
            yield Term(language.split("-")[0], kind, words[language], looks_for(words[language]))


def posts() -> QuerySet[Appointment]:
    """Return the running appointments of people who have no other, in a fixed order."""
    alone = Appointment.objects.values("user").annotate(number=Count("pk")).filter(number=1).values("user")
    own = Appointment.objects.current().filter(user__in=alone).exclude(role=Role.OBSERVER)
    return own.select_related("user", "organisation").order_by("organisation__slug", "user__email")


def chosen() -> dict[str, Appointment]:
    """Return one appointment of each kind: of the State with most needs, of an entity of the Compact, CTED, UNOCT."""
    focal = posts().filter(role=Role.FOCAL_POINT)
    states = Need.objects.filter(state__in=focal.order_by().values("organisation")).order_by().values("state")
    busiest = states.annotate(number=Count("pk")).order_by("-number", "state")[0]["state"]
    entities = focal.filter(organisation__in_compact=True).exclude(organisation__slug__in=(CTED, UNOCT))
    found = (
        entities[0],
        focal.filter(organisation=busiest)[0],
        posts().filter(organisation__slug=CTED)[0],
        posts().filter(organisation__slug=UNOCT)[0],
    )
    return dict(zip(KINDS, found, strict=True))


def reader(user: User, state: str) -> Reader:
    """Return a person as a reader, with a new session."""
    groups = sorted(actor_of(user).groups)
    user.groups.set(groups)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Reader(user.name, str(user.pk), session, ",".join(map(str, groups)), state)


def others(people: int, taken: set[Any]) -> list[User]:
    """Return so many other people who see a need, spread over all organizations, as many as there are."""
    everybody = list(User.objects.filter(email__endswith=f"@{DOMAIN}").exclude(pk__in=taken).order_by("email"))
    step = max(1, len(everybody) // (2 * people))
    in_turn = [user for start in range(step) for user in everybody[start::step]]
    seeing = (user for user in in_turn if policy.visible(actor_of(user), Need).exists())
    return list(islice(seeing, people))


def make(people: int) -> World:
    """Return the readers of this database, the others spread over all organizations."""
    found: dict[str, Any] = chosen()
    state = found["state"].organisation.slug
    taken = {post.user_id for post in found.values()}
    return World(
        {kind: reader(post.user, state) for kind, post in found.items()},
        [reader(user, state) for user in others(people, taken)],
        list(terms()),
    )


def main(path: str, people: str) -> None:
    """Write the readers to a file, and begin to collect statements."""
    make(int(people)).write(Path(path))
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        cursor.execute("ANALYZE accounts_user_groups; ANALYZE django_session")
