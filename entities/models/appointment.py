"""Appointments: a user has no rights without one, and only while it runs."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entities.local_days import day_of, last_day, today_at, today_of
from entities.models.organisation import Organisation
from files.models import StoredFile
from web.lists import enumerated


class Role(models.TextChoices):
    """What a user does for the organisation that appointed them."""

    FOCAL_POINT = "focal_point", _("Focal point")
    ALTERNATE = "alternate", _("Alternate focal point")
    ASSESSOR = "assessor", pgettext_lazy("role", "Assessor")
    COORDINATOR = "coordinator", pgettext_lazy("role", "Coordinator")
    DONOR_CONTACT = "donor_contact", _("Donor contact")
    PARTNER_CONTACT = "partner_contact", _("Partner contact")
    OBSERVER = "observer", pgettext_lazy("role", "Observer")


# The roles that act in the organisation's name; a donor contact reads and pledges, an observer only reads.
ACTING_ROLES = (Role.FOCAL_POINT, Role.ALTERNATE, Role.ASSESSOR, Role.COORDINATOR, Role.PARTNER_CONTACT)
TOLD_ROLES = (*ACTING_ROLES, Role.DONOR_CONTACT)

ZONE = "organisation__time_zone"  # the days of an appointment begin and end by the clock of its organisation
HALF_A_YEAR = timedelta(days=183)
SOON = timedelta(days=60)  # how long before its last day an appointment is shown as ending soon
REMINDED = timedelta(days=30)  # how long before the confirmation date the organisation is first reminded


def half_a_year_on(since: date = date.min) -> date:
    """Return the next confirmation date of an appointment confirmed today; one that begins later has longer."""
    return max(timezone.now().date(), since) + HALF_A_YEAR


class Phase(models.TextChoices):
    """The phase of an appointment's life cycle: computed from its columns, never stored."""

    AWAITING = "awaiting", pgettext_lazy("appointment status", "Awaiting approval")
    COMING = "coming", pgettext_lazy("appointment status", "Not yet in force")
    RUNNING = "running", pgettext_lazy("appointment status", "In force")
    LAPSED = "lapsed", pgettext_lazy("appointment status", "Not confirmed in time")
    CLOSED = "closed", pgettext_lazy("appointment status", "Account not active")
    OVER = "over", pgettext_lazy("appointment status", "Term expired")
    ENDED = "ended", pgettext_lazy("appointment status", "Ended")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Queries on appointments used everywhere, above all which of them run now."""

    def current(self) -> "AppointmentQuerySet":
        """Return those that run today, by the clock of the organisation, of users whose account is active."""
        today = today_at(ZONE)
        return self.filter(
            models.Q(until__isnull=True) | models.Q(until__gte=today),
            since__lte=today,
            confirm_by__gte=today,
            ended_at__isnull=True,
            approved_at__isnull=False,
            user__is_active=True,
        )

    def promised(self) -> "AppointmentQuerySet":
        """Return those that run or begin later, for which an invitation is valid."""
        return self.in_phase(Phase.RUNNING) | self.in_phase(Phase.COMING)

    def listed(self) -> "AppointmentQuerySet":
        """Return those in the directory of focal points: running, with a role that is listed."""
        return self.current().filter(role__in=TOLD_ROLES)

    def in_phase(self, phase: str) -> "AppointmentQuerySet":
        """Return those in one phase, as `Appointment.phase` computes it, in SQL."""
        today = today_at(ZONE)
        if phase == Phase.ENDED:
            return self.filter(ended_at__isnull=False)
        standing = self.filter(ended_at__isnull=True)
        if phase == Phase.OVER:
            return standing.filter(until__lt=today)
        standing = standing.exclude(until__lt=today)
        if phase == Phase.AWAITING:
            return standing.filter(approved_at__isnull=True)
        standing = standing.filter(approved_at__isnull=False)
        if phase == Phase.LAPSED:
            return standing.filter(confirm_by__lt=today)
        standing = standing.filter(confirm_by__gte=today)
        if phase == Phase.COMING:
            return standing.filter(since__gt=today)
        return standing.filter(since__lte=today, user__is_active=phase == Phase.RUNNING)

    def ending_soon(self) -> "AppointmentQuerySet":
        """Return those that run and stop giving rights within `SOON` unless they are confirmed or extended."""
        last = today_at(ZONE, SOON)
        return self.in_phase(Phase.RUNNING).filter(models.Q(until__lte=last) | models.Q(confirm_by__lte=last))

    def to_be_confirmed_soon(self) -> "AppointmentQuerySet":
        """Return those whose organisation is reminded to confirm them."""
        return self.filter(confirm_by__lte=today_at(ZONE, REMINDED))

    def absent(self) -> "AppointmentQuerySet":
        """Return those whose holder is away today, by the clock of the organisation."""
        today = today_at(ZONE)
        return self.filter(absences__since__lte=today, absences__until__gte=today)

    def with_cover(self) -> "AppointmentQuerySet":
        """Annotate `is_away`, and `covered_by`: the deputy while the holder is away, else None.

        A deputy counts only while they act for the organisation themselves and are not away too.
        """
        absent = Appointment.objects.absent()
        stands_in = _of_the_deputy().exclude(pk__in=absent.values("pk"))
        away = models.Exists(absent.filter(pk=models.OuterRef("pk")))
        covered = models.When(models.Q(away) & models.Q(models.Exists(stands_in)), then=models.F("deputy"))
        return self.annotate(is_away=away, covered_by=models.Case(covered, default=None))

    def with_deputy(self) -> "AppointmentQuerySet":
        """Annotate `deputy_name`: the name of the deputy while they act for the organisation themselves, else None."""
        acts = models.When(models.Exists(_of_the_deputy()), then=models.F("deputy__name"))
        return self.annotate(deputy_name=models.Case(acts, default=None))


def _of_the_deputy() -> AppointmentQuerySet:
    """Return a subquery of the appointments by which the deputy of each appointment acts for its organisation now."""
    same = {"user": models.OuterRef("deputy"), "organisation": models.OuterRef("organisation")}
    return Appointment.objects.current().filter(role__in=ACTING_ROLES, **same)


class Appointment(models.Model):
    """User, organisation, role, first and last day; nominated by the organisation and approved by UNOCT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments")
    role = models.CharField(pgettext_lazy("field", "role"), max_length=20, choices=Role)
    since = models.DateField(pgettext_lazy("date", "from"))
    until = models.DateField(
        pgettext_lazy("date", "until"),
        null=True,
        blank=True,
        help_text=_("The last day on which the appointment gives access rights."),
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="approvals"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    named_as = models.CharField(
        _("name given at nomination"), max_length=150, blank=True, help_text=_("As written by the organization.")
    )
    letter = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("The letter of nomination.")
    )
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    passed_on_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When what was asked of the predecessor went to this person."
    )
    confirm_by = models.DateField(
        _("to be confirmed by"),
        default=half_a_year_on,
        help_text=_("The last day before a new confirmation is required."),
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="confirmations"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="deputises_for"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="endings"
    )
    end_reason = models.CharField(_("reason for ending"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "appointment")
        verbose_name_plural = pgettext_lazy("model", "appointments")
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
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("nominated_by")), name="appointment_approved_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "since"], name="appointment_of_user"),
            models.Index(fields=["-created_at", "-id"], name="appointment_newest"),
            models.Index(fields=["confirm_by"], name="appointment_confirm_by"),
        ]

    def __str__(self) -> str:
        return enumerated((self.get_role_display(), self.organisation.short))

    def ran_on(self, day: date) -> bool:
        """Whether it ran or will run on a day, as far as is known now; assumes that the account is active."""
        ended = day_of(self.ended_at, self.organisation) if self.ended_at else None
        begun = self.approved_at is not None and max(self.since, day_of(self.approved_at, self.organisation)) <= day
        return begun and day <= self.last_day and (ended is None or day < ended)

    @property
    def last_day(self) -> date:
        """The last day on which it gives a right, as far as is known now."""
        return min(filter(None, (self.until, self.confirm_by)))

    @property
    def until_in_words(self) -> str:
        """`until` with the clock by which it ends; empty without a last day."""
        return last_day(self.until, self.organisation) if self.until else ""

    @property
    def ends_soon(self) -> bool:
        """Whether it runs and its last day is within `SOON`."""
        return self.phase == Phase.RUNNING and self.last_day <= today_of(self.organisation) + SOON

    @property
    def is_in_term(self) -> bool:
        """Whether today is within its dates, by the clock of its organisation."""
        today = today_of(self.organisation)
        return self.since <= today <= self.confirm_by and (self.until is None or self.until >= today)

    @property
    def phase(self) -> Phase:
        """Its phase today, by the clock of its organisation."""
        today = today_of(self.organisation)
        if self.ended_at:
            return Phase.ENDED
        if self.until and self.until < today:
            return Phase.OVER
        if not self.approved_at:
            return Phase.AWAITING
        if self.confirm_by < today:
            return Phase.LAPSED
        if self.since > today:
            return Phase.COMING
        return Phase.RUNNING if self.user.is_active else Phase.CLOSED
