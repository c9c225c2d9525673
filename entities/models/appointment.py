"""Appointments: a person is nobody until appointed, and a right exists only while an appointment runs."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entities.models.organisation import Organisation


class Role(models.TextChoices):
    """What a person does for the organisation that appointed them."""

    FOCAL_POINT = "focal_point", _("Focal point")
    ALTERNATE = "alternate", _("Alternate focal point")
    ASSESSOR = "assessor", _("Assessor")
    COORDINATOR = "coordinator", _("Coordinator")
    DONOR_CONTACT = "donor_contact", _("Donor contact")
    PARTNER_CONTACT = "partner_contact", _("Partner contact")
    OBSERVER = "observer", _("Observer")


class Phase(models.TextChoices):
    """Where an appointment is in its life: worked out from its facts, never stored."""

    AWAITING = "awaiting", _("Awaiting approval")
    COMING = "coming", _("Begins later")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Account not active")
    OVER = "over", _("Term over")
    ENDED = "ended", _("Ended")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Names the questions asked of appointments everywhere: above all, which run now?"""

    def current(self) -> "AppointmentQuerySet":
        """Return those that run today (UTC) of people whose account is active."""
        today = timezone.now().date()
        return self.filter(
            models.Q(until__isnull=True) | models.Q(until__gte=today),
            since__lte=today,
            ended_at__isnull=True,
            approved_at__isnull=False,
            user__is_active=True,
        )

    def in_phase(self, phase: str) -> "AppointmentQuerySet":
        """Return those in one phase; the SQL twin of `Appointment.phase`."""
        today = timezone.now().date()
        if phase == Phase.ENDED:
            return self.filter(ended_at__isnull=False)
        standing = self.filter(ended_at__isnull=True)
        if phase == Phase.OVER:
            return standing.filter(until__lt=today)
        standing = standing.exclude(until__lt=today)
        if phase == Phase.AWAITING:
            return standing.filter(approved_at__isnull=True)
        standing = standing.filter(approved_at__isnull=False)
        if phase == Phase.COMING:
            return standing.filter(since__gt=today)
        return standing.filter(since__lte=today, user__is_active=phase == Phase.RUNNING)


class Appointment(models.Model):
    """User + organisation + role + from and until, nominated by the organisation and approved by UNOCT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day on which it gives a right."))
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="approvals"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="endings"
    )
    end_reason = models.CharField(_("reason for ending"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="appointment_once_while_open",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="appointment_until_not_before_since",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "since"], name="appointment_of_user"),
            models.Index(fields=["-created_at", "-id"], name="appointment_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation.short}"

    @property
    def phase(self) -> Phase:
        """Where it is in its life today (UTC)."""
        today = timezone.now().date()
        if self.ended_at:
            return Phase.ENDED
        if self.until and self.until < today:
            return Phase.OVER
        if not self.approved_at:
            return Phase.AWAITING
        if self.since > today:
            return Phase.COMING
        return Phase.RUNNING if self.user.is_active else Phase.CLOSED
