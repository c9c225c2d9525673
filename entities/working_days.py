"""Working days of the United Nations: Monday to Friday, without the holidays that UNOCT keeps.

Source: domain rules, working days are Monday–Friday less a table of holidays of the United Nations.
"""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from audit.kinds import Kind
from entities.actors import Actor
from entities.appointments.rules import is_coordinator
from entities.models import Holiday
from web.exceptions import Forbidden, Invalid, NotVisible
from web.translated_text import set_localized

DAY = timedelta(days=1)
FIRST_OF_WEEKEND = 5  # Saturday, as `date.weekday` counts


# ── Counting ─────────────────────────────────────────────────────────────────
def after(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; with 0, the day itself if it is a working day, else the next one.

    Reads the holidays in one statement. Raises ValueError for a negative number, OverflowError beyond the year 9999.
    """
    return counted(day, count, holidays_from(day))


def counted(day: date, count: int, holidays: Collection[date]) -> date:
    """Return what `after` returns, with these holidays, for several computations with one reading of them."""
    if count < 0:
        raise ValueError("Working days are counted forward.")
    if count == 0:
        count, day = 1, day - DAY
    while count:
        day += DAY
        count -= is_working(day, holidays)
    return day


def is_working(day: date, holidays: Collection[date]) -> bool:
    """Return whether a day is a working day, with these holidays."""
    return day.weekday() < FIRST_OF_WEEKEND and day not in holidays


def holidays_from(day: date) -> frozenset[date]:
    """Return the holidays on and after a day, in one statement."""
    return frozenset(Holiday.objects.filter(day__gte=day).values_list("day", flat=True))


# ── Keeping the list ─────────────────────────────────────────────────────────
def may_keep(actor: Actor) -> bool:
    """Return whether this user keeps the list of holidays: the coordinators of UNOCT."""
    return is_coordinator(actor)


def years() -> range:
    """Return the years whose lists are kept: last year, this year and the next two."""
    now = timezone.now().year
    return range(now - 1, now + 3)


def in_year(year: int) -> QuerySet[Holiday]:
    """Return the holidays of a year, in order, with who recorded them."""
    return Holiday.objects.filter(day__year=year).select_related("recorded_by")


@transaction.atomic
def add(*, actor: Actor, day: date, name: str) -> Holiday:
    """Record a holiday, its name in the actor's language, and return it; periods that run already keep their end.

    Raises Forbidden, or Invalid (day): a day of a year that is far from now, or one that is in the list.
    """
    _require(actor)
    if day.year not in years():
        raise Invalid({"day": [_("Enter a day of last year, of this year or of the next 2 years.")]})
    row = Holiday(day=day, recorded_by=actor.user)
    set_localized(row, "name", name, get_language() or "en")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid({"day": [_("This day is already in the list of holidays.")]}) from error
    _log(row, "holiday added", actor.user)
    return row


@transaction.atomic
def remove(*, actor: Actor, pk: UUID) -> Holiday:
    """Remove a holiday from the list and return it as it was. Raises Forbidden, NotVisible."""
    _require(actor)
    row = Holiday.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotVisible
    _log(row, "holiday removed", actor.user)
    row.delete()
    return row


def _require(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden


def _log(row: Holiday, step: str, who: User) -> None:
    log.record(Kind.REFERENCE, subjects=[f"holiday:{row.pk}"], detail=f"{step}: {row.day}", who=who)
