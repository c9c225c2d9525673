"""Recipients of a message while somebody is away: both get the notification, the deputy gets the mail."""

from collections.abc import Iterable
from uuid import UUID

from accounts.mail.outbox import Recipient
from entities.models import Appointment


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
