"""Recipients of a message while somebody is away, and of a reminder, which goes to one person of each organisation."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from accounts.mail.outbox import Recipient
from entities.models import TOLD_ROLES, Appointment, Role


def recipients(rows: Iterable[Appointment], asked: Iterable[UUID] = ()) -> list[Recipient]:
    """Return the holders of these appointments as recipients, those of the appointments in `asked` with an action.

    The rows come with `with_cover()` and their users, and include everybody who may be notified. Someone absent gets no
    mail only if their deputy is among them: a deputy who may not see the subject gets nothing, and the mail goes to the
    absent user.
    """
    rows, asked = list(rows), set(asked)
    told = {row.user_id for row in rows}
    return [
        Recipient(row.user, needs_action=row.pk in asked, by_mail=getattr(row, "covered_by", None) not in told)
        for row in rows
    ]


def reminded(rows: Iterable[Appointment], asked: Iterable[UUID] = ()) -> list[Recipient]:
    """Return the same people for a reminder: of each organisation one gets mail, the others find it in the portal only."""
    rows, asked = list(rows), set(asked)
    named = {row.pk for row in _named(rows)}
    return [
        Recipient(
            row.user,
            needs_action=row.pk in asked,
            by_mail=row.pk in named,
            reminded=str(row.organisation_id) if row.pk in named else "",
        )
        for row in rows
    ]


def _named(rows: list[Appointment]) -> list[Appointment]:
    """Return one appointment of each organisation: of its focal point, else a deputy or the alternate, else a colleague.

    Those who are away come last, and are named where nobody else is there.
    """
    deputies = {getattr(row, "covered_by", None) for row in rows if row.role == Role.FOCAL_POINT}

    def rank(row: Appointment) -> tuple[bool, int, date, UUID]:
        stands_in = row.role != Role.FOCAL_POINT and row.user_id in deputies
        place = 0 if row.role == Role.FOCAL_POINT else 1 if stands_in else 2 + TOLD_ROLES.index(Role(row.role))
        return bool(getattr(row, "is_away", False)), place, row.since, row.pk

    first: dict[UUID, Appointment] = {}
    for row in sorted(rows, key=rank):
        first.setdefault(row.organisation_id, row)
    return list(first.values())
