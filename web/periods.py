"""Periods of whole months."""

from datetime import date

from dateutil.relativedelta import relativedelta


def add_months(day: date, months: int) -> date:
    """Return the day with the same number so many months later, or the last day of that month if it has no such day.

    Six months after 31 August is the last day of February. Raises ValueError beyond the years 1 to 9999.
    """
    return day + relativedelta(months=months)
