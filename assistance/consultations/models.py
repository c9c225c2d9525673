"""Consultations, their rounds, and what a round found: findings, indicators with baselines and targets, comments."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import measures
from assistance.access.models import Restricted, Versioned
from assistance.assessments.states import Framework
from assistance.consultations.states import RoundStatus
from assistance.measures import IndicatorUnit, Level
from assistance.needs.models import Need
from assistance.search import SearchedTexts, plain_indexes
from assistance.visits.states import VisitMode
from assistance.workflow.references import new_reference
from entities.models import Instrument, Organisation, Programme, Theme


def consultation_reference() -> str:
    """Return a new reference of a consultation."""
    return new_reference("T")


def round_reference() -> str:
    """Return a new reference of a round of consultations."""
    return new_reference("TR")


def _reference(default: Callable[[], str]) -> Any:
    return models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=default, editable=False
    )


class Consultation(Restricted, Versioned):
    """The consultations of one programme with one State on one requirement; what they find stands in their rounds."""

    texts = ("title", "provision")
    translated = ("title",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = _reference(consultation_reference)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="consultations", verbose_name=pgettext_lazy("model", "programme")
    )
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="consultations", verbose_name=pgettext_lazy("country", "State")
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="consultations", verbose_name=pgettext_lazy("model", "instrument")
    )
    provision = models.CharField(
        pgettext_lazy("field", "provision"),
        max_length=120,
        blank=True,
        help_text=_("For example: operative paragraph 2 (e)."),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "consultation")
        verbose_name_plural = pgettext_lazy("model", "consultations")
        ordering = ["-modified_at", "-id"]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="consultation_list")]

    def __str__(self) -> str:
        return self.reference


class ConsultationTexts(SearchedTexts):
    """The texts of a consultation in which searches look."""

    row = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("consultation")


class Round(Restricted, Versioned):
    """One round of a consultation: read by CTED, the State, UNOCT and the team, and by those to whom the State opens it."""

    texts = ("participants",)
    translated = ("participants",)
    released_by_state = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = _reference(round_reference)
    consultation = models.ForeignKey(
        Consultation,
        models.PROTECT,
        related_name="rounds",
        verbose_name=pgettext_lazy("model", "consultation"),
    )
    # Copied from the consultation, which a reader of the round may not see.
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", editable=False)
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", editable=False, verbose_name=pgettext_lazy("country", "State")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("field", "number"), editable=False)
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    starts_on = models.DateField(pgettext_lazy("date", "from"))
    ends_on = models.DateField(pgettext_lazy("date", "to"))
    mode = models.CharField(pgettext_lazy("field", "mode"), max_length=10, choices=VisitMode)
    participants = models.TextField(
        pgettext_lazy("field", "participants"), blank=True, help_text=_("National bodies and entities, one per line.")
    )
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=10, choices=RoundStatus, default=RoundStatus.OPEN, editable=False
    )
    comments_until = models.DateField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("round of consultations")
        verbose_name_plural = _("rounds of consultations")
        ordering = ["consultation_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["consultation"], condition=models.Q(status=RoundStatus.OPEN), name="round_open_once"
            ),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="round_dates_in_order"),
        ]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="round_list")]

    def __str__(self) -> str:
        return self.reference


class RoundFinding(models.Model):
    """What a round found in one framework, in the language of the round. `need` is the need that CTED made of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    framework = models.CharField(pgettext_lazy("field", "framework"), max_length=20, choices=Framework)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("model", "theme"))
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("model", "instrument"),
    )
    level = models.CharField(
        _("level of implementation"), max_length=20, choices=Level, default=Level.NOT_ASSESSED,
        help_text=_("How far the instrument is implemented."),
    )  # fmt: skip
    current_state = models.TextField(_("current state"))
    gap = models.TextField(
        pgettext_lazy("field", "gap"), blank=True, help_text=_("What the State lacks to meet the requirement.")
    )
    challenge = models.TextField(pgettext_lazy("field", "challenge"), blank=True)
    intervention = models.TextField(
        _("assistance already given"), blank=True, help_text=_("What is done about it already, and by whom.")
    )
    evidence = models.TextField(pgettext_lazy("field", "evidence"), blank=True)
    need = models.ForeignKey(Need, models.PROTECT, null=True, editable=False, related_name="round_findings")

    class Meta:
        verbose_name = pgettext_lazy("model", "finding")
        verbose_name_plural = pgettext_lazy("model", "findings")
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.number}"


class Parameter(models.Model):
    """A priority of a round as an indicator: its baseline, and its target with the day and the means of verification."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="parameters", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    name = models.CharField(_("priority and its indicator"), max_length=300)
    unit = models.CharField(pgettext_lazy("field", "unit"), max_length=10, choices=IndicatorUnit)
    lower_is_better = models.BooleanField(_("lower is better"), default=False)
    baseline = models.TextField(pgettext_lazy("field", "baseline"), blank=True)
    baseline_on = models.DateField(_("baseline as of"), null=True, blank=True)
    source = models.CharField(_("source of the baseline"), max_length=300, blank=True)
    target = models.TextField(pgettext_lazy("field", "target"), blank=True)
    target_by = models.DateField(_("target to be reached by"), null=True, blank=True)
    means = models.CharField(_("means of verification"), max_length=300, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("model", "indicator")
        verbose_name_plural = pgettext_lazy("model", "indicators")
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.number}"

    @property
    def baseline_in_words(self) -> str:
        """The baseline as its reader reads it."""
        return measures.in_words(self.unit, self.baseline)

    @property
    def target_in_words(self) -> str:
        """The target as its reader reads it."""
        return measures.in_words(self.unit, self.target)


class RoundComment(models.Model):
    """A comment of the State on a round, read by the owners of the round. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="comments", editable=False)
    text = models.TextField(pgettext_lazy("field", "comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.at:%Y-%m-%d}"
