"""The inbox: a user's in-portal notifications, without those they may no longer see."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.mail.outbox import visible
from accounts.matters import Matter, matters_of
from accounts.models import Channel, Delivery, User
from web.statements import Statements

CHUNK = 200
BELL_MOST = 99
ASKED = Q(needs_action=True, done_at=None)


@dataclass(frozen=True)
class Bell:
    """The numbers of open actions and of unread information, each capped at BELL_MOST."""

    action: int
    information: int


@dataclass(frozen=True)
class Page:
    """Some notifications, newest first, and the ids from which to continue in either direction."""

    rows: list[Delivery]
    older: UUID | None = None
    newer: UUID | None = None


@dataclass(frozen=True)
class Entry:
    """The notifications about one matter, in the order of the list, and the matter in words if its source names it."""

    rows: tuple[Delivery, ...]
    matter: Matter | None = None

    @property
    def first(self) -> Delivery:
        """The notification by which the entry is shown and opened."""
        return self.rows[0]

    @property
    def is_new(self) -> bool:
        """Whether one of them is unread."""
        return any(row.read_at is None for row in self.rows)

    @property
    def more(self) -> int:
        """How many notifications about the matter there are besides the first."""
        return len(self.rows) - 1


def notifications(user: User) -> QuerySet[Delivery]:
    """Return all portal notifications of this user; callers must not show any that `outbox.visible` leaves out."""
    return Delivery.objects.filter(recipient=user, channel=Channel.PORTAL)


def bell(user: User, actor: Any = None) -> Bell:
    """Return the counts shown at the bell: open actions, read or not, and unread information.

    `actor` is passed to `visibility.may_be_told`, which would compute it anew.
    """
    newest = [row for kind in (_asked, _unread) for row in STATEMENTS.rows(kind, kind, [user.pk], [uuid4()], CHUNK)]
    shown = visible(user, newest, actor)
    asked = sum(1 for row in shown if is_asked(row))
    return Bell(action=min(asked, BELL_MOST), information=min(len(shown) - asked, BELL_MOST))


STATEMENTS = Statements()


def _asked(user: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(ASKED, recipient=user, channel=Channel.PORTAL).order_by("-created_at")


def _unread(user: UUID) -> QuerySet[Delivery]:
    own = Delivery.objects.filter(recipient=user, channel=Channel.PORTAL, read_at=None)
    return own.exclude(ASKED).order_by("-created_at")


def is_asked(row: Delivery) -> bool:
    """Return whether this notification still has an open action."""
    return row.needs_action and row.done_at is None


def actions(user: User, *, most: int = 50) -> list[Delivery]:
    """Return the user's open actions, oldest first."""
    rows = notifications(user).filter(ASKED).order_by("created_at", "id")[: CHUNK + most]
    return visible(user, rows)[:most]


def page(
    user: User,
    rows: QuerySet[Delivery] | None = None,
    *,
    before: UUID | None = None,
    after: UUID | None = None,
    size: int = 50,
    actor: Any = None,
) -> Page:
    """Return one page of the user's notifications, full as long as there are more that they may see.

    `rows` limits `notifications(user)`; `actor` limits what they may see (`visibility.may_be_told`). Raises
    Delivery.DoesNotExist if `before` or `after` is not one of theirs.
    """
    rows = notifications(user) if rows is None else rows
    anchor_id, backwards = after or before, after is not None
    anchor = notifications(user).get(pk=anchor_id) if anchor_id else None
    found = _take(user, _chunks(rows, anchor, backwards), size + 1, actor)
    more, kept = len(found) > size, found[:size]
    if backwards:
        kept.reverse()
    if not kept:
        return Page([])
    return Page(
        kept,
        older=kept[-1].pk if more or backwards else None,
        newer=kept[0].pk if (more if backwards else anchor is not None) else None,
    )


def _take(user: User, chunks: Iterator[list[Delivery]], most: int, actor: Any) -> list[Delivery]:
    found: list[Delivery] = []
    for chunk in chunks:
        found += visible(user, chunk, actor)
        if len(found) >= most:
            break
    return found[:most]


def _chunks(rows: QuerySet[Delivery], anchor: Delivery | None, backwards: bool) -> Iterator[list[Delivery]]:
    """Yield rows beyond the anchor in reading direction, chunk by chunk, until there are no more."""
    order = ("created_at", "id") if backwards else ("-created_at", "-id")
    while True:
        beyond = rows.filter(_beyond(anchor, backwards)) if anchor else rows
        chunk = list(beyond.order_by(*order)[:CHUNK])
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        anchor = chunk[-1]


def _beyond(anchor: Delivery, backwards: bool) -> Q:
    side = "gt" if backwards else "lt"
    return Q(**{f"created_at__{side}": anchor.created_at}) | Q(
        **{"created_at": anchor.created_at, f"id__{side}": anchor.pk}
    )


def find(user: User, pk: UUID, actor: Any = None) -> Delivery:
    """Return one notification of this user; raise Delivery.DoesNotExist if it is not theirs or is withheld now."""
    shown = visible(user, notifications(user).filter(pk=pk), actor)
    if not shown:
        raise Delivery.DoesNotExist
    return shown[0]


def entries(user: User, rows: Iterable[Delivery], actor: Any = None) -> list[Entry]:
    """Return these notifications by matter, in their order; each source names its subjects once.

    `actor` limits what is named (`visibility.may_be_told`).
    """
    together: dict[tuple[str, str], list[Delivery]] = {}
    for row in rows:
        together.setdefault((row.source, row.subject), []).append(row)
    named: dict[str, dict[str, Matter]] = {}
    for source in {source for source, _subject in together}:
        subjects = {subject for other, subject in together if other == source}
        named[source] = matters_of(source, user, subjects, actor)
    return [Entry(tuple(own), named[source].get(subject)) for (source, subject), own in together.items()]


def mark_read(row: Delivery, now: dt.datetime | None = None) -> Delivery:
    """Return the notification, marked as read; an earlier time of reading is kept."""
    now = now or timezone.now()
    if Delivery.objects.filter(pk=row.pk, read_at=None).update(read_at=now):
        row.read_at = now
    return row


def mark_matter_read(row: Delivery) -> None:
    """Mark as read all notifications of the recipient about the same matter: the inbox shows them as one."""
    same = notifications(row.recipient).filter(source=row.source, subject=row.subject, read_at=None)
    same.update(read_at=timezone.now())


def mark_all_read(user: User) -> None:
    """Mark as read what the user can see now; withheld notifications stay unread in case they become visible again."""
    unread = visible(user, notifications(user).filter(read_at=None))
    Delivery.objects.filter(pk__in=[row.pk for row in unread]).update(read_at=timezone.now())
