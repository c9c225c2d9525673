"""The outbox: one row for each message owed to one person on one channel.

The transaction that records an event inserts its deliveries, so a message exists if and only if the event does.
A row on the portal channel *is* the notification under the bell; a row on the mail channel is sent by the relay.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Where a message reaches its reader."""

    PORTAL = "portal", _("Bell")
    MAIL = "mail", _("Mail")


class Delivery(models.Model):
    """What is owed to whom. Text is never kept: message id and values are, and each reader gets their own language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.UUIDField(editable=False)
    source = models.CharField(max_length=30, help_text="The app that can say whether the reader may still be told.")
    subject = models.CharField(max_length=80, help_text="What the message is about, as its source names it.")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    message = models.CharField(max_length=60, help_text="Names the three sibling templates in templates/mail/.")
    values = models.JSONField(default=dict, help_text="Reference numbers only: never a title, a State or a theme.")
    path = models.CharField(max_length=200)
    needs_action = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    suppressed_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, help_text="When the action asked for was taken.")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="delivery_waiting",
                condition=models.Q(channel="mail", sent_at=None, suppressed_at=None, dead_at=None),
            ),
            models.Index(fields=["recipient", "-created_at"], name="delivery_inbox", condition=models.Q(channel="portal")),
            models.Index(fields=["source", "subject"], name="delivery_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.message} → {self.recipient_id} ({self.channel})"

    @property
    def message_id(self) -> str:
        """The Message-ID of the mail: the same however often it is sent, so a mailbox shows it once."""
        return f"<delivery-{self.id}@{settings.MESSAGE_ID_DOMAIN}>"
