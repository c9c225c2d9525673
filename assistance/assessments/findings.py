"""The findings of an assessment: rows that are written with it, each of which CTED can make a need of."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from assistance.assessments.models import Assessment, Finding
from assistance.assessments.states import MOST_FINDINGS, Framework
from assistance.workflow.editing import Values
from web.exceptions import Invalid
from web.texts import TEXT_MAX

FINDINGS = "findings"  # the name of the value that holds all findings of an assessment, in their order
WRITTEN = ("theme", "framework", "text", "is_gap")
Given = Mapping[str, Any]


def given_of(finding: Finding) -> dict[str, Any]:
    """Return a stored finding as a value."""
    return {"id": finding.pk, **{name: getattr(finding, name) for name in WRITTEN}}


def stored(row: Assessment) -> list[dict[str, Any]]:
    """Return the findings of an assessment as values; none of one that is being recorded."""
    if row._state.adding:
        return []
    return [given_of(finding) for finding in row.findings.select_related("theme")]


def identified(row: Assessment, given: Sequence[Given]) -> list[Given]:
    """Return these findings, those without an id that are equal to a stored one with its id: they are the same."""
    named = {one.get("id") for one in given}
    free = [one for one in stored(row) if one["id"] not in named]
    found: list[Given] = []
    for one in given:
        same = None if one.get("id") else next((old for old in free if _content(old) == _content(one)), None)
        if same is not None:
            free.remove(same)
        found.append(same or one)
    return found


def _content(one: Given) -> tuple[Any, ...]:
    return tuple(one.get(name, False) for name in WRITTEN)


def check(row: Assessment, values: Values) -> None:
    """Raise Invalid, naming the finding, for one that is incomplete or unknown, and for one left out that has a need."""
    if FINDINGS not in values:
        return
    given = identified(row, values[FINDINGS])
    if len(given) > MOST_FINDINGS:
        raise Invalid({FINDINGS: [_("An assessment has at most %(most)d findings.") % {"most": MOST_FINDINGS}]})
    known = {} if row._state.adding else {finding.pk: finding for finding in row.findings.all()}
    errors: dict[str, list[Any]] = {}
    named: set[UUID] = set()
    for number, one in enumerate(given):
        key = one.get("id")
        if key is not None and (key not in known or key in named):
            errors[f"{FINDINGS}.{number}.id"] = [_("This assessment has no such finding.")]
        named |= {key} if key is not None else set()
        if not str(one.get("text", "")).strip():
            errors[f"{FINDINGS}.{number}.text"] = [_("Enter what was found.")]
        elif len(one["text"]) > TEXT_MAX:
            errors[f"{FINDINGS}.{number}.text"] = [_("The text is too long.")]
        if one.get("framework") not in Framework.values:
            errors[f"{FINDINGS}.{number}.framework"] = [_("Select one of the frameworks.")]
    if any(finding.need_id and key not in named for key, finding in known.items()):
        errors[FINDINGS] = [_("A finding of which a need was made cannot be removed.")]
    if errors:
        raise Invalid(errors)


def moves(row: Assessment, values: Values) -> bool:
    """Return whether `values` contains other findings than the assessment has."""
    if FINDINGS not in values:
        return False
    return _compared(identified(row, values[FINDINGS])) != _compared(stored(row))


def _compared(given: Sequence[Given]) -> list[tuple[Any, ...]]:
    return [(one.get("id"), *_content(one)) for one in given]


def write(row: Assessment, values: Values) -> None:
    """Write the findings of an assessment in the order given, if `values` contains them."""
    if FINDINGS not in values:
        return
    known: dict[Any, Finding] = {finding.pk: finding for finding in row.findings.all()}
    given = identified(row, values[FINDINGS])
    kept = {one["id"] for one in given if one.get("id")}
    row.findings.filter(pk__in=set(known) - kept).delete()
    for number, one in enumerate(given, start=1):
        finding = known.get(one.get("id")) or Finding(assessment=row)
        finding.number = number
        for name in WRITTEN:
            setattr(finding, name, one.get(name, False))
        finding.save()
