"""Versions of a plan as they were agreed, and what differs between two of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst

from assistance.plans.models import ActionPlan, PlanEdition, PlanStep
from assistance.plans.rules import steps_counted
from web.translated_text import columns_in_languages

# What is kept of a step besides its texts: as the API would send it, without what changes after the agreement.
COLUMNS = (
    "number", "language", "framework", "provision", "responsible_body", "help_area", "help_types", "indicator", "unit",
    "lower_is_better", "baseline", "target", "means", "priority",
)  # fmt: skip
DAYS = ("starts_on", "due")
COMPARED = (
    "number", "title", "recommendation", "theme", "framework", "instrument", "provision", "responsible_body", "supporters",
    "indicator", "baseline", "target", "means", "starts_on", "due", "priority",
)  # fmt: skip


def frozen(plan: ActionPlan) -> list[dict[str, Any]]:
    """Return the steps of a plan as they are kept, in their order: JSON values only. Statements: as many as relations."""
    rows = steps_counted(plan).select_related("theme", "pillar", "instrument").order_by("place", "id")
    prefetched = rows.prefetch_related("supporters", "depends_on", "obligations__instrument", "costs")
    return [_frozen(step) for step in prefetched]


def _frozen(step: PlanStep) -> dict[str, Any]:
    texts = {column: getattr(step, column) or "" for name in step.translated for column in columns_in_languages(name)}
    return {
        "step": str(step.pk),
        **{name: getattr(step, name) for name in COLUMNS},
        **texts,
        **{name: day.isoformat() if (day := getattr(step, name)) else "" for name in DAYS},
        "theme": step.theme_id,
        "pillar": step.pillar_id,
        "instrument": step.instrument.symbol if step.instrument else "",
        "supporters": sorted(one.slug for one in step.supporters.all()),
        "depends_on": sorted(one.number for one in step.depends_on.all()),
        "obligations": [[one.instrument.symbol, one.provision] for one in step.obligations.all()],
        "costs": [[one.what, str(one.amount), one.currency] for one in step.costs.all()],
    }


def text_of(kept: Mapping[str, Any], name: str, language: str) -> str:
    """Return a translated text of a kept step in this language, or else in the one in which it was written."""
    columns = (f"{name}_{code.replace('-', '_')}" for code in (language, kept["language"]))
    return next((kept[column] for column in columns if kept.get(column)), "")


@dataclass(frozen=True)
class Difference:
    """What one step has become between two versions. `kind` is “added”, “removed” or “changed”; `fields` what changed."""

    kind: str
    number: str
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()  # label, before, after


def compared(first: PlanEdition, second: PlanEdition, language: str) -> list[Difference]:
    """Return what differs in the second version from the first, in the order of the steps. No statement."""
    before = {kept["step"]: kept for kept in first.steps}
    after = {kept["step"]: kept for kept in second.steps}
    found = [
        Difference("removed", kept["number"], text_of(kept, "title", language))
        for key, kept in before.items()
        if key not in after
    ]
    for key, kept in after.items():
        title = text_of(kept, "title", language)
        if key not in before:
            found.append(Difference("added", kept["number"], title))
        elif fields := tuple(_fields(before[key], kept, language)):
            found.append(Difference("changed", kept["number"], title, fields))
    return found


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> Iterable[tuple[str, str, str]]:
    for name in COMPARED:
        values = [_shown(kept, name, language) for kept in (before, after)]
        if values[0] != values[1]:
            yield capfirst(str(PlanStep._meta.get_field(name).verbose_name)), values[0], values[1]  # type: ignore[union-attr]


def _shown(kept: Mapping[str, Any], name: str, language: str) -> str:
    if name in PlanStep.translated:
        return text_of(kept, name, language)
    value = kept[name]
    choices = dict(PlanStep._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    if isinstance(value, list):
        return ", ".join(value)
    return str(choices.get(value, value) if choices else value or "")


@dataclass(frozen=True)
class Kept:
    """A step of an agreed version as a reader sees it."""

    number: str
    title: str
    recommendation: str
    responsible_body: str
    supporters: str
    due: date | None


def shown(edition: PlanEdition, language: str) -> list[Kept]:
    """Return the steps of a version in a language. No statement."""
    return [
        Kept(
            kept["number"],
            text_of(kept, "title", language),
            text_of(kept, "recommendation", language),
            kept["responsible_body"],
            ", ".join(kept["supporters"]).upper(),
            date.fromisoformat(kept["due"]) if kept["due"] else None,
        )
        for kept in edition.steps
    ]
