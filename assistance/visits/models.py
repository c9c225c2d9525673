"""Assessment visits and the numbered sections of their reports."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.visits.states import VisitKind, VisitMode, VisitStage
from assistance.workflow.references import section_reference, visit_reference
from entities.models import Organisation


class Visit(Restricted, Versioned):
    """An assessment visit to a State. Members of the Compact know that it takes place; its report is restricted."""

    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=visit_reference, editable=False
    )
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="visits", verbose_name=pgettext_lazy("country", "State")
    )
    kind = models.CharField(pgettext_lazy("field", "type"), max_length=20, choices=VisitKind)
    mode = models.CharField(pgettext_lazy("field", "mode"), max_length=10, choices=VisitMode, default=VisitMode.ON_SITE)
    starts_on = models.DateField(pgettext_lazy("date", "from"))
    ends_on = models.DateField(pgettext_lazy("date", "to"))
    delegation = models.ManyToManyField(
        Organisation,
        related_name="delegations",
        blank=True,
        verbose_name=pgettext_lazy("field", "delegation"),
        help_text=_("Entities of the Compact taking part in the visit."),
    )
    consent_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "visit")
        verbose_name_plural = pgettext_lazy("model", "visits")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="visit_dates_in_order"),
        ]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="visit_list")]

    def __str__(self) -> str:
        return self.reference

    @property
    def stage(self) -> VisitStage:
        """The stage of the visit today, from its dates."""
        today = timezone.now().date()
        if today < self.starts_on:
            return VisitStage.PLANNED
        return VisitStage.UNDER_WAY if today <= self.ends_on else VisitStage.CONDUCTED


class Section(Restricted, Versioned):
    """A numbered section of a visit's report: visible to CTED and the State until a consent names it."""

    translated = ("title", "text")
    released_by_state = True
    takes_documents = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Its own reference: a reader of a released section may not know of the visit.
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=section_reference, editable=False
    )
    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="sections", verbose_name=pgettext_lazy("model", "visit")
    )
    number = models.PositiveSmallIntegerField(
        pgettext_lazy("field", "number"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    text = models.TextField(pgettext_lazy("field", "text"), help_text=_("An empty line starts a new paragraph."))

    texts = ("title", "text")

    class Meta:
        verbose_name = _("report section")
        verbose_name_plural = _("report sections")
        ordering = ["visit", "number"]
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="section_number_once")]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_id(self) -> uuid.UUID:
        return self.visit.state_id

    @property
    def state(self) -> Organisation:
        """The State that was visited."""
        return self.visit.state
