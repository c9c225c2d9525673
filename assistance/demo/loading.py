"""Loads the demonstration in one transaction: each row is created by the transition a person would run, at its time."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import inbox
from accounts.mail import outbox
from accounts.mail.broker import suspended
from accounts.mail.visibility import ACCOUNT
from accounts.models import Delivery, User
from assistance import registry
from assistance.demo.days import Days
from assistance.demo.demonstration import Demonstration
from assistance.workflow import deadlines
from entities.models import Appointment, Organisation

DEADLINES_CHECKED = (60, 35, 24, 14, 8, 4, 1, 0.01)  # days ago
READ_AFTER = timedelta(days=21)


class CannotLoad(Exception):
    """Raised when demonstration data cannot be loaded; the message is a sentence."""


def check_possible() -> None:
    """Raise CannotLoad in production, in a database with data of people, or without reference data."""
    if settings.PRODUCTION or not settings.DEMO_ALLOWED:
        raise CannotLoad(_("Demonstration data cannot be loaded: DEMO_ALLOWED is off, as in production."))
    if any(model._default_manager.exists() for model in registry.models()) or Appointment.objects.exists():
        raise CannotLoad(_("The database already contains data. Load demonstration data only into an empty database."))
    if User.objects.filter(email__endswith="@demo.example").exists():
        raise CannotLoad(_("Some demonstration people already exist. Start with an empty database."))
    if not Organisation.objects.filter(slug="cted").exists():
        raise CannotLoad(_("Reference data are missing. Run ./manage.py load_reference first."))


def loaders() -> list[Callable[[Demonstration], None]]:
    """Return the functions that schedule demonstration data, in the order of the registry.

    The order matters only for actions at the same time: some needs are recorded at the same time as their section.
    """
    return [import_string(aggregate.demo) for aggregate in registry.aggregates() if aggregate.demo]


def load() -> dict[str, int]:
    """Load everything and return the number of rows of each kind. Raises CannotLoad; then nothing is saved."""
    check_possible()
    with suspended(), override("en"), transaction.atomic():
        demo = Demonstration(Days(timezone.now()))
        for load_rows in loaders():
            load_rows(demo)
        _schedule_deadlines(demo)
        demo.run()
        _leave_no_mail(demo)
        return demo.counts()


def _schedule_deadlines(demo: Demonstration) -> None:
    """Schedule the tasks of deadlines: reminders, lapsed matches, ended consents."""
    for days_ago in DEADLINES_CHECKED:
        demo.schedule_at(demo.days.ago(days_ago), deadlines.run)


def _leave_no_mail(demo: Demonstration) -> None:
    """Cancel the mail about past events, and mark notifications older than three weeks as read."""
    for source in set(Delivery.objects.exclude(source=ACCOUNT).values_list("source", flat=True)):
        outbox.withhold(source=source)
    days, users = demo.days, demo.people.users.values()
    for user in users:
        inbox.notifications(user).filter(created_at__lt=days.now - READ_AFTER).update(read_at=days.now - READ_AFTER)
    people = User.objects.filter(pk__in=[user.pk for user in users])
    people.update(last_visit_at=days.ago(5), details_confirmed_at=days.ago(40))
    people.filter(email="undp.focal@demo.example").update(details_confirmed_at=days.ago(200), phone="+1 212 555 0100")
