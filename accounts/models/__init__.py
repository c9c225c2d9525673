"""What is kept of a person: the user, their API tokens, and the messages owed to them."""

from accounts.models.delivery import Channel, Delivery, Digest, Outgoing, OutgoingQuerySet
from accounts.models.token import ApiToken
from accounts.models.user import MailRhythm, User

__all__ = ["ApiToken", "Channel", "Delivery", "Digest", "MailRhythm", "Outgoing", "OutgoingQuerySet", "User"]
