"""The document of a plan: its requirement, progress and steps, in a language, as its reader sees them."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx.shared import Pt

from assistance.letters.docx import Cell, Writer
from assistance.offers.states import AssistanceType
from assistance.plans import queries
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.states import StepStatus
from audit import log
from audit.kinds import Kind
from entities.actors import Actor
from entities.programmes import by_role
from web.dates import in_words, span
from web.languages import to_wire
from web.lists import enumerated
from web.translated_text import Text, localized

WIDTHS = (1.4, 4.6, 6.0, 3.8, 3.0, 3.6, 3.0)  # centimetres
NOTHING = "–"


def file_name(plan: ActionPlan, language: str) -> str:
    """Return the name of the file, without its ending."""
    return f"{plan.reference}-{to_wire(language)}"


def to_docx(actor: Actor, plan: ActionPlan, language: str) -> bytes:
    """Return the plan as a DOCX file in a language, and log it."""
    steps = [step for step in queries.steps_of(actor, plan) if step.status != StepStatus.DROPPED and not step.leaves]
    prefetch_related_objects(steps, "obligations__instrument", "costs")
    log.read([plan, *steps])
    log.record(Kind.EXPORTED, detail=f"plan {plan.reference}, {len(steps)} steps")
    with override(language):
        writer = Writer(file_name(plan, language), language, landscape=True, size=Pt(10))
        writer.heading(str(localized(plan, "title", language)))
        writer.paragraph(f"{plan.state.name} · {plan.get_kind_display()} · {plan.reference}")
        writer.table((), list(_facts(plan, steps)), widths=(6, 19))
        writer.heading(pgettext("page", "Steps"), 2)
        writer.table(_headings(), [_cells(step, language) for step in steps], widths=WIDTHS)
        return writer.content()


def _facts(plan: ActionPlan, steps: Sequence[PlanStep]) -> list[Sequence[Cell]]:
    progress = queries.progress_of(steps)
    facts: list[Sequence[Cell]] = []
    if plan.instrument is not None:
        facts.append(
            (pgettext("label", "Requirement"), ", ".join(filter(None, (plan.instrument.in_words, plan.provision))))
        )
    if plan.programme is not None:
        facts.append((pgettext("label", "Programme"), str(plan.programme.name)))
        facts += [(role, enumerated(one.short for one in found)) for role, found in by_role(plan.programme)]
    facts.append((pgettext("label", "Period"), span(plan.starts_on, plan.ends_on)))
    facts.append((pgettext("label", "Version"), _version(plan)))
    counts = {"verified": progress.verified, "claimed": progress.claimed, "all": progress.of}
    text = _("%(verified)d of %(all)d steps verified; %(claimed)d reported as finished") % counts
    facts.append((pgettext("label", "Progress"), text))
    return facts


def _version(plan: ActionPlan) -> str:
    if plan.status == "agreed" and plan.agreed_on:
        values = {"number": plan.edition, "day": in_words(plan.agreed_on)}
        return _("%(number)s, agreed on %(day)s") % values
    return _("%(number)s, not yet agreed") % {"number": plan.edition}


def _headings() -> list[str]:
    return [
        capfirst(pgettext("field", "number")),
        capfirst(pgettext("of a step", "action")),
        capfirst(pgettext("model", "recommendation")),
        _("Who does it"),
        pgettext("label", "Due on"),
        _("Indicator and means of verification"),
        _("Assistance and costs"),
    ]


def _cells(step: PlanStep, language: str) -> list[Cell]:
    title, how = localized(step, "title", language), localized(step, "recommendation", language)
    who = "\n".join(filter(None, (step.responsible_body, enumerated(one.short for one in step.supporters.all()))))
    measure = f"{step.indicator}\n{step.baseline_in_words or NOTHING} → {step.target_in_words or NOTHING}"
    measure = "\n".join(filter(None, (measure if step.unit else "", step.means)))
    obligations = [" ".join(filter(None, (one.instrument.symbol, one.provision))) for one in step.obligations.all()]
    costs = queries.sums_of(step.costs.all())
    help_types = [str(AssistanceType(one).label) for one in step.help_types]
    assistance = [step.help_area, enumerated(help_types) if help_types else "", *(_sum(*one) for one in costs.items())]
    return [
        step.number,
        Text(str(title), title.language),
        Text("\n".join(filter(None, (str(how), "; ".join(obligations)))), how.language),
        who or NOTHING,
        f"{in_words(step.due)}\n{step.get_status_display()}",
        measure or NOTHING,
        "\n".join(filter(None, assistance)) or NOTHING,
    ]


def _sum(currency: str, amount: Decimal) -> str:
    return f"{number_format(amount, force_grouping=True)} {currency}"
