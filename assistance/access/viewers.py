"""Who can see a row now, and why: organisations by name, the number of people, and the access reasons of each."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance import registry
from assistance.access import policy, row_security
from assistance.access.models import Restricted
from assistance.access.reading import read
from assistance.access.rules import AccessReason, ReasonKind, access_reasons, known_offices
from entities import reference_versions
from entities.actors import CTED, UNOCT, Actor, people_in, standing_of
from entities.appointments import is_coordinator
from entities.groups import COMPACT, DONORS, STATES
from entities.models import Appointment, Organisation, Role, WorkingGroup
from web.conditions import among
from web.lists import enumerated

Text = str | Promise
OFFICES = (CTED, UNOCT)


@dataclass(frozen=True)
class Reason:
    """One fact by which an organisation sees a row. `consent` is None for a reader who may not see the consent."""

    kind: str
    text: str
    consent: Any = None
    until: date | None = None


@dataclass(frozen=True)
class Viewer:
    """One line of "Who can see this": an organisation, how many of its people see the row, and why."""

    organisation: Organisation
    people: int
    reasons: tuple[Reason, ...]
    is_owner: bool

    @property
    def name(self) -> str:
        return self.organisation.name


@dataclass(frozen=True)
class Part:
    """What is shown on the page of a row, and how many people in how many organizations see it."""

    label: Text
    people: int
    organisations: int


@dataclass(frozen=True)
class Viewers:
    """Who can see a row now: owners first, the number of people, and until when the others can.

    `parts` are the row itself and what its page shows besides, where that has other readers; else empty.
    """

    organisations: tuple[Viewer, ...]
    people: int
    until: date | None
    parts: tuple[Part, ...] = ()


def viewers_of(actor: Actor, row: Restricted) -> Viewers:
    """Return who can see this row now, as far as this reader may know. The number of queries is constant.

    Organisations and people come from the audience that policy applies, the reasons from `access_reasons`; where no
    reason explains why an organisation sees the row, its line says so.
    """
    now, ended = policy.groups_now(row), policy.has_ended(row)
    kept = reference_versions.organisations(actor.version)
    offices = {one.slug: one.group_id for one in kept.values() if one.slug in OFFICES}
    # Everybody who sees the row may read the reasons, but only few the consent behind one.
    with known_offices(offices), row_security.bypass():
        facts = [fact for fact in access_reasons(row) if fact.group in now and (fact.owner or not ended)]
    known = _consents_known(actor, facts)
    seen: dict[UUID, set[tuple[UUID, str]]] = {}
    for organisation_id, user, role in _people_seeing(row, actor.version):
        seen.setdefault(organisation_id, set()).add((user, role))
    lines = [_line(kept[pk], people, facts, known, row) for pk, people in seen.items()]
    lines.sort(key=lambda line: (not line.is_owner, line.organisation.kind, line.organisation.slug))
    until = row.released_until if now - policy.owners_of(row) else None
    people = len({user for some in seen.values() for user, _role in some})
    return Viewers(tuple(lines), people, until, parts_of(actor, row, people, len(lines)))


def _people_seeing(row: Restricted, version: UUID | None) -> list[tuple[UUID, UUID, str]]:
    """Return organization, user and role of `policy.appointments_seeing`, with the organizations that are kept."""
    found = people_in(policy.groups_now(row), version)
    for name in registry.of(row).seen_with():
        if (other := getattr(row, name)) is not None:
            users = {user for _organisation, user, _role in _people_seeing(other, version)}
            found = [one for one in found if one[1] in users]
    return found


def parts_of(actor: Actor, row: Restricted, people: int, organisations: int) -> tuple[Part, ...]:
    """Return the parts of a row's page that have other readers than the row, one for each set of readers.

    Runs one query for each set, whatever the number of parts. Empty where all parts have the readers of the row.
    """
    own = registry.of(row)
    together: dict[frozenset[int], list[Restricted]] = {}
    for part in own.parts(actor, row):
        together.setdefault(policy.groups_now(part), []).append(part)
    if set(together) <= {policy.groups_now(row)}:
        return ()
    found = [Part(own.seen_as, people, organisations)]
    for rows in together.values():
        numbers = policy.appointments_seeing(rows[0]).aggregate(
            people=Count("user", distinct=True), organisations=Count("organisation", distinct=True)
        )
        label = own.parts_as if len(together) == 1 else registry.of(rows[0]).release.listed(rows)
        found.append(Part(label, **numbers))
    return tuple(found)


def viewers_of_log(actor: Actor) -> Viewers:
    """Return who can read the log entries this actor reads, by the rule of `audit_log.queries.visible`."""
    own = [] if is_coordinator(actor) else [state.pk for state in actor.states()]
    coordinating = Q(role=Role.COORDINATOR, organisation__slug=UNOCT)
    readers = Appointment.objects.current().filter(coordinating | Q(organisation__in=own))
    counted = Count("appointments__user", distinct=True, filter=Q(appointments__in=readers.values("pk")))
    lines = [
        Viewer(organisation, organisation.heads, (Reason(why, reason_text(why)),), organisation.pk in own)
        for organisation in Organisation.objects.annotate(heads=counted).filter(heads__gt=0).order_by("kind", "slug")
        for why in [ReasonKind.STATE if organisation.pk in own else ReasonKind.UNOCT]
    ]
    lines.sort(key=lambda line: not line.is_owner)
    return Viewers(tuple(lines), readers.aggregate(people=Count("user", distinct=True))["people"], None)


def _consents_known(actor: Actor, facts: Iterable[AccessReason]) -> set[UUID]:
    named = {fact.consent.pk: type(fact.consent) for fact in facts if fact.consent}
    return {pk for model in set(named.values()) for pk in _visible_keys(actor, model, list(named))}


def _visible_keys(actor: Actor, model: type[Restricted], keys: list[UUID]) -> list[UUID]:
    def build(actor: Actor, keys: list[UUID]) -> QuerySet[Restricted]:
        return policy.visible(actor, model).filter(among("pk", keys, "uuid")).order_by().only("pk")

    return [row.pk for row in read(("keys", model), build, actor, [keys])]


def _line(
    organisation: Organisation,
    people: Collection[tuple[UUID, str]],
    facts: Iterable[AccessReason],
    known: set[UUID],
    row: Restricted,
) -> Viewer:
    """Return the line of one organisation, of whose people these see the row, each with a role."""
    working_groups = {group.group_id: group for group in organisation.working_groups.all()}
    roles = {role for _user, role in people}
    held = {organisation.group_id, *working_groups}.union(*(standing_of(organisation, role) for role in roles))
    own = [fact for fact in facts if fact.group in held]
    reasons = tuple(_reasons(organisation, own, working_groups, known, row)) or (
        Reason("unknown", _("No reason is on record for this access. Contact the administrators.")),
    )
    is_owner = any(fact.owner and fact.group == organisation.group_id for fact in own)
    return Viewer(organisation, len({user for user, _role in people}), reasons, is_owner)


def _reasons(
    organisation: Organisation,
    own: list[AccessReason],
    working_groups: dict[int, WorkingGroup],
    known: set[UUID],
    row: Restricted,
) -> Iterator[Reason]:
    """Yield the reasons of one organisation: one for each kind of fact; a consent counts once for all its groups."""
    explained = registry.of(row).explained_by(row)
    texts = {**registry.of(row).reason_texts, **registry.of(explained).reason_texts}
    for kind in dict.fromkeys(fact.kind for fact in own):
        same = [fact for fact in own if fact.kind == kind]
        consent = same[0].consent
        if consent is not None:
            of_consent = texts[kind](explained, same) if kind in texts else ""
            text = of_consent or _as_what(organisation, {fact.group for fact in same}, working_groups)
            yield Reason(kind, text, consent if consent.pk in known else None, consent.until)
        else:
            yield Reason(kind, texts[kind](explained, same) if kind in texts else reason_text(kind))


def _as_what(organisation: Organisation, groups: set[int], working_groups: dict[int, WorkingGroup]) -> str:
    """Return through which of its groups a consent applies to an organisation, as text in the reader's language."""
    if COMPACT in groups:
        return _("Released to the entities of the Compact")
    if organisation.group_id in groups:
        return _("Released to UNOCT") if organisation.slug == UNOCT else _("Named in the release")
    if STATES in groups:
        return _("Released to all Member States")
    if DONORS in groups:
        return _("Released to donor contacts")
    names = enumerated(str(group.name) for pk, group in working_groups.items() if pk in groups)
    return _("Released to the working group %(name)s") % {"name": names}


def reason_text(kind: str) -> str:
    """Return the text of a reason without consent, in the active language. KeyError for an aggregate's own kinds."""
    return str(REASON_TEXTS[ReasonKind(kind)])


REASON_TEXTS = {
    ReasonKind.STATE: gettext_lazy("The State concerned"),
    ReasonKind.CTED: gettext_lazy("CTED, which records and follows up"),
    ReasonKind.UNOCT: gettext_lazy("UNOCT, which coordinates"),
    ReasonKind.COMPACT: gettext_lazy("As an entity of the Compact"),
    ReasonKind.PROVIDER: gettext_lazy("The provider"),
}
