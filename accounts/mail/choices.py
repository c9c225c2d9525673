"""Which messages a user wants, and where: chosen for each message, and asked when it is queued."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.mail.messages import Message, registered_messages
from accounts.models import Delivery, Means, MessageChoice, User
from web.exceptions import Invalid


@dataclass(frozen=True)
class Choice:
    """A message that a user may choose, what is chosen, and how many of these they have had."""

    message: Message
    means: Means
    received: int

    @property
    def name(self) -> str:
        """The name of the message."""
        return self.message.name


def chosen(message: Message, people: Iterable[UUID]) -> dict[UUID, Means]:
    """Return what these people chose for a message, by their keys; whoever has chosen nothing is not among them."""
    if not message.offers_preferences:
        return {}
    rows = MessageChoice.objects.filter(message=message.name, user__in=list(people))
    return {user: Means(means) for user, means in rows.values_list("user", "means")}


def choices_of(user: User) -> list[Choice]:
    """Return all messages that this user may choose, those they have had first. Two statements."""
    made = dict(MessageChoice.objects.filter(user=user).values_list("message", "means"))
    received = Counter(
        Delivery.objects.filter(recipient=user, channel="portal").order_by().values_list("message", flat=True)
    )
    found = [
        Choice(message, Means(made.get(message.name, Means.BOTH)), received[message.name])
        for message in registered_messages()
        if message.offers_preferences and message.group
    ]
    return sorted(found, key=lambda one: one.received == 0)


@transaction.atomic
def save_choices(user: User, changes: Mapping[str, str]) -> None:
    """Save what a user chooses for these messages, by their names.

    Raises Invalid at the names that are no message that can be chosen, and at those with an unknown choice.
    """
    known = {one.name for one in registered_messages() if one.offers_preferences and one.group}
    errors = {name: [_("There is no such message.")] for name in changes if name not in known}
    errors |= {
        name: [_("Select one of the choices given.")]
        for name, means in changes.items()
        if name in known and means not in Means.values
    }
    if errors:
        raise Invalid(errors)
    MessageChoice.objects.filter(user=user, message__in=changes).delete()
    MessageChoice.objects.bulk_create(
        MessageChoice(user=user, message=name, means=means) for name, means in changes.items() if means != Means.BOTH
    )
