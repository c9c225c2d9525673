"""Models of users, their API tokens, and the notifications and mails for them."""

from accounts.models.choice import Means, MessageChoice
from accounts.models.delivery import Channel, Delivery, Digest, Outgoing, OutgoingQuerySet, ReminderDay
from accounts.models.sending import Sending
from accounts.models.sent_forms import KeptForm, SentForm
from accounts.models.token import ApiToken
from accounts.models.user import MailRhythm, User

__all__ = [
    "ApiToken",
    "Channel",
    "Delivery",
    "Digest",
    "KeptForm",
    "MailRhythm",
    "Means",
    "MessageChoice",
    "Outgoing",
    "OutgoingQuerySet",
    "ReminderDay",
    "Sending",
    "SentForm",
    "User",
]
