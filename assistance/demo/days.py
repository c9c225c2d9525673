"""Days counted from the day of loading, so that demonstration data are never old."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Days:
    """The moment of loading, and moments before it."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, offset: int) -> date:
        """Return the day `offset` days from today; negative is past."""
        return self.today + timedelta(days=offset)

    def optional_day(self, offset: int | None) -> date | None:
        """Return the day `offset` days from today, or None for None."""
        return None if offset is None else self.day(offset)

    def ago(self, days: float) -> datetime:
        """Return the moment `days` ago."""
        return self.now - timedelta(days=days)

    def working_hour(self, days_ago: int) -> datetime:
        """Return one to eight hours after the moment `days_ago`: a history with one time of day looks made up."""
        return self.ago(days_ago) + timedelta(hours=1 + days_ago % 8)
