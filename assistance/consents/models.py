"""Consents: what a State releases, to whom, until when; release plans; the two-person rule.

Consents are append-only, and the source from which audiences are computed.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.columns import column, exactly_one, index_of, point_at_each
from assistance.access.models import Audience, Restricted, Versioned
from assistance.consents.states import Decision, ReleasePlanStatus
from assistance.visits.models import Visit
from assistance.workflow.references import consent_reference, plan_reference
from entities.local_days import end_of, last_day
from entities.models import Appointment, Organisation
from files.models import StoredFile

# The models that declare `released_by_state`, by the name of the column of a plan line that points at them.
RELEASED: dict[str, type[Restricted]] = {}


class ReleasePlan(Restricted, Versioned):
    """A release plan of a State's people. It gives no access; publishing it creates consents, which do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=plan_reference, editable=False
    )
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="release_plans", verbose_name=pgettext_lazy("country", "State")
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="release_plans")
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=12, choices=ReleasePlanStatus, default=ReleasePlanStatus.DRAFT
    )
    remark = models.TextField(pgettext_lazy("field", "remark"), blank=True)
    note_verbale = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("note verbale")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_as = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("model", "release")
        verbose_name_plural = pgettext_lazy("model", "releases")
        ordering = ["-modified_at", "-id"]
        indexes = [models.Index(fields=["state", "status"], name="release_plan_of_state")]

    def __str__(self) -> str:
        return self.reference


class PlanLine(models.Model):
    """One row of a plan: to whom it is released, until when, and the version of its text that was read.

    It has one column for each kind of row that a State releases, named like the model: `line.need`, `line.section`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ReleasePlan, models.CASCADE, related_name="lines")
    released_to = models.ForeignKey(
        Audience, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("field", "audience")
    )
    until = models.DateField(pgettext_lazy("date", "until"), null=True, blank=True)
    version_read = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = []
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return f"{self.plan} {self.row}"

    @property
    def row_name(self) -> str:
        """The name in RELEASED of the row of this line; a database constraint refuses a line without a row."""
        return next(name for name in RELEASED if getattr(self, f"{name}_id") is not None)

    @property
    def row_id(self) -> Any:
        """The key of the row of this line, read without loading the row."""
        return getattr(self, f"{self.row_name}_id")

    @property
    def row(self) -> Any:
        """The row of this line."""
        return getattr(self, self.row_name)


class TwoPersonRule(Restricted):
    """Whether a State requires two persons to release. Switched on by one focal point, off only by two persons."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.OneToOneField(Organisation, models.PROTECT, related_name="two_person_rule")
    is_on = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    off_asked_at = models.DateTimeField(null=True, blank=True)
    off_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("two-person rule")
        verbose_name_plural = _("two-person rules")

    def __str__(self) -> str:
        return str(self.state)

    def get_absolute_url(self) -> str:
        """Return the page on which the State changes the rule."""
        return reverse("two-persons", args=[self.state.slug])


class Consent(Restricted):
    """One decision of a State over some rows. A changed decision is a new row.

    It has one many-to-many field for each kind of row that a State releases: `consent.needs`, `consent.sections`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=consent_reference, editable=False
    )
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="consents", verbose_name=pgettext_lazy("country", "State")
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="consents")
    decision = models.CharField(pgettext_lazy("field", "decision"), max_length=10, choices=Decision)
    released_to = models.ForeignKey(
        Audience,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("field", "audience"),
    )
    until = models.DateField(pgettext_lazy("date", "until"), null=True, blank=True)
    reason = models.TextField(pgettext_lazy("field", "reason"), blank=True)
    given_at = models.DateTimeField(_("recorded on"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_as = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    note_verbale = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("note verbale")
    )
    plan = models.ForeignKey(ReleasePlan, models.PROTECT, null=True, blank=True, related_name="consents")

    class Meta:
        verbose_name = pgettext_lazy("model", "consent")
        verbose_name_plural = pgettext_lazy("model", "consents")
        ordering = ["-given_at", "-id"]
        indexes = [
            models.Index(fields=["state", "-given_at"], name="consent_of_state"),
            models.Index(fields=["until"], name="consent_until", condition=models.Q(until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision="granted", released_to__isnull=False)
                | (~models.Q(decision="granted") & models.Q(released_to__isnull=True)),
                name="consent_names_an_audience_when_granted",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def ends(self) -> datetime | None:
        """The moment at which it ends: that at which its last day ends in the State. None without a last day."""
        return end_of(self.until, self.state) if self.until else None

    @property
    def last_day(self) -> str:
        """Its last day in words, with whose clock ends it; empty without one."""
        return last_day(self.until, self.state) if self.until else ""


def relation_of(model: type[Restricted]) -> str:
    """Return the name of the field of a consent that refers to rows of this model: its name in the plural."""
    return f"{model.record_name()}s"


def _add_kind(model: type[Restricted]) -> None:
    name = model.record_name()
    RELEASED[name] = model
    PlanLine.add_to_class(name, column(model, "+"))
    cast(list[models.Index], PlanLine._meta.indexes).append(index_of("line", name))
    PlanLine._meta.constraints = [
        models.CheckConstraint(condition=exactly_one(RELEASED), name="line_about_one_row"),
        *(models.UniqueConstraint(fields=["plan", kind], name=f"line_once_per_{kind}") for kind in sorted(RELEASED)),
    ]
    Consent.add_to_class(relation_of(model), models.ManyToManyField(model, related_name="consents", blank=True))


point_at_each(Consent, lambda model: model.released_by_state, _add_kind)
