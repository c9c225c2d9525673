"""Assessments by entities, the lines by which the Compact knows of them, their findings, and comments on them."""

import uuid

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.assessments.states import AssessmentKind, AssessmentStatus, Framework
from assistance.needs.models import Need
from assistance.search import SearchedTexts, plain_indexes
from assistance.workflow.references import new_reference
from entities.models import Instrument, Organisation, Theme


def assessment_reference() -> str:
    """Return a new reference of an assessment."""
    return new_reference("A")


class Assessment(Restricted, Versioned):
    """An assessment of a State by an entity: read by both, and by those to whom the State or the entity opens it.

    Its `line` has the facts that the whole Compact knows of it.
    """

    texts = ("title", "summary", "public_link")
    translated = ("title", "summary")
    released_by_state = True
    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=assessment_reference, editable=False
    )
    entity = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assessments", verbose_name=pgettext_lazy("field", "entity")
    )
    state = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="assessments_of_it",
        verbose_name=pgettext_lazy("country", "State"),
    )
    kind = models.CharField(pgettext_lazy("field", "type"), max_length=20, choices=AssessmentKind)
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    summary = models.TextField(
        pgettext_lazy("field", "summary"), blank=True, help_text=_("The scope, and the result once it is known.")
    )
    themes = models.ManyToManyField(Theme, related_name="assessments", verbose_name=pgettext_lazy("model", "themes"))
    instruments = models.ManyToManyField(
        Instrument,
        related_name="assessments",
        blank=True,
        verbose_name=pgettext_lazy("model", "instruments"),
        help_text=_("The instruments against which the State is assessed."),
    )
    starts_on = models.DateField(pgettext_lazy("date", "from"))
    ends_on = models.DateField(pgettext_lazy("date", "to"))
    is_public = models.BooleanField(
        _("the report is public"),
        default=False,
        help_text=_("If so, all entities of the Compact can read this assessment."),
    )
    public_link = models.URLField(
        _("link to the public report"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=("https", "http"))],
    )
    same_as = models.ForeignKey(
        "assistance.AssessmentLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("same evaluation as"),
        help_text=_("The assessment of another entity that records the same evaluation. The two are counted once."),
    )
    status = models.CharField(
        pgettext_lazy("field", "status"),
        max_length=10,
        choices=AssessmentStatus,
        default=AssessmentStatus.PLANNED,
        editable=False,
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "assessment")
        verbose_name_plural = pgettext_lazy("model", "assessments")
        ordering = ["-modified_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="assessment_dates_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(is_public=False) | ~models.Q(public_link=""), name="assessment_public_with_link"
            ),
        ]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="assessment_list")]

    def __str__(self) -> str:
        return self.reference


class AssessmentTexts(SearchedTexts):
    """The texts of an assessment in which searches look."""

    row = models.OneToOneField(Assessment, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("assessment")


class AssessmentLine(Restricted, Versioned):
    """What the whole Compact knows of an assessment: entity, State, type, themes and year. Kept by `lines.py`.

    A row of its own, because it has other readers; its version and date change only with these facts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="line", editable=False)
    entity = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=pgettext_lazy("field", "entity"),
    )
    state = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=pgettext_lazy("country", "State"),
    )
    kind = models.CharField(pgettext_lazy("field", "type"), max_length=20, choices=AssessmentKind, editable=False)
    themes = models.ManyToManyField(
        Theme, related_name="+", editable=False, verbose_name=pgettext_lazy("model", "themes")
    )
    year = models.PositiveSmallIntegerField(
        pgettext_lazy("field", "year"), editable=False, help_text="The year in which the assessment ends."
    )
    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="also_recorded",
        help_text="The line of another entity for the same evaluation; the two are counted once.",
    )
    is_cancelled = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("assessment known to the Compact")
        verbose_name_plural = _("assessments known to the Compact")
        ordering = ["-modified_at", "-id"]
        indexes = [
            models.Index(fields=["-modified_at", "-id"], name="assessment_line_list"),
            models.Index(fields=["state", "-year"], name="assessment_line_of_state"),
        ]

    def __str__(self) -> str:
        return f"{self.entity.short} {self.year}"


class Finding(models.Model):
    """A finding of an assessment, in the language of the assessment. `need` is the need that CTED made of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="findings", editable=False)
    number = models.PositiveSmallIntegerField(pgettext_lazy("field", "number"), editable=False)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("model", "theme"))
    framework = models.CharField(pgettext_lazy("field", "framework"), max_length=20, choices=Framework)
    text = models.TextField(_("what was found"))
    is_gap = models.BooleanField(
        _("this is a gap"), default=False, help_text=_("Something that the State lacks to meet its obligations.")
    )
    need = models.ForeignKey(Need, models.PROTECT, null=True, editable=False, related_name="findings")

    class Meta:
        verbose_name = pgettext_lazy("model", "finding")
        verbose_name_plural = pgettext_lazy("model", "findings")
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.number}"


class Comment(models.Model):
    """A comment of the State or the entity on an assessment, read by these two alone. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="comments", editable=False)
    text = models.TextField(pgettext_lazy("field", "comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.at:%Y-%m-%d}"
