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

    def ago(self, days: float) -> datetime:
        """Return the moment `days` ago."""
        return self.now - timedelta(days=days)
