"""What proposed corrections of all kinds of records have in common, as columns."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.workflow.references import correction_reference
from entities.models import Appointment

# The statuses; each kind has its own labels for them.
PROPOSED, ACCEPTED, REFUSED = "proposed", "accepted", "refused"


class ProposedCorrection(Restricted, Versioned):
    """A change of one field of a row, proposed by one of its readers; nothing changes before its owner accepts.

    `was` and `proposed` are the value in text: days as YYYY-MM-DD, numbers in digits. `subject_name` names the relation
    to the row. A subclass adds that relation, and `field`, `status` and `answer` with its own words.
    """

    subject_name: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=correction_reference, editable=False
    )
    was = models.TextField(_("present entry"), blank=True, editable=False)
    proposed = models.TextField(_("proposed entry"), blank=True, editable=False)
    why = models.TextField(pgettext_lazy("field", "reason"), editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    proposed_as = models.ForeignKey(Appointment, models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True
        verbose_name = pgettext_lazy("model", "correction")
        verbose_name_plural = pgettext_lazy("model", "corrections")
        ordering = ["-modified_at", "-id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Any:
        """The row of which a field is corrected."""
        return getattr(self, self.subject_name)

    @property
    def subject_id(self) -> Any:
        """The key of that row, read without loading it."""
        return getattr(self, f"{self.subject_name}_id")

    @property
    def answer_label(self) -> str:
        """How the answer is called: that of the provider, or of the State."""
        return capfirst(str(self._meta.get_field("answer").verbose_name))  # type: ignore[union-attr]
