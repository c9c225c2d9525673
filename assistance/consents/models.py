"""Consents: what a State releases, to whom, until when; release plans; the two-person rule.

Consents are append-only, and the source from which audiences are computed.
"""

import uuid
from typing import cast

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assistance.access.models import Audience, Restricted, Versioned
from assistance.consents.states import Decision, ReleasePlanStatus
from assistance.needs.models import Need
from assistance.visits.models import Section, Visit
from assistance.workflow.references import consent_reference, plan_reference
from entities.models import Appointment, Organisation
from files.models import StoredFile


class ReleasePlan(Restricted, Versioned):
    """A release plan of a State's people. It gives no access; publishing it creates consents, which do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=plan_reference, editable=False)
    state = models.ForeignKey(Organisation, models.PROTECT, related_name="release_plans", verbose_name=_("State"))
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="release_plans")
    status = models.CharField(_("status"), max_length=12, choices=ReleasePlanStatus, default=ReleasePlanStatus.DRAFT)
    remark = models.TextField(_("remark"), blank=True)
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
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-modified_at", "-id"]
        indexes = [models.Index(fields=["state", "status"], name="release_plan_of_state")]

    def __str__(self) -> str:
        return self.reference


class PlanLine(models.Model):
    """One section or need of a plan: to whom, until when, and the version of its text that was read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ReleasePlan, models.CASCADE, related_name="lines")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="+")
    released_to = models.ForeignKey(Audience, models.PROTECT, related_name="+", verbose_name=_("audience"))
    until = models.DateField(_("until"), null=True, blank=True)
    version_read = models.PositiveIntegerField()

    class Meta:
        ordering = ["section__number", "need__reference"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(section__isnull=True) ^ models.Q(need__isnull=True), name="line_about_one_row"
            ),
            models.UniqueConstraint(fields=["plan", "section"], name="line_once_per_section"),
            models.UniqueConstraint(fields=["plan", "need"], name="line_once_per_need"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.row}"

    @property
    def row(self) -> Section | Need:
        """The section or need of this line."""
        return cast(Section | Need, self.section or self.need)  # a database constraint refuses a line without either


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
    """One decision of a State over some sections and needs. A changed decision is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=consent_reference, editable=False)
    state = models.ForeignKey(Organisation, models.PROTECT, related_name="consents", verbose_name=_("State"))
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="consents")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    released_to = models.ForeignKey(
        Audience, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("audience")
    )
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    given_at = models.DateTimeField(_("given on"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_as = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    note_verbale = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("note verbale")
    )
    plan = models.ForeignKey(ReleasePlan, models.PROTECT, null=True, blank=True, related_name="consents")
    sections = models.ManyToManyField(Section, related_name="consents", blank=True)
    needs = models.ManyToManyField(Need, related_name="consents", blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["state", "-given_at"], name="consent_of_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision="granted", released_to__isnull=False)
                | (~models.Q(decision="granted") & models.Q(released_to__isnull=True)),
                name="consent_names_an_audience_when_granted",
            )
        ]

    def __str__(self) -> str:
        return self.reference
