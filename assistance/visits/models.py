"""Assessment visits and the numbered sections of their reports."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.visits.states import (
    SEEN_BY_ALL,
    VisitFacts,
    VisitKind,
    VisitMode,
    VisitStage,
    stage_by_dates,
    visit_stage,
)
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
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows up on"),
        help_text=_("The earlier visit to this State whose recommendations are reviewed."),
    )
    priority_needs_agreed_on = models.DateField(
        _("priority needs agreed on"),
        null=True,
        blank=True,
        help_text=_(
            "The day on which the State and CTED agreed on the priority needs, for example at the end of the visit."
        ),
    )
    consent_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What happened to the visit and its report, each a day where the State is.
    host_consent_on = models.DateField(null=True, blank=True, editable=False)
    draft_sent_on = models.DateField(null=True, blank=True, editable=False)
    observations_until = models.DateField(null=True, blank=True, editable=False)
    observed_on = models.DateField(null=True, blank=True, editable=False, help_text="Of the latest observations.")
    observations_ended_on = models.DateField(
        null=True, blank=True, editable=False, help_text="Without any observations."
    )
    adoption_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    adopted_on = models.DateField(null=True, blank=True, editable=False)
    final_sent_on = models.DateField(null=True, blank=True, editable=False)
    reply_by = models.DateField(null=True, blank=True, editable=False)
    replied_on = models.DateField(null=True, blank=True, editable=False, help_text="Of the latest reply.")
    followed_up_on = models.DateField(
        null=True, blank=True, editable=False, help_text="First day of the visit that follows."
    )
    cancelled_on = models.DateField(null=True, blank=True, editable=False)
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
    def facts(self) -> VisitFacts:
        """The facts from which the stage is computed, today."""
        return VisitFacts(
            today=timezone.now().date(),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            cancelled=self.cancelled_on is not None,
            agreed=self.host_consent_on is not None,
            draft_sent=self.draft_sent_on is not None,
            observed=self.observed_on is not None,
            period_ended=self.observations_ended_on is not None,
            adopted=self.adopted_on is not None,
            final_sent=self.final_sent_on is not None,
            reply_by=self.reply_by,
            replied=self.replied_on is not None,
            followed_up_on=self.followed_up_on,
        )

    @property
    def stage(self) -> VisitStage:
        """The stage of the visit today, as CTED and the State are told."""
        return visit_stage(self.facts)

    @property
    def stage_for_others(self) -> VisitStage:
        """The stage of the visit today, as all others are told who know of it."""
        return self.stage if self.stage in SEEN_BY_ALL else stage_by_dates(self.facts)


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
