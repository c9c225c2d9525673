"""How plans and their steps are recorded and edited."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance import considerations, measures
from assistance.access import policy
from assistance.consultations.models import Parameter, Round
from assistance.consultations.states import RoundStatus
from assistance.needs.models import Need
from assistance.plans.contents import PARTS
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.rules import steps_counted, verifying
from assistance.plans.states import GOES_ON, MOST_STEPS, PlanKind, PlanStatus, StepStatus
from assistance.projects.models import Project
from assistance.workflow.editing import EditSpec, Values, check_order
from assistance.workflow.parts import check_parts, parts_move, write_parts
from entities.actors import Actor
from web.exceptions import Conflict, Invalid
from web.turns import has_turn

PARAMETER = "parameter"  # the value that names a priority of the round; its target becomes that of the step


# ── Plans ────────────────────────────────────────────────────────────────────
def check_plan(plan: ActionPlan, values: Values) -> None:
    """Raise Invalid for values that contradict each other.

    A roadmap takes State, programme, requirement and round from its consultation. Raises Conflict for one before a round
    is closed, and for a second one of the same consultation, with the address of the first.
    """
    check_order(plan, "starts_on", "ends_on")
    if not plan._state.adding:
        before = ActionPlan.objects.values_list("kind", "consultation", "state").get(pk=plan.pk)
        if before != (plan.kind, plan.consultation_id, plan.state_id):
            raise Invalid({"kind": [_("Kind, State and consultation of a plan cannot be changed. Draft another one.")]})
    elif plan.is_roadmap:
        _take_from_consultation(plan)
    elif plan.consultation_id is not None:
        raise Invalid({"consultation": [_("A national action plan belongs to no consultation. Leave it empty.")]})
    elif plan.state_id is None or not plan.state.is_state:
        raise Invalid({"state": [_("Select the State of the plan.")]})


def _take_from_consultation(plan: ActionPlan) -> None:
    consultation = plan.consultation
    if consultation is None:
        raise Invalid({"consultation": [_("Select the consultation on which the roadmap is based.")]})
    if plan.state_id is not None and plan.state_id != consultation.state_id:
        raise Invalid({"state": [_("Select the State of the consultation, or leave it empty.")]})
    list(
        type(consultation).objects.select_for_update().filter(state=consultation.state_id).values_list("pk")
    )  # in turn
    same = {name: getattr(consultation, name) for name in ("state", "instrument", "provision")}
    other = ActionPlan.objects.filter(Q(consultation=consultation) | Q(kind=PlanKind.ROADMAP, **same)).first()
    if other is not None:
        problem = _("There is a roadmap for this requirement: %(reference)s. Start a new version of it.")
        raise Conflict(problem % {"reference": other.reference}, url=other.get_absolute_url())
    plan.round = last_round(consultation)
    if plan.round is None:
        raise Conflict(_("Close a round of the consultation first."), url=consultation.get_absolute_url())
    plan.state, plan.programme = consultation.state, consultation.programme
    plan.instrument, plan.provision = consultation.instrument, consultation.provision


def last_round(consultation: Any) -> Round | None:
    """Return the last round of a consultation that was closed."""
    return Round.objects.filter(consultation=consultation, status=RoundStatus.CLOSED).order_by("-number").first()


def check_draft(plan: ActionPlan) -> None:
    """Raise Conflict unless the plan is a draft."""
    if plan.status != PlanStatus.DRAFT:
        raise Conflict(_("The plan is not a draft. Start a new version of it first."), url=plan.get_absolute_url())


# ── Steps ────────────────────────────────────────────────────────────────────
def check_step_draft(step: PlanStep) -> None:
    """Raise Conflict unless the plan is a draft, and for a step that was reported as finished or is no longer planned."""
    check_draft(step.plan)
    if step.status not in GOES_ON or step.leaves:
        raise Conflict(_("This step cannot be changed: it was reported as finished, or it is no longer planned."))


def check_step(step: PlanStep, values: Values) -> None:
    """Raise Invalid for values that contradict each other, naming the field.

    A new step gets kind, State and programme of its plan, and of a roadmap its requirement. The number that an agreed
    step had is kept among its former ones. Raises Conflict unless the plan is a draft.
    """
    errors: dict[str, list[Any]] = {}
    if step._state.adding:
        _join(step)
    else:
        _keep_number(step)
    check_order(step, "starts_on", "due")
    try:
        PlanStep._meta.get_field("number").run_validators(step.number)
    except ValidationError as error:
        raise Invalid({"number": error.messages}) from None
    step.place = ".".join(f"{int(part):03d}" for part in step.number.split("."))
    step.pillar = step.theme.pillar or step.pillar
    if step.pillar is None and not step.framework:
        errors["pillar"] = [_("This theme belongs to no pillar. Select the pillar or the framework of the step.")]
    _take_parameter(step, values, errors)
    _check_measure(step, errors)
    _check_relations(step, values, errors)
    errors |= considerations.errors_of(step)
    if errors:
        raise Invalid(errors)
    check_parts(PARTS, step, values)


def _join(step: PlanStep) -> None:
    plan = ActionPlan.objects.select_for_update(of=("self",)).get(pk=step.plan_id)  # it stays a draft meanwhile
    check_draft(plan)
    if steps_counted(plan).count() >= MOST_STEPS:
        raise Invalid({"plan": [_("A plan has at most %(most)d steps.") % {"most": MOST_STEPS}]})
    step.plan, step.kind, step.state, step.programme = plan, plan.kind, plan.state, plan.programme
    if step.instrument_id is None:
        step.instrument = plan.instrument
        step.provision = step.provision or plan.provision


def _keep_number(step: PlanStep) -> None:
    before = PlanStep.objects.only("plan", "number", "agreed_in").get(pk=step.pk)
    if before.plan_id != step.plan_id:
        raise Invalid({"plan": [_("A step cannot be moved to another plan.")]})
    if before.number != step.number and before.agreed_in is not None:
        step.former_numbers = [*step.former_numbers, before.number]


def _take_parameter(step: PlanStep, values: Values, errors: dict[str, list[Any]]) -> None:
    """Take the indicator from a priority of the round, where the values name one; what is entered beside it stays."""
    if PARAMETER not in values:
        return
    key: Any = values[PARAMETER]
    before = None if step._state.adding else PlanStep.objects.values_list("parameter", flat=True).get(pk=step.pk)
    of_round = Q(round=step.plan.round_id) | Q(pk=before)  # a new version is based on another round than the link
    found = Parameter.objects.filter(of_round, pk=getattr(key, "pk", key)).first() if key else None
    if key and found is None:
        errors[PARAMETER] = [_("Select a priority of the round on which the roadmap is based.")]
    step.parameter = found
    if found is not None and found.pk != before:
        step.indicator, step.unit, step.lower_is_better = found.name, found.unit, found.lower_is_better
        for name in ("baseline", "target", "means"):
            setattr(step, name, getattr(step, name) or getattr(found, name))


def _check_measure(step: PlanStep, errors: dict[str, list[Any]]) -> None:
    """Read baseline and target by their unit, which stays once a value was reported; another one ends the link."""
    before = "" if step._state.adding else PlanStep.objects.values_list("unit", flat=True).get(pk=step.pk)
    if before != step.unit and not step._state.adding and step.reports.exclude(value="").exists():
        errors["unit"] = [_("The unit can be changed only while no value has been reported.")]
        return
    if not step.unit:
        if step.baseline or step.target:
            errors["unit"] = [_("Select one of the units.")]
        return
    if step.parameter is not None and step.parameter.unit != step.unit:
        step.parameter = None
    for name in ("baseline", "target"):
        try:
            setattr(step, name, measures.read(step.unit, getattr(step, name)))
        except ValueError as error:
            errors[name] = [str(error)]
    both = (step.baseline, step.target)
    if not errors and measures.is_worse(step.unit, *both, lower_is_better=step.lower_is_better):
        errors["target"] = [
            _("The target is worse than the baseline. Correct it, or tick “lower is better” if that is meant.")
        ]


def _check_relations(step: PlanStep, values: Values, errors: dict[str, list[Any]]) -> None:
    if any(need.state_id != step.state_id for need in values.get("needs", ())):
        errors["needs"] = [_("Select needs of the State of the plan.")]
    if any(one.is_state for one in values.get("supporters", ())):
        errors["supporters"] = [_("Select entities, not States: the State itself reports on the step.")]
    elif set(verifying(step.kind)) <= {one.slug for one in values.get("supporters", ())}:
        errors["supporters"] = [_("Nobody would be left to verify the step. Remove an office that verifies it.")]
    before = list(values.get("depends_on", ()))
    if any(one.plan_id != step.plan_id or one.status == StepStatus.DROPPED or one.leaves for one in before):
        errors["depends_on"] = [_("Select steps of the same plan that are still planned.")]
    elif _links_anew(step, before) and not has_turn(f"links of plan {step.plan_id}"):
        # Links by two people at once could close a ring. Whoever waited here would hold a row that the other one links.
        raise Conflict(_("Another user is linking steps of this plan. Save again."))
    elif ring := _ring(step, before):
        chain = " → ".join(ring)
        errors["depends_on"] = [_("These steps would wait for each other: %(steps)s.") % {"steps": chain}]


def _links_anew(step: PlanStep, before: Iterable[PlanStep]) -> bool:
    """Return whether a step would depend on others than now."""
    now = () if step._state.adding else step.depends_on.values_list("pk", flat=True)
    return set(now) != {one.pk for one in before}


def _ring(step: PlanStep, before: Iterable[PlanStep]) -> list[str]:
    """Return the numbers of the steps that would depend on each other in a ring, beginning and ending with this one."""
    links: dict[UUID, list[UUID]] = {}
    through: Any = PlanStep.depends_on.through
    pairs = through.objects.filter(from_planstep__plan=step.plan_id).exclude(from_planstep=step.pk)
    for one, other in pairs.values_list("from_planstep", "to_planstep"):
        links.setdefault(one, []).append(other)
    waiting = [(one.pk, [one.pk]) for one in before]
    seen: set[UUID] = set()
    while waiting:
        key, path = waiting.pop()
        if key == step.pk:
            numbers = dict(PlanStep.objects.filter(pk__in=path).values_list("pk", "number"))
            return [step.number, *(numbers[one] if one != step.pk else step.number for one in path)]
        if key not in seen:
            seen.add(key)
            waiting += [(following, [*path, following]) for following in links.get(key, ())]
    return []


def keep_hidden(actor: Actor, step: PlanStep, values: Values) -> Values:
    """Return the values with the needs and projects of a step that the editor does not see, so that they stay."""
    hidden = {
        name: [*values[name], *getattr(step, name).exclude(pk__in=policy.visible(actor, model).values("pk"))]
        for name, model in (("needs", Need), ("projects", Project))
        if name in values
    }
    return {**values, **hidden}


def relate(step: PlanStep, values: Values) -> None:
    """Write the obligations and costs of a step."""
    write_parts(PARTS, step, values)


def relates(step: PlanStep, values: Values) -> bool:
    """Return whether obligations, costs or the priority of a step would change."""
    stored = PlanStep.objects.values_list("parameter", flat=True).get(pk=step.pk)
    return stored != step.parameter_id or parts_move(PARTS, step, values)


PLAN = EditSpec(recorded="plan_drafted", edited="plan_edited", check=check_plan, may_change=check_draft)
STEP = EditSpec(
    recorded="step_recorded",
    edited="step_edited",
    check=check_step,
    may_change=check_step_draft,
    kept=keep_hidden,
    relate=relate,
    relates=relates,
    unique={
        "step_number_once": ("number", gettext_lazy("The plan has a step with this number. Enter another number.")),
    },
)
