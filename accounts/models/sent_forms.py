"""Forms that were sent once, and forms that could not be taken because their sender was signed out."""

import uuid

from django.db import models

from accounts.models.user import User


class SentForm(models.Model):
    """One showing of a form that was sent, and the page of its result: a second send makes nothing new."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    key = models.UUIDField(help_text="The one the form was shown with.")
    digest = models.CharField(max_length=64, help_text="Of what was sent.")
    location = models.CharField(max_length=500, blank=True, help_text="The page of the result.")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path", "key"], name="sent_form_once")]
        indexes = [models.Index(fields=["sent_at"], name="sent_form_age")]

    def __str__(self) -> str:
        return self.path


class KeptForm(models.Model):
    """What was typed into a form that was not taken, encrypted, for the person it was shown to and for 24 hours."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    content = models.BinaryField()
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="kept_form_once")]
        indexes = [models.Index(fields=["kept_at"], name="kept_form_age")]

    def __str__(self) -> str:
        return self.path
