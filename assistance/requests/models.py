"""Requests of States for assistance, what they asked of others, and the questions of providers."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.considerations import WithConsiderations
from assistance.needs.models import Need
from assistance.offers.states import AssistanceType
from assistance.requests.states import (
    AskedOutcome,
    RequestCorrectedField,
    RequestCorrectionStatus,
    RequestOutcome,
    RequestStatus,
    Unit,
    YearAnswer,
)
from assistance.search import SearchedTexts, plain_indexes
from assistance.workflow.correction_models import ProposedCorrection
from assistance.workflow.references import new_reference
from entities.models import Appointment, Instrument, Organisation, Pillar, Theme
from files.models import StoredFile

# More than any State asks for, and within the column's range: a larger number is a typing error.
MOST = 1_000_000
OFFERS_TAKEN = timedelta(days=60)  # for how long offers are expected, unless the State or UNOCT sets a day
LAPSES = timedelta(days=180)  # after that day, when no provider was found


def request_reference() -> str:
    """Return a new reference of a request."""
    return new_reference("Q")


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )


def _appointment() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+", editable=False)


def _moment() -> "models.DateTimeField[Any, Any]":
    return models.DateTimeField(null=True, blank=True, editable=False)


class AssistanceRequest(Restricted, Versioned, WithConsiderations):
    """What a State asks for, formally. A draft may lack anything but its title; submission checks what is missing.

    Source: template for requests of the Committee established pursuant to resolution 1540 (2004).
    """

    translated = ("title", "description")
    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=request_reference, editable=False
    )
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assistance_requests", verbose_name=pgettext_lazy("country", "State")
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")

    # ── What ──
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    description = models.TextField(_("description of the request"), blank=True)
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("model", "theme")
    )
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("model", "pillar")
    )
    assistance_types = ArrayField(
        models.CharField(max_length=20, choices=AssistanceType),
        default=list,
        blank=True,
        verbose_name=_("types of assistance"),
        help_text=_("When UNOCT circulates the request, each type becomes a need of its own."),
    )
    deliverable = models.TextField(
        _("what will exist afterwards"),
        blank=True,
        help_text=_("For example: a unit of 12 analysts working in shifts."),
    )
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("model", "instrument"),
    )
    provision = models.CharField(
        pgettext_lazy("field", "provision"),
        max_length=120,
        blank=True,
        help_text=_("For example: operative paragraph 2 (e)."),
    )

    # ── For whom ──
    beneficiary = models.CharField(
        _("beneficiary institution"),
        max_length=300,
        blank=True,
        help_text=_("Name the unit, for example: Passenger Information Unit, Ministry of the Interior."),
    )
    delivery_languages = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        default=list,
        blank=True,
        verbose_name=_("languages of delivery"),
    )
    contact_name = models.CharField(_("national contact: name"), max_length=200, blank=True)
    contact_post = models.CharField(_("national contact: title or post"), max_length=200, blank=True)
    contact_agency = models.CharField(_("national contact: agency"), max_length=200, blank=True)
    contact_phone = models.CharField(_("national contact: telephone"), max_length=50, blank=True)
    contact_email = models.EmailField(_("national contact: email address"), blank=True)

    # ── By when, and how much ──
    quantity = models.PositiveIntegerField(
        pgettext_lazy("field", "quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
    )
    unit = models.CharField(pgettext_lazy("field", "unit"), max_length=20, choices=Unit, blank=True)
    wanted_by = models.DateField(_("required by"), null=True, blank=True)
    baseline = models.TextField(
        pgettext_lazy("field", "baseline"), blank=True, help_text=_("For example: 0 of 4 airports connected.")
    )
    target = models.TextField(
        pgettext_lazy("field", "target"), blank=True, help_text=_("For example: 4 of 4 airports by June 2027.")
    )

    # ── What was tried ──
    earlier_help = models.TextField(
        _("earlier assistance"), blank=True, help_text=_("Who provided assistance before, when, and of which type.")
    )
    no_earlier_help = models.BooleanField(_("there was no earlier assistance"), default=False)
    asked_nobody_else = models.BooleanField(_("nobody else has been asked"), default=False)
    conditions = models.TextField(
        pgettext_lazy("field", "conditions"),
        blank=True,
        help_text=_("For example on security, secrecy, or the premises."),
    )

    # ── Note verbale, and who may read it ──
    note_number = models.CharField(_("number of the note verbale"), max_length=100, blank=True)
    note_dated = models.DateField(_("date of the note verbale"), null=True, blank=True)
    note_to_follow = models.BooleanField(
        _("the note verbale will follow"),
        default=False,
        help_text=_("It is then due within 10 working days."),
    )
    audience_allowed = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name=_("who may read it"),
        help_text=_("UNOCT circulates the request to these recipients or to fewer, never to others."),
    )
    until = models.DateField(_("may be read until"), null=True, blank=True)
    closes_for_offers = models.DateField(
        _("offers until"), null=True, blank=True, help_text=_("By default 60 days after the circulation.")
    )

    # ── Recorded by transitions ──
    note_verbale = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("note verbale"),
        editable=False,
    )
    proposed_at, proposed_by, proposed_as = _moment(), _person(), _appointment()
    submitted_at, submitted_by, submitted_as = _moment(), _person(), _appointment()
    authenticated_at, authenticated_by = _moment(), _person()
    authenticated_how = models.CharField(_("how it was authenticated"), max_length=500, blank=True, editable=False)
    acknowledged_at, cleared_at, circulated_at, closed_at = _moment(), _moment(), _moment(), _moment()
    objection_until = models.DateField(_("objections until"), null=True, blank=True, editable=False)
    returned_parts = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    returned_reason = models.TextField(_("reason for the return"), blank=True, editable=False)
    refusal_proposed_by, refusal_reason = _person(), models.TextField(blank=True, editable=False)
    referred_to = models.CharField(_("referred to"), max_length=300, blank=True, editable=False)
    referred_how = models.CharField(_("how the State agreed"), max_length=500, blank=True, editable=False)
    choice_proposed_by, choice_proposed_at = _person(), _moment()
    choice_declines_others = models.BooleanField(default=False, editable=False)
    year_answer = models.CharField(
        _("answer after a year"), max_length=10, choices=YearAnswer, blank=True, editable=False
    )
    year_answered_at = _moment()
    recorded = models.CharField(max_length=20, choices=RequestStatus, default=RequestStatus.DRAFT, editable=False)
    outcome = models.CharField(
        pgettext_lazy("field", "outcome"), max_length=20, choices=RequestOutcome, blank=True, editable=False
    )
    decided_outcome = models.CharField(max_length=20, choices=RequestOutcome, blank=True, editable=False)
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=20, choices=RequestStatus, default="draft", editable=False
    )
    needs = models.ManyToManyField(Need, related_name="assistance_requests", blank=True, editable=False)
    chosen = models.ManyToManyField("assistance.Match", related_name="+", blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    texts = (
        "title", "description", "deliverable", "provision", "beneficiary", "contact_name", "contact_post",
        "contact_agency", "contact_phone", "contact_email", "baseline", "target", "earlier_help", "conditions",
        "note_number", "authenticated_how", "returned_reason", "refusal_reason", "referred_to", "referred_how",
        "human_rights_note", "gender_note",
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("model", "request")
        verbose_name_plural = pgettext_lazy("model", "requests")
        ordering = ["-modified_at", "-id"]
        indexes = [
            models.Index(fields=["-modified_at", "-id"], name="request_list"),
            models.Index(fields=["state", "status"], name="request_of_state"),
            models.Index(fields=["closes_for_offers"], name="request_closing"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def type_labels(self) -> list[str]:
        """The types of assistance in words."""
        return [str(AssistanceType(kind).label) for kind in self.assistance_types]

    @property
    def has_contact(self) -> bool:
        """Whether a person is named who can be reached by telephone or email."""
        return bool(self.contact_name and (self.contact_phone or self.contact_email))

    @property
    def has_note(self) -> bool:
        """Whether the note verbale is here: as a file, or by its number and date."""
        return self.note_verbale_id is not None or bool(self.note_number and self.note_dated)


class AssistanceRequestTexts(SearchedTexts):
    """The texts of a request in which searches look."""

    row = models.OneToOneField(AssistanceRequest, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("request")


class Asked(models.Model):
    """Somebody else whom the State has asked for the same: an organization of the portal, or one named in words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assistance_request = models.ForeignKey(AssistanceRequest, models.CASCADE, related_name="asked_elsewhere")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(pgettext_lazy("organization", "name"), max_length=300, blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    outcome = models.CharField(pgettext_lazy("field", "answer"), max_length=10, choices=AskedOutcome)

    class Meta:
        ordering = ["asked_on", "name", "id"]

    def __str__(self) -> str:
        return self.name or str(self.organisation)


class Question(models.Model):
    """A question of a provider. The State answers once for everybody; other providers do not learn who asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assistance_request = models.ForeignKey(AssistanceRequest, models.PROTECT, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(pgettext_lazy("field", "question"))
    answer = models.TextField(pgettext_lazy("field", "answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.assistance_request_id}: {self.asked_at:%Y-%m-%d}"


class RequestCorrection(ProposedCorrection):
    """A change of one field of a submitted request, proposed by CTED; nothing changes before the State accepts."""

    subject_name = "assistance_request"

    assistance_request = models.ForeignKey(
        AssistanceRequest,
        models.PROTECT,
        related_name="corrections",
        editable=False,
        verbose_name=pgettext_lazy("model", "request"),
    )
    field = models.CharField(
        pgettext_lazy("field", "field"), max_length=20, choices=RequestCorrectedField, editable=False
    )
    status = models.CharField(
        pgettext_lazy("field", "status"),
        max_length=10,
        choices=RequestCorrectionStatus,
        default=RequestCorrectionStatus.PROPOSED,
        editable=False,
    )
    answer = models.TextField(_("answer of the State"), blank=True, editable=False)

    texts = ("was", "proposed", "why", "answer")

    class Meta(ProposedCorrection.Meta):
        indexes = [models.Index(fields=["-modified_at", "-id"], name="request_correction_list")]
