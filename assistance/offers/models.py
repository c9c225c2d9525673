"""Offers of assistance."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import currencies
from assistance.access.models import Restricted, Versioned
from assistance.offers.states import (
    CONFIRMED_FOR,
    AssistanceType,
    CorrectedField,
    CorrectionStatus,
    CostToState,
    Eligibility,
    OfferStatus,
    PauseReason,
    ShownStatus,
)
from assistance.search import SearchedTexts, plain_indexes
from assistance.workflow.correction_models import ProposedCorrection
from assistance.workflow.references import offer_reference
from entities.local_days import today_of
from entities.models import Appointment, Organisation, Region, Theme

# More than any provider has, and within the column's range: a larger number is a typing error.
MOST = 1_000_000
COUNT = (MinValueValidator(1), MaxValueValidator(MOST))
LONGEST_LEAD = 1_000  # days, not quite three years


class Offer(Restricted, Versioned):
    """What a provider can do, for whom, in which languages and until when."""

    translated = ("title", "description")
    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=offer_reference, editable=False
    )
    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="offers", verbose_name=pgettext_lazy("field", "provider")
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    description = models.TextField(_("description of the offer"))
    themes = models.ManyToManyField(Theme, related_name="offers", verbose_name=pgettext_lazy("model", "themes"))
    assistance_types = ArrayField(
        models.CharField(max_length=20, choices=AssistanceType), verbose_name=_("types of assistance")
    )
    for_states = models.ManyToManyField(
        Organisation, related_name="offers_for", blank=True, verbose_name=_("for these States")
    )
    for_regions = models.ManyToManyField(
        Region, related_name="offers_for", blank=True, verbose_name=_("for these regions")
    )
    eligibility = ArrayField(
        models.CharField(max_length=20, choices=Eligibility),
        default=list,
        blank=True,
        verbose_name=_("open only to"),
        help_text=_("If you select nothing, the offer is open to all of the States above."),
    )
    visible_to_named_only = models.BooleanField(
        _("only the named States see this offer"),
        default=False,
        help_text=_(
            "CTED and UNOCT also see it. If this is not selected, all users see the offer once it is published."
        ),
    )
    places = models.PositiveIntegerField(
        pgettext_lazy("field", "places"),
        null=True,
        blank=True,
        validators=COUNT,
        help_text=_("Number of people who can take part."),
    )
    expert_days = models.PositiveIntegerField(_("expert days"), null=True, blank=True, validators=COUNT)
    amount = models.DecimalField(
        pgettext_lazy("field", "amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = currencies.column()
    cost_to_state = models.CharField(_("cost to the State"), max_length=10, choices=CostToState, blank=True)
    cost_note = models.TextField(
        _("what the State pays for"), blank=True, help_text=_("For example: flights, not accommodation.")
    )
    conditions = models.TextField(
        pgettext_lazy("field", "conditions"),
        blank=True,
        help_text=_("What the State has to provide or agree to first."),
    )
    lead_time_days = models.PositiveIntegerField(
        _("days of preparation"),
        null=True,
        blank=True,
        validators=(MinValueValidator(0), MaxValueValidator(LONGEST_LEAD)),
        help_text=_("Days from the acceptance by the State to the first day of assistance."),
    )
    working_languages = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        default=list,
        blank=True,
        verbose_name=_("working languages"),
        help_text=_("Languages in which the assistance can be given."),
    )
    opens_on = models.DateField(_("available from"), null=True, blank=True)
    closes_on = models.DateField(_("available until"), null=True, blank=True)
    contact_appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact person"),
        help_text=_("Shown to all readers of the offer while the appointment runs."),
    )
    project = models.ForeignKey(
        "assistance.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=pgettext_lazy("model", "project"),
        help_text=_("The project under which the assistance is given. Shown only to readers of the project."),
    )
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=10, choices=OfferStatus, default=OfferStatus.DRAFT, editable=False
    )
    confirmed_at = models.DateTimeField(
        null=True, editable=False, help_text="When its provider last published or confirmed it."
    )
    pause_reason = models.CharField(max_length=20, choices=PauseReason, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        help_text="The offer that has its matches.",
    )
    merge_proposed = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Proposed by UNOCT, not yet answered.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "offer")
        verbose_name_plural = pgettext_lazy("model", "offers")
        ordering = ["-modified_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True)
                | models.Q(closes_on__isnull=True)
                | models.Q(closes_on__gte=models.F("opens_on")),
                name="offer_window_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(status=OfferStatus.MERGED, merged_into__isnull=False)
                | (~models.Q(status=OfferStatus.MERGED) & models.Q(merged_into__isnull=True)),
                name="offer_merged_into_another",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="offer_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["-modified_at", "-id"], name="offer_list"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def shown_status(self) -> tuple[str, str | Promise]:
        """The one status that is shown, and its label: a published offer whose window has passed is expired."""
        over = self.status == OfferStatus.PUBLISHED and self.is_expired
        shown = ShownStatus.EXPIRED if over else ShownStatus(self.status)
        return shown.value, shown.label

    @property
    def confirm_due(self) -> datetime | None:
        """When its provider is asked to confirm it; None unless it is published."""
        asked = self.status == OfferStatus.PUBLISHED and self.confirmed_at
        return self.confirmed_at + CONFIRMED_FOR if asked and self.confirmed_at else None

    @property
    def is_expired(self) -> bool:
        """Whether its window has passed, by the clock of the provider."""
        return self.closes_on is not None and self.closes_on < today_of(self.provider)


class OfferTexts(SearchedTexts):
    """The texts of an offer in which searches look."""

    row = models.OneToOneField(Offer, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("offer")


class Correction(ProposedCorrection):
    """A change of one field of an offer, proposed by one of its readers; nothing changes before the provider accepts."""

    subject_name = "offer"

    offer = models.ForeignKey(
        Offer,
        models.PROTECT,
        related_name="corrections",
        editable=False,
        verbose_name=pgettext_lazy("model", "offer"),
    )
    field = models.CharField(pgettext_lazy("field", "field"), max_length=20, choices=CorrectedField, editable=False)
    status = models.CharField(
        pgettext_lazy("field", "status"),
        max_length=10,
        choices=CorrectionStatus,
        default=CorrectionStatus.PROPOSED,
        editable=False,
    )
    answer = models.TextField(_("answer of the provider"), blank=True, editable=False)

    class Meta(ProposedCorrection.Meta):
        indexes = [models.Index(fields=["-modified_at", "-id"], name="correction_list")]
