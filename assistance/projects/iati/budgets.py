"""The budget of an activity: one sum in one currency over its periods, or none."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml.etree import _Element as Element

from assistance import currencies
from assistance.projects.iati.codes import COMMITTED_BUDGET, REVISED_BUDGET
from assistance.projects.iati.findings import Findings

MOST_MONEY = Decimal(10) ** 14  # the maximum length of the column


@dataclass(frozen=True)
class Period:
    """A budget as published. `rank` orders them: a revised one before the original, a committed before an indicative."""

    element: Element
    rank: tuple[bool, bool]
    first: date
    last: date
    amount: Decimal
    currency: str

    def overlaps(self, other: "Period") -> bool:
        """Return whether both have more than one day in common: some publishers end a period on the next one's first day."""
        if (self.first, self.last) == (other.first, other.last):
            return True
        return self.first < other.last and other.first < self.last


def read_budget(activity: Element, found: Findings) -> tuple[Decimal | None, str]:
    """Return the sum and its currency, None and "" if there is none that is true.

    A revised budget replaces the original ones whose periods it overlaps, a committed one the indicative ones. Where two
    of one rank overlap, or the currencies differ, nobody can say what the sum is.
    """
    read = [_period(element, activity.get("default-currency", ""), found) for element in activity.iterfind("budget")]
    kept: list[Period] = []
    for one in sorted((one for one in read if one), key=lambda one: one.rank, reverse=True):
        others = [other for other in kept if one.overlaps(other)]
        if any(other.rank == one.rank for other in others):
            found.note(one.element, "budget", "two budgets of one type and status overlap in time; no sum is kept")
            return None, ""
        if others:
            found.note(one.element, "budget", f"replaced by the budget in line {others[0].element.sourceline}")
        else:
            kept.append(one)
    return _sum(activity, kept, found)


def _sum(activity: Element, kept: list[Period], found: Findings) -> tuple[Decimal | None, str]:
    used = {one.currency for one in kept}
    if len(used) != 1:
        if used:
            found.note(activity, "budget", "the budgets are in several currencies; no sum is kept")
        return None, ""
    total = sum((one.amount for one in kept), Decimal())
    if total >= MOST_MONEY:
        found.fault(activity, "A budget of 10^14 or more cannot be kept.")
        return None, ""
    if len(kept) > 1:
        found.note(activity, "budget", f"{len(kept)} periods are kept as one sum, not by period")
    return total, used.pop()


def _period(element: Element, default_currency: str, found: Findings) -> Period | None:
    """Return a budget, None for one that is left out with a note, or refuses the file."""
    first, last = (_day(element.find(tag)) for tag in ("period-start", "period-end"))
    value = element.find("value")
    currency = (value.get("currency") or default_currency).strip()
    try:
        amount = Decimal((value.text or "0").strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= MOST_MONEY:
        found.fault(value, "A budget of 10^14 or more cannot be kept.")
    elif not currency:
        found.fault(value, "The budget names no currency.")
    elif currency not in currencies.CODES:
        found.note(value, "unknown code", f"“{currency}” is no currency of ISO 4217; the budget is left out")
    elif amount < 0:
        found.note(value, "budget", f"{amount} is below zero; the budget is left out")
    elif first is None or last is None or last < first:
        found.note(element, "budget", "the period has no beginning and end in this order; the budget is left out")
    elif element.get("type", "1") not in ("1", REVISED_BUDGET) or element.get("status", "1") not in (
        "1",
        COMMITTED_BUDGET,
    ):
        found.note(element, "unknown code", "the type or status of the budget is not known; the budget is left out")
    else:
        rank = (element.get("type") == REVISED_BUDGET, element.get("status") == COMMITTED_BUDGET)
        return Period(element, rank, first, last, amount.quantize(Decimal("0.01")), currency)
    return None


def _day(element: Element) -> date | None:
    try:
        return date.fromisoformat(element.get("iso-date", "").strip()[:10])
    except ValueError:
        return None
