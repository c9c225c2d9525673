"""Whom a message reaches while somebody is away: the bell keeps it for both, mail goes to the deputy."""

from collections.abc import Iterable
from uuid import UUID

from accounts.mail.outbox import Recipient
from entities.models import Appointment


def recipients(rows: Iterable[Appointment], asked: Iterable[UUID] = ()) -> list[Recipient]:
    """Return the holders of these appointments as recipients; of those whose appointment is `asked`, something is asked.

    The rows come with `with_cover()` and their users, and hold everybody who may be told. Mail spares who is away only
    when the deputy is among them: a deputy who may not know gets nothing, and then the mail waits for the one away.
    """
    rows, asked = list(rows), set(asked)
    told = {row.user_id for row in rows}
    return [
        Recipient(row.user, needs_action=row.pk in asked, by_mail=getattr(row, "covered_by", None) not in told)
        for row in rows
    ]
