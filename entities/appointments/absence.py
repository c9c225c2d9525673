"""Deputies and absences: who is away when, who replaces them, and on which days an organisation had nobody."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from entities.actors import Actor
from entities.appointments import notifications
from entities.appointments.rules import TOO_FAR, is_near, locked, may_end, wrong_phase
from entities.local_days import today_of
from entities.models import ACTING_ROLES, LONGEST_ABSENCE, Absence, Appointment, AppointmentQuerySet, Phase
from web.exceptions import Forbidden, Invalid, NotVisible

DAY = timedelta(days=1)


# ── Reads ────────────────────────────────────────────────────────────────────
def may_arrange(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this user may name the deputy: the holder, the focal point of the organisation, or UNOCT."""
    return appointment.user_id == actor.user.pk or may_end(actor, appointment)


def deputies(appointment: Appointment) -> AppointmentQuerySet:
    """Return the appointments of possible deputies: others who act for the same organisation now."""
    rows = Appointment.objects.current().filter(organisation=appointment.organisation, role__in=ACTING_ROLES)
    return rows.exclude(user=appointment.user).select_related("user")


def absence_of(appointment: Appointment) -> Absence | None:
    """Return the current or coming absence; there is at most one. Runs no statement where absences were prefetched."""
    today = today_of(appointment.organisation)
    return next((one for one in appointment.absences.all() if one.until >= today), None)


def days_without_anybody(organisations: Iterable[UUID], since: date) -> dict[UUID, list[date]]:
    """Return, by organisation, the days from `since` on, in order, on which all who act for it are away.

    A deputy acts for the organisation too, so a day with a deputy is not among them. Three statements for any number of
    organisations, or one where nobody is away.
    """
    away = Absence.objects.filter(appointment__organisation__in=set(organisations), until__gte=since)
    found: dict[UUID, list[date]] = {}
    touched = set(away.values_list("appointment__organisation", flat=True))
    if not touched:
        return found
    posts = Appointment.objects.select_related("organisation").filter(
        organisation__in=touched, role__in=ACTING_ROLES, approved_at__isnull=False
    )
    by_office: dict[UUID, list[Appointment]] = {}
    for post in posts.filter(user__is_active=True).prefetch_related("absences"):
        by_office.setdefault(post.organisation_id, []).append(post)
    for office, rows in by_office.items():
        days = {day for row in rows for one in row.absences.all() for day in _days(one, since)}
        found[office] = sorted(day for day in days if _nobody(rows, day))
    return found


def _days(absence: Absence, since: date) -> list[date]:
    first = max(absence.since, since)
    return [first + n * DAY for n in range((absence.until - first).days + 1)]


def _nobody(posts: list[Appointment], day: date) -> bool:
    """Return whether there were appointments on that day and all their holders were away."""
    held = [post for post in posts if post.ran_on(day)]
    there = {post.user_id for post in held if not any(a.since <= day <= a.until for a in post.absences.all())}
    return bool(held) and not there


# ── Transitions ──────────────────────────────────────────────────────────────
@transaction.atomic
def name_deputy(*, actor: Actor, appointment: Appointment, deputy: User | None) -> Appointment:
    """Return the appointment with this deputy, who is notified; None removes the present deputy.

    Raises NotVisible, Forbidden, Invalid (deputy) or Conflict (not running).
    """
    row = _arranged(actor, appointment)
    if deputy and not deputies(row).filter(user=deputy).exists():
        raise Invalid(
            {"deputy": [_("The deputy must be another person who currently acts for the same organization.")]}
        )
    if row.deputy_id != (deputy.pk if deputy else None):
        row.deputy = deputy
        row.save(update_fields=["deputy"])
        notifications.deputy_named(row)
    return row


@transaction.atomic
def be_absent(*, actor: Actor, appointment: Appointment, since: date, until: date) -> Absence:
    """Return the absence, both days included; it replaces a coming one, and extends or shortens a current one.

    Raises NotVisible, Forbidden, Invalid (since, until) or Conflict (not running).
    """
    row = _arranged(actor, appointment)
    today = today_of(row.organisation)
    present = absence_of(row)
    if present and present.since < today:
        since = present.since  # an absence that has begun keeps its first day: past days are not rewritten
    elif since < today:
        raise Invalid({"since": [_("Enter today or a later date.")]})
    elif not is_near(since):
        raise Invalid({"since": [TOO_FAR]})
    if until < max(since, today):
        raise Invalid({"until": [_("The last day cannot be before the first day.")]})
    if until - since > LONGEST_ABSENCE:
        raise Invalid({"until": [_("An absence can last at most 1 year. Hand over to a successor instead.")]})
    absence = present or Absence(appointment=row)
    absence.since, absence.until, absence.recorded_by = since, until, actor.user
    absence.save()
    return absence


@transaction.atomic
def come_back(*, actor: Actor, appointment: Appointment) -> None:
    """End the current absence with yesterday as its last day, or delete the coming one.

    Raises NotVisible, Forbidden or Conflict.
    """
    row = _arranged(actor, appointment)
    today = today_of(row.organisation)
    absence = absence_of(row)
    if absence is None:
        return
    if absence.since >= today:
        absence.delete()
        return
    absence.until, absence.recorded_by = today - DAY, actor.user
    absence.save()


def _arranged(actor: Actor, appointment: Appointment) -> Appointment:
    own = appointment.user_id == actor.user.pk and any(one.pk == appointment.pk for one in actor.appointments)
    if own:
        rows = Appointment.objects.select_related("user", "organisation", "deputy").select_for_update(of=("self",))
        row = rows.filter(pk=appointment.pk).first()
    else:
        row = locked(actor, appointment)
    if row is None:
        raise NotVisible
    if not may_arrange(actor, row):
        raise Forbidden(_("Only the person, the focal point of the organization or UNOCT can arrange this."))
    if row.phase != Phase.RUNNING:
        raise wrong_phase(row)
    return row
