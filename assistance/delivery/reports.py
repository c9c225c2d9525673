"""Reports of providers: what is checked, what a final report needs, and their sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import row_security
from assistance.delivery.models import Report
from assistance.delivery.states import FIGURES, LARGE, MOST
from assistance.needs.models import Match
from assistance.needs.states import Priority
from assistance.workflow.models import Event
from entities.actors import Actor
from entities.local_days import day_of, today_of
from entities.models import Appointment
from web.dates import in_words
from web.exceptions import Invalid
from web.texts import TEXT_MAX

TEXTS = ("what", "documents")
FIELDS = ("period_from", "period_to", *TEXTS, *FIGURES, "languages", "is_final")
NEEDS_SUBSTANCE = gettext_lazy(
    "A final report needs at least one number. Without one, name a document, or attach a file to the match."
)
NEEDS_DOCUMENT = gettext_lazy("The need has high priority. Name a document here, or attach a file to the match first.")


@dataclass(frozen=True)
class Sums:
    """The figures of several reports, added up."""

    reports: int = 0
    trained_women: int = 0
    trained_men: int = 0
    trained_unknown: int = 0
    expert_days: int = 0
    places_used: int = 0

    @property
    def trained(self) -> int:
        """How many people were trained."""
        return self.trained_women + self.trained_men + self.trained_unknown


def sums_of(rows: Iterable[Report]) -> Sums:
    """Return the figures of these reports, added up."""
    rows = list(rows)
    return Sums(len(rows), **{name: sum(getattr(row, name) for row in rows) for name in FIGURES})


def figures_of(match: Match) -> Sums:
    """Return the figures of a match, which whoever sees the match may know; the reports are read by its owners alone."""
    return figures_of_all([match])[match.pk]


def figures_of_all(matches: Sequence[Match]) -> dict[UUID, Sums]:
    """Return match → its figures, for all of these matches. One statement."""
    found: dict[UUID, list[Report]] = {match.pk: [] for match in matches}
    with row_security.bypass():
        for report in Report.objects.filter(match__in=found).only("match", *FIGURES):
            found[report.match_id].append(report)
    return {key: sums_of(rows) for key, rows in found.items()}


def default_period(match: Match) -> tuple[date, date]:
    """Return the period that a report covers by default: since the last one, or the acceptance, until today."""
    today = today_of(match.provider)
    last = Report.objects.filter(match=match).order_by("-period_to").values_list("period_to", flat=True).first()
    if last is not None:
        return min(last + timedelta(days=1), today), today
    accepted = Event.objects.filter(match=match, name="match_accepted").order_by("-at").first()
    return (day_of(accepted.at, match.provider) if accepted else today), today


def add(actor: Actor, appointment: Appointment, match: Match, values: Mapping[str, Any]) -> Report:
    """Add a report to a locked match. Raises Invalid for a period or numbers that cannot be right."""
    return Report.objects.create(
        match=match, by=actor.user, organisation=appointment.organisation, **_checked(match, values)
    )


def _checked(match: Match, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a report. Raises Invalid, naming each field that is wrong."""
    first, last = default_period(match)
    found = {
        **{name: values.get(name) or "" for name in TEXTS},
        **{name: values.get(name) or 0 for name in FIGURES},
        "period_from": values.get("period_from") or first,
        "period_to": values.get("period_to") or last,
        "languages": list(values.get("languages") or ()),
        "is_final": bool(values.get("is_final")),
    }
    if not values.get("period_from"):
        found["period_from"] = min(found["period_from"], found["period_to"])
    wrong = {**_wrong_texts(found), **_wrong_period(match, found), **_wrong_numbers(found)}
    if not wrong and not values.get("confirm_large"):
        wrong = unconfirmed(found)
    if wrong:
        raise Invalid(wrong)
    return found


def _wrong_texts(found: Mapping[str, Any]) -> dict[str, list[str]]:
    wrong = {name: [_("The text is too long.")] for name in TEXTS if len(found[name]) > TEXT_MAX}
    return wrong if found["what"].strip() else {**wrong, "what": [_("Enter what was done.")]}


def _wrong_period(match: Match, found: Mapping[str, Any]) -> dict[str, list[str]]:
    if found["period_to"] > today_of(match.provider):
        return {"period_to": [_("The period cannot end in the future. Report what has been done until today.")]}
    if found["period_from"] > found["period_to"]:
        return {"period_to": [_("The period ends before it begins. Correct one of the two days.")]}
    return _wrong_again(match, found)


def _wrong_again(match: Match, found: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return an error where numbers would be counted twice; a report may begin on the day on which the last one ended."""
    last = Report.objects.filter(match=match).order_by("-period_to", "-at").first()
    if last is None:
        return {}
    if found["period_from"] < last.period_to:
        said = _(
            "The last report covers the time until %(date)s. Begin on that day or later: nothing is counted twice."
        )
        return {"period_from": [said % {"date": in_words(last.period_to)}]}
    if all(getattr(last, name) == found[name] for name in ("period_from", "period_to", "what", *FIGURES, "is_final")):
        return {"what": [_("This report has been recorded already. Correct it if you want to add another one.")]}
    return {}


def _wrong_numbers(found: Mapping[str, Any]) -> dict[str, list[str]]:
    said = _("Enter a number between 0 and %(most)s.") % {"most": number_format(MOST, force_grouping=True)}
    return {name: [said] for name in FIGURES if not 0 <= found[name] <= MOST}


def unconfirmed(found: Mapping[str, Any], names: Iterable[str] = FIGURES) -> dict[str, list[str]]:
    """Return an error at each of these numbers that is so large that it may be a slip."""
    large = {name: found[name] for name in names if found[name] >= LARGE}
    text = _("%(number)s is an unusually large number. Correct it, or confirm below that it is right.")
    return {name: [text % {"number": number_format(number, force_grouping=True)}] for name, number in large.items()}


# ── The final report ─────────────────────────────────────────────────────────
def final_report(match: Match) -> Report | None:
    """Return the last final report of a match, or None."""
    return Report.objects.filter(match=match, is_final=True).order_by("-at").first()


def check_final(match: Match, final: Report) -> None:
    """Raise Invalid for a final report without a number and a document, or without a document for a need of high priority."""
    files = match.documents.filter(removed_at=None).exists()
    named = files or match.reports.exclude(documents="").exists()
    if match.need.priority == Priority.HIGH and not named:
        raise Invalid({"documents": [NEEDS_DOCUMENT]})
    if not (final.has_figure or final.documents or files):
        raise Invalid({"trained_women": [NEEDS_SUBSTANCE]})
