"""Whether mail may be sent: one row, which says in which database the last mail was sent."""

from django.db import models


class Sending(models.Model):
    """The one row about sending (`accounts/mail/hold.py`)."""

    database = models.CharField(max_length=80, help_text="The database in which mail was sent, as PostgreSQL knows it.")
    held_at = models.DateTimeField(null=True, blank=True, help_text="Since when sending is held; empty when it is not.")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sending_is_one_row")]

    def __str__(self) -> str:
        return f"held since {self.held_at}" if self.held_at else "free"
