"""Fields for a day: day, month and year apart, so that no browser swaps the day and the month.

A day sent whole (2026-03-04), as programs and bookmarks do, is taken too.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from web.dates import in_words

PARTS = {
    "day": pgettext_lazy("part of a date", "Day"),
    "month": pgettext_lazy("part of a date", "Month"),
    "year": pgettext_lazy("part of a date", "Year"),
}
YEAR_FIRST = {"zh-hans"}
ANOTHER = "another"


class DayParts(NamedTuple):
    """What was typed as day, month and year."""

    day: str
    month: str
    year: str

    def wrong(self) -> list[str]:
        """Return the names of the parts that cannot be right."""
        bounds = {"day": 31, "month": 12, "year": 9999}
        return [name for name, most in bounds.items() if not 1 <= number_of(getattr(self, name)) <= most]

    def as_date(self) -> date | None:
        """Return the day; None if there is no such day."""
        try:
            return date(*(number_of(part) for part in (self.year, self.month, self.day)))
        except ValueError:
            return None


def number_of(text: str) -> int:
    """Return the number that was typed, in the digits of any script; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 4 else 0


class DateParts(forms.Widget):
    """Day, month and year as three fields, in the order of the reader's language."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = parts_of(value)
        wrong = typed.wrong() if isinstance(value, DayParts) else []
        given = context["widget"]["attrs"]
        described = {key: given[key] for key in ("aria-describedby", "disabled") if key in given}
        order = ("year", "month", "day") if get_language() in YEAR_FIRST else ("day", "month", "year")
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{given.get('id') or f'id_{name}'}_{part}",
                "part": part,
                "label": PARTS[part],
                "value": getattr(typed, part),
                "wrong": part in wrong,
                "length": 4 if part == "year" else 2,
                "attrs": described,
            }
            for part in order
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        """Return no id: the group is named by its legend."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if name in data:
            return data.get(name)
        typed = DayParts(*(str(data.get(f"{name}_{part}") or "").strip() for part in PARTS))
        return typed if any(typed) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)


def parts_of(value: Any) -> DayParts:
    """Return the three parts of a value to be shown; a day sent whole that could not be read stands in none of them."""
    if isinstance(value, DayParts):
        return value
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return DayParts("", "", "")
    return DayParts(str(value.day), str(value.month), str(value.year)) if value else DayParts("", "", "")


class DayField(forms.DateField):
    """A day. The error says which part is missing or cannot be right."""

    widget = DateParts

    def prepare_value(self, value: Any) -> Any:
        """Return what is shown or carried along in a hidden field: the day, once its parts are one."""
        return value.as_date() or value if isinstance(value, DayParts) else value

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, DayParts):
            return super().to_python(value)
        empty = [str(PARTS[name]) for name in PARTS if not getattr(value, name)]
        if empty:
            text = ngettext(
                "Enter the missing part of the date: %(parts)s.",
                "Enter the missing parts of the date: %(parts)s.",
                len(empty),
            )
            raise ValidationError(text % {"parts": ", ".join(empty)}, code="invalid")
        wrong = value.wrong()
        if wrong:
            raise ValidationError([str(WRONG[name]) for name in wrong], code="invalid")
        found = value.as_date()
        if found is None:
            raise ValidationError(_("This day does not exist in the month entered. Enter another day."), code="invalid")
        return found


WRONG = {
    "day": gettext_lazy("Enter the day as a number from 1 to 31."),
    "month": gettext_lazy("Enter the month as a number from 1 to 12."),
    "year": gettext_lazy("Enter the year as a number with 4 digits."),
}


# ── An end, with quick choices ───────────────────────────────────────────────
class EndParts(DateParts):
    """Choices for a last day: some months from today, none, or another day as day, month and year."""

    template_name = "django/forms/widgets/end_parts.html"

    def __init__(
        self, months: Sequence[int], no_end: str | Promise | None, attrs: dict[str, Any] | None = None
    ) -> None:
        self.months, self.no_end = months, no_end
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        days = [(after(months).isoformat(), _months(months), in_words(after(months))) for months in self.months]
        rows = [*days, *([("", str(self.no_end), "")] if self.no_end else []), (ANOTHER, _("Another date"), "")]
        now = value.isoformat() if isinstance(value, date) else value
        known = [row[0] for row in rows]
        chosen = ("" if self.no_end else None) if not now else now if now in known else ANOTHER
        if chosen != ANOTHER:  # the day is said in words beside its choice
            context["widget"]["parts"] = [{**part, "value": ""} for part in context["widget"]["parts"]]
        context["widget"]["choices"] = [
            {"value": code, "label": label, "note": note, "id": f"{base}_choice_{number}", "checked": code == chosen}
            for number, (code, label, note) in enumerate(rows)
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        chosen = data.get(f"{name}_choice", ANOTHER)
        if name in data or chosen == ANOTHER:
            found = super().value_from_datadict(data, files, name)
            picked = f"{name}_choice" in data and name not in data
            return DayParts("", "", "") if picked and found is None else found
        return chosen or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}_choice" not in data and super().value_omitted_from_data(data, files, name)


class EndField(DayField):
    """A last day, with quick choices; `no_end` is the label of the choice for none, where there may be none."""

    def __init__(self, *, months: Sequence[int] = (6, 12), no_end: str | Promise | None = None, **kwargs: Any) -> None:
        super().__init__(**{"required": no_end is None, "widget": EndParts(months, no_end), **kwargs})


def after(months: int) -> date:
    """Return the day some months from today in the reader's time zone, or the last day of that month."""
    today = timezone.localdate()
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    for day in (today.day, 30, 29, 28):
        found = DayParts(str(day), str(month + 1), str(year)).as_date()
        if found and day <= today.day:
            return found
    return date(year, month + 1, 28)


def _months(count: int) -> str:
    if count % 12 == 0:
        years = count // 12
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}
