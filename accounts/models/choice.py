"""How a user wants to be told of one message."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Means(models.TextChoices):
    """Where a message appears. What asks its reader to act always appears in the portal."""

    BOTH = "both", _("Portal and email")
    PORTAL = "portal", _("Portal only")
    NONE = "none", _("Not at all")


class MessageChoice(models.Model):
    """The choice of a user for one message, by its name; without a row it is sent by portal and email."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="message_choices")
    message = models.CharField(max_length=60)
    means = models.CharField(max_length=10, choices=Means)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "message"], name="choice_once_per_message")]

    def __str__(self) -> str:
        return f"{self.message}: {self.means}"
