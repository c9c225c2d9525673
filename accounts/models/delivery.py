"""The outbox: one row for each message to one user on one channel, and the digests that group them.

The transaction that records an event inserts its deliveries, so a message exists if and only if the event does. A row
on the portal channel *is* the notification in the inbox; a row on the mail channel is sent by the relay.
"""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import render_subject

WAITING = models.Q(sent_at=None, suppressed_at=None, dead_at=None)


class Channel(models.TextChoices):
    """The channel on which a message reaches its reader."""

    PORTAL = "portal", pgettext_lazy("channel", "In the portal")
    MAIL = "mail", pgettext_lazy("channel", "Email")


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Queries of the relay: which rows are waiting, and which may be leased."""

    def waiting(self) -> Self:
        """Return the rows neither sent nor given up, whenever they are due."""
        return self.filter(WAITING)

    def free(self, now: dt.datetime) -> Self:
        """Return the rows that are due and not leased by a worker."""
        return self.waiting().filter(models.Q(leased_until=None) | models.Q(leased_until__lte=now), due_at__lte=now)


class Outgoing(models.Model):
    """One mail to be sent: when it was queued, leased and tried, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(
        help_text="When it was promised; never moved by failures, so health can be told from it."
    )
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text="Nobody takes it before: a worker has it, or it rests after a failed try."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    suppressed_at = models.DateTimeField(null=True, blank=True, help_text="The right to know had ended by then.")
    dead_at = models.DateTimeField(null=True, blank=True, help_text="Given up: too many tries, or a wrong address.")
    last_error = models.CharField(max_length=300, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Whether the mail is still to be sent."""
        return self.sent_at is None and self.suppressed_at is None and self.dead_at is None


class Digest(Outgoing):
    """The one mail with all messages for one user for one day or week, however many schedulers run."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    period = models.CharField(max_length=30, help_text="The rhythm and the day it opens, such as “daily 2026-03-07”.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "period"], name="digest_once_in_a_period")]
        indexes = [models.Index(fields=["due_at"], name="digest_waiting", condition=WAITING)]

    def __str__(self) -> str:
        return f"{self.period} → {self.recipient_id}"

    @property
    def message_id(self) -> str:
        """The Message-ID of the mail: the same for every attempt, so that a mailbox shows it once."""
        return f"<digest-{self.id}@{settings.MESSAGE_ID_DOMAIN}>"


class ReminderDay(models.Model):
    """The one mail with reminders that somebody, such as an organization, gets on a day, and the user who gets it."""

    key = models.CharField(max_length=40)
    day = models.DateField(help_text="By UTC.")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="reminded_once_a_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.day}"


class Delivery(Outgoing):
    """One message to one user; only message id and values are stored, the text is rendered in their language."""

    event = models.UUIDField(editable=False)
    source = models.CharField(max_length=30, help_text="The app that can say whether the reader may still be told.")
    subject = models.CharField(max_length=80, help_text="What the message is about, as its source names it.")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    message = models.CharField(max_length=60, help_text="The name of a registered message.")
    values = models.JSONField(default=dict, help_text="Reference numbers only: never a title, a State or a theme.")
    path = models.CharField(max_length=200)
    needs_action = models.BooleanField(default=False)
    in_digest = models.BooleanField(default=False, help_text="Waits for the digest of its reader.")
    once_a_day = models.CharField(
        max_length=40, blank=True, help_text="For reminders, the key of who is reminded: one mail a day for each."
    )
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    read_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, help_text="When the action asked for was taken.")
    acknowledged_at = models.DateTimeField(
        null=True, blank=True, help_text="When an administrator took note that it was given up."
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="delivery_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_waiting", condition=models.Q(WAITING, channel="mail")),
            models.Index(
                fields=["recipient", "-created_at"], name="delivery_inbox", condition=models.Q(channel="portal")
            ),
            models.Index(fields=["source", "subject"], name="delivery_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.message} → {self.recipient_id} ({self.channel})"

    @property
    def message_id(self) -> str:
        """The Message-ID of the mail: the same for every attempt, so that a mailbox shows it once."""
        return f"<delivery-{self.id}@{settings.MESSAGE_ID_DOMAIN}>"

    @property
    def text(self) -> str:
        """The message in one line, in the active language: the same text as the mail's subject."""
        return render_subject(self.message, self.values)

    @property
    def event_text(self) -> str:
        """The message without the reference number, for a line that names the matter."""
        return render_subject(self.message, {**self.values, "reference": ""})
