"""Dates relative to the day of loading, so that demonstration data are always recent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Days:
    """The time of loading, and times relative to it."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, offset: int) -> date:
        """Return the date `offset` days from today; negative is past."""
        return self.today + timedelta(days=offset)

    def optional_day(self, offset: int | None) -> date | None:
        """Return the date `offset` days from today, or None for None."""
        return None if offset is None else self.day(offset)

    def ago(self, days: float) -> datetime:
        """Return the time `days` days ago."""
        return self.now - timedelta(days=days)

    def working_hour(self, days_ago: int) -> datetime:
        """Return a time one to eight hours after the time `days_ago`, so that times of day vary realistically."""
        return self.ago(days_ago) + timedelta(hours=1 + days_ago % 8)
