"""The texts of letters as UNOCT has changed them; without one, the text that comes with the portal applies."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterText(models.Model):
    """The text of one kind of letter in one language, with names in braces for what is filled in from the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    text = models.TextField(_("text of the letter"))
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="letter_text_once")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"
