"""Versions of a plan as they were agreed, and what differs between two of them."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import pgettext

from assistance import considerations, measures
from assistance.plans.models import ActionPlan, PlanEdition, PlanStep, StepCost, StepObligation
from assistance.plans.rules import steps_counted
from entities.models import Instrument, Organisation, Pillar, Theme
from web.translated_text import columns_in_languages

Values = Mapping[str, Any]  # what is kept of a plan or a step
Names = Mapping[Any, Any]

# What is kept of a step besides its texts: as the API would send it, without what changes after the agreement.
COLUMNS = (
    "number", "language", "framework", "provision", "responsible_body", "help_area", "help_types", "indicator", "unit",
    "lower_is_better", "baseline", "target", "means", "priority", *considerations.FIELDS,
)  # fmt: skip
DAYS = ("starts_on", "due")
COMPARED = (
    "number", "title", "recommendation", "theme", "pillar", "framework", "instrument", "provision", "obligations",
    "responsible_body", "supporters", "help_area", "help_types", "depends_on", "indicator", "unit", "lower_is_better",
    "baseline", "target", "means", "starts_on", "due", "priority", "costs", *considerations.FIELDS,
)  # fmt: skip
OF_PLAN = ("title", "starts_on", "ends_on")  # what is kept and compared of the plan itself


def header(plan: ActionPlan) -> dict[str, Any]:
    """Return what is kept of a plan beside its steps: JSON values only."""
    return {"language": plan.language, **_texts(plan), **_days(plan, OF_PLAN[1:])}


def header_shown(edition: PlanEdition, language: str) -> dict[str, Any]:
    """Return the title and the period of a version in a language; empty for one that was kept without them."""
    kept = edition.header
    if not kept:
        return {}
    return {"title": text_of(kept, "title", language), **{name: date.fromisoformat(kept[name]) for name in OF_PLAN[1:]}}


def _texts(row: Any) -> dict[str, str]:
    return {column: getattr(row, column) or "" for name in row.translated for column in columns_in_languages(name)}


def _days(row: Any, names: Sequence[str]) -> dict[str, str]:
    return {name: day.isoformat() if (day := getattr(row, name)) else "" for name in names}


def frozen(plan: ActionPlan) -> list[dict[str, Any]]:
    """Return the steps of a plan as they are kept, in their order: JSON values only. Statements: as many as relations."""
    rows = steps_counted(plan).select_related("theme", "pillar", "instrument").order_by("place", "id")
    prefetched = rows.prefetch_related("supporters", "depends_on", "obligations__instrument", "costs")
    return [_frozen(step) for step in prefetched]


def _frozen(step: PlanStep) -> dict[str, Any]:
    return {
        "step": str(step.pk),
        **{name: getattr(step, name) for name in COLUMNS},
        **_texts(step),
        **_days(step, DAYS),
        "theme": step.theme_id,
        "pillar": step.pillar_id,
        "instrument": step.instrument.symbol if step.instrument else "",
        "supporters": sorted(one.slug for one in step.supporters.all()),
        "depends_on": sorted(one.number for one in step.depends_on.all()),
        "obligations": [[one.instrument.symbol, one.provision] for one in step.obligations.all()],
        "costs": [[one.what, str(one.amount), one.currency] for one in step.costs.all()],
    }


def as_agreed(step: PlanStep) -> PlanStep:
    """Return a step as it was agreed last, for whoever does not see the plan; the step itself before the first agreement.

    It is a copy that is never saved. Status, reports and documents are those of the step.
    """
    if not step.agreed:
        return step
    found, kept = copy(step), step.agreed
    texts = (column for name in step.translated for column in columns_in_languages(name))
    for name in (*COLUMNS, *texts):
        if name in kept:
            setattr(found, name, kept[name])
    for name in DAYS:
        setattr(found, name, date.fromisoformat(kept[name]) if kept[name] else None)
    found.theme_id, found.pillar_id = kept["theme"], kept["pillar"]
    symbol = step.instrument.symbol if step.instrument else ""
    if kept["instrument"] != symbol:
        found.instrument = Instrument.objects.filter(symbol=kept["instrument"]).first()
    return found


def parts_as_agreed(step: PlanStep) -> dict[str, list[Any]]:
    """Return the obligations, costs and supporting entities of a step as they were agreed last; the first two not saved."""
    kept = step.agreed or {}
    instruments = {
        one.symbol: one for one in Instrument.objects.filter(symbol__in=[pair[0] for pair in kept["obligations"]])
    }
    return {
        "obligations": [
            StepObligation(step=step, instrument=instruments[symbol], provision=provision)
            for symbol, provision in kept["obligations"]
            if symbol in instruments
        ],
        "costs": [
            StepCost(step=step, what=what, amount=Decimal(amount), currency=currency)
            for what, amount, currency in kept["costs"]
        ],
        "supporters": list(Organisation.objects.filter(slug__in=kept["supporters"]).order_by("slug")),
    }


def text_of(kept: Mapping[str, Any], name: str, language: str) -> str:
    """Return a translated text of a kept step in this language, or else in the one in which it was written."""
    columns = (f"{name}_{code.replace('-', '_')}" for code in (language, kept["language"]))
    return next((kept[column] for column in columns if kept.get(column)), "")


@dataclass(frozen=True)
class Difference:
    """What one step has become between two versions. `kind` is “added”, “removed” or “changed”; `fields` what changed.

    That of the plan itself has no number.
    """

    kind: str
    number: str
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()  # label, before, after


def compared(first: PlanEdition, second: PlanEdition, language: str) -> list[Difference]:
    """Return what differs in the second version from the first: the plan, then the steps in their order. Two statements."""
    names = {row.pk: str(row) for model in (Theme, Pillar) for row in model._default_manager.all()}
    found = [
        Difference("changed", "", text_of(second.header, "title", language), fields)
        for fields in [tuple(_fields(ActionPlan, OF_PLAN, first.header, second.header, language, names))]
        if first.header and fields
    ]
    before = {kept["step"]: kept for kept in first.steps}
    after = {kept["step"]: kept for kept in second.steps}
    found += [
        Difference("removed", kept["number"], text_of(kept, "title", language))
        for key, kept in before.items()
        if key not in after
    ]
    for key, kept in after.items():
        title = text_of(kept, "title", language)
        if key not in before:
            found.append(Difference("added", kept["number"], title))
        elif fields := tuple(_fields(PlanStep, COMPARED, before[key], kept, language, names)):
            found.append(Difference("changed", kept["number"], title, fields))
    return found


def _fields(
    model: Any, compare: Sequence[str], before: Values, after: Values, language: str, names: Names
) -> Iterable[tuple[str, str, str]]:
    for name in compare:
        values = [_shown(model, kept, name, language, names) for kept in (before, after)]
        if values[0] != values[1]:
            yield _label(model._meta.get_field(name)), values[0], values[1]


def _label(field: Any) -> str:
    return capfirst(str(field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name))


def _shown(model: Any, kept: Values, name: str, language: str, names: Names) -> str:
    """Return a kept value as its reader reads it."""
    if name in model.translated:
        return text_of(kept, name, language)
    value, field = kept.get(name), model._meta.get_field(name)
    if name in (*DAYS, *OF_PLAN) and value:
        return date_format(date.fromisoformat(str(value)))
    if name in ("baseline", "target"):
        return measures.in_words(kept["unit"], str(value))
    if isinstance(value, bool):
        return str(pgettext("choice", "Yes") if value else pgettext("choice", "No"))
    choices = dict(getattr(getattr(field, "base_field", field), "flatchoices", ()) or names)
    if isinstance(value, list):
        return ", ".join(" ".join(filter(None, one)) if isinstance(one, list) else _word(choices, one) for one in value)
    return _word(choices, value)


def _word(choices: Names, value: Any) -> str:
    return str(choices.get(value, value)) if value else ""


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
