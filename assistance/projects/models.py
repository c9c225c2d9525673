"""Projects: activities requested, planned, ongoing and completed; recorded in the portal, or imported and read-only."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import currencies, measures
from assistance.access.models import Restricted, Versioned
from assistance.considerations import WithConsiderations
from assistance.delivery.states import MOST
from assistance.measures import MEASURED, IndicatorUnit
from assistance.needs.models import Need
from assistance.projects.states import (
    CONFIRMED_FOR,
    GOES_ON,
    REPORTED,
    TO_REPORT,
    VALUE_MAX,
    WHOLE,
    PartyRole,
    PeriodStatus,
    ProjectMode,
    ProjectStatus,
)
from assistance.search import SearchedTexts, plain_indexes
from assistance.workflow.references import project_reference
from entities.local_days import today_of
from entities.models import Organisation, Region, Theme


class Project(Restricted, Versioned, WithConsiderations):
    """An activity. Declared status and dates are both stored; where they disagree this is shown, never corrected."""

    translated = ("title", "description")
    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=project_reference, editable=False
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=500)
    description = models.TextField(pgettext_lazy("field", "description"), blank=True)
    lead = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects_led",
        verbose_name=pgettext_lazy("field", "lead"),
    )
    states = models.ManyToManyField(
        Organisation, related_name="projects", blank=True, verbose_name=pgettext_lazy("country", "States")
    )
    regions = models.ManyToManyField(
        Region, related_name="projects", blank=True, verbose_name=pgettext_lazy("model", "regions")
    )
    places = models.CharField(
        _("other places"),
        max_length=300,
        blank=True,
        help_text=_("Places named by the source that are not States in this portal."),
    )
    themes = models.ManyToManyField(
        Theme, related_name="projects", blank=True, verbose_name=pgettext_lazy("model", "themes")
    )
    needs = models.ManyToManyField(
        Need,
        related_name="projects",
        blank=True,
        verbose_name=_("needs addressed"),
        help_text=_("Readers see only the needs to which they have access."),
    )
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    actual_start = models.DateField(_("actual start"), null=True, blank=True)
    actual_end = models.DateField(_("actual end"), null=True, blank=True)
    budget = models.DecimalField(
        pgettext_lazy("field", "budget"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = currencies.column()
    status = models.CharField(pgettext_lazy("field", "status"), max_length=12, choices=ProjectStatus)
    mode = models.CharField(_("form of cooperation"), max_length=15, choices=ProjectMode, blank=True)
    results = models.TextField(pgettext_lazy("field", "results"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of the project"),
        help_text=_("A joint project that names the lead of this one. Its budget includes that of its parts."),
    )
    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="also_recorded",
        verbose_name=_("same activity as"),
        help_text="The project of another publisher that is the same activity; the two are counted once.",
    )
    is_restricted = models.BooleanField(
        _("only the named organizations see this project"),
        default=False,
        help_text=_(
            "If so, its States, UNOCT and CTED see only its lead, themes, quarters and focal points. "
            "If not, its States and all entities of the Compact see it."
        ),
    )
    confirmed_at = models.DateTimeField(
        null=True, editable=False, help_text="When its lead last recorded, edited or confirmed it."
    )
    iati_identifier = models.CharField(
        _("IATI identifier"), max_length=200, null=True, blank=True, unique=True, editable=False
    )
    origin = models.CharField(
        pgettext_lazy("field", "origin"),
        max_length=200,
        blank=True,
        editable=False,
        help_text="Publisher of an imported project; empty when kept here.",
    )
    origin_digest = models.CharField(max_length=64, blank=True, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = pgettext_lazy("model", "project")
        verbose_name_plural = pgettext_lazy("model", "projects")
        ordering = ["-modified_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_start__isnull=True)
                | models.Q(planned_end__isnull=True)
                | models.Q(planned_end__gte=models.F("planned_start")),
                name="project_planned_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["-modified_at", "-id"], name="project_list"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_imported(self) -> bool:
        return bool(self.origin)

    @property
    def unconfirmed_since(self) -> datetime | None:
        """When its lead last confirmed a project that goes on, if that is more than half a year ago; else None."""
        known = self.confirmed_at if self.status in GOES_ON else None
        return known if known and known + CONFIRMED_FOR <= timezone.now() else None

    @property
    def status_by_dates(self) -> ProjectStatus | None:
        """The status according to the dates today, or None where they do not determine one."""
        today = timezone.now().date()
        if self.actual_end and self.actual_end <= today:
            return ProjectStatus.COMPLETED
        if self.actual_start and self.actual_start <= today:
            return ProjectStatus.ONGOING
        if self.planned_start and self.planned_start > today:
            return ProjectStatus.PLANNED
        return None

    @property
    def dates_disagree(self) -> bool:
        """Whether the declared status differs from the one according to the dates."""
        by_dates = self.status_by_dates
        settled = (ProjectStatus.SUSPENDED, ProjectStatus.CANCELLED, ProjectStatus.REQUESTED)
        if self.status == ProjectStatus.ONGOING and self.planned_end and self.planned_end < timezone.now().date():
            return True
        return by_dates is not None and self.status not in settled and by_dates != self.status


class ProjectTexts(SearchedTexts):
    """The texts of a project in which searches look."""

    row = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("project")


class Party(models.Model):
    """An organisation's part in a project. `name` is as published; `organisation` is set if known in the portal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="parts")
    name = models.CharField(pgettext_lazy("organization", "name"), max_length=300, blank=True)
    role = models.CharField(pgettext_lazy("field", "role"), max_length=12, choices=PartyRole)

    class Meta:
        ordering = ["role", "name", "id"]

    def __str__(self) -> str:
        return self.name or str(self.organisation)


class ProjectComment(models.Model):
    """A comment of a State on a project, read by its own people, the lead and the partners. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="comments", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    text = models.TextField(pgettext_lazy("field", "comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.at:%Y-%m-%d}"


class StateShare(models.Model):
    """The part of a project that a State has, in per cent of the project. Read with the project."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="shares", editable=False)
    state = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    percent = models.DecimalField(
        pgettext_lazy("field", "percentage"), max_digits=5, decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(WHOLE)],
    )  # fmt: skip

    class Meta:
        ordering = ["state__slug", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "state"], name="project_share_once")]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.state_id}"


class Indicator(models.Model):
    """What a project is measured by, in the language of the project."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    name = models.CharField(pgettext_lazy("indicator", "name"), max_length=VALUE_MAX)
    unit = models.CharField(pgettext_lazy("field", "unit"), max_length=10, choices=IndicatorUnit)
    baseline = models.CharField(pgettext_lazy("field", "baseline"), max_length=VALUE_MAX, blank=True)
    target = models.CharField(pgettext_lazy("field", "target"), max_length=VALUE_MAX, blank=True)
    lower_is_better = models.BooleanField(_("a lower value is better"), default=False)
    # The priority of a round against which it is measured; who sees the project need not see the round.
    parameter = models.ForeignKey("assistance.Parameter", models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.number}"

    @property
    def is_measured(self) -> bool:
        """Whether its values are numbers."""
        return self.unit in MEASURED

    @property
    def reported(self) -> list["Period"]:
        """Its periods with a value, the earliest first."""
        return [period for period in self.periods.all() if period.status in REPORTED]

    @property
    def latest(self) -> "Period | None":
        """The last period with a value, or None."""
        return next(reversed(self.reported), None)

    @property
    def line(self) -> list[Decimal]:
        """The values in their order, from the baseline on, where they are numbers."""
        if not self.is_measured:
            return []
        return [Decimal(value) for value in (self.baseline, *(period.actual for period in self.reported)) if value]

    @property
    def is_reached(self) -> bool | None:
        """Whether the last value is at least as good as the target; None where this cannot be said."""
        last = self.latest
        if last is None or measures.rank(self.unit, self.target) is None:
            return None
        return not measures.is_worse(self.unit, self.target, last.actual, lower_is_better=self.lower_is_better)


class Period(models.Model):
    """The value of an indicator from one day to another: planned by the lead, reported by an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="periods")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organization that reports")
    )
    starts_on = models.DateField(pgettext_lazy("date", "from"))
    ends_on = models.DateField(pgettext_lazy("date", "to"))
    target = models.CharField(pgettext_lazy("field", "target"), max_length=VALUE_MAX, blank=True)
    actual = models.CharField(_("value reported"), max_length=VALUE_MAX, blank=True, editable=False)
    comment = models.TextField(pgettext_lazy("field", "comment"), blank=True, editable=False)
    status = models.CharField(max_length=10, choices=PeriodStatus, default=PeriodStatus.DRAFT, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reported_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["ends_on", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="period_dates_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.starts_on} – {self.ends_on}"

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed at the organisation that reports, without a report that can be accepted."""
        return self.status in TO_REPORT and self.ends_on < today_of(self.organisation)


def _trained(label: Any) -> Any:
    return models.PositiveIntegerField(label, default=0, blank=True, validators=[MaxValueValidator(MOST)])


class TrainingSession(models.Model):
    """A session in which people were or will be trained. Read with the project; written by its lead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="sessions", editable=False)
    held_on = models.DateField(_("day of the session"))
    place = models.CharField(pgettext_lazy("session", "place"), max_length=200)
    trained_women = _trained(_("women trained"))
    trained_men = _trained(_("men trained"))
    trained_unknown = _trained(_("people trained, sex not recorded"))
    confirm_large = models.BooleanField(
        _("the large numbers are right"), default=False, help_text=_("Only needed for numbers from 10,000.")
    )

    class Meta:
        ordering = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.held_on}"
