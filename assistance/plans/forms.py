"""Forms of plans and their steps."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import considerations, currencies, measures
from assistance.access import policy
from assistance.assessments.forms import ThemeOfFinding
from assistance.consultations.models import Consultation, Parameter
from assistance.measures import IndicatorUnit
from assistance.needs.models import Need
from assistance.pages.fields import TicksField
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.pages.part_rows import PartRows
from assistance.plans.contents import COSTS, OBLIGATIONS
from assistance.plans.editions import as_agreed
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.states import DIGITS, EVIDENCE_MAX, PROVISION_MAX, SAID, WHAT_MAX, PlanKind, StepStatus
from assistance.projects.models import Project
from entities.actors import CTED, UNOCT
from entities.models import Instrument, Organisation
from web.exceptions import Invalid
from web.forms import NOTHING, Line, PlainText, fields_of
from web.texts import COMMENT_MAX, REMARK_MAX


class PlanForm(RecordForm):
    """A plan: CTED drafts roadmaps on consultations, UNOCT national plans of States."""

    vars().update(fields_of(ActionPlan, "kind", "consultation", "state", "title", "starts_on", "ends_on"))
    field_order = ["kind", "consultation", "state", "language", "title", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        offices = {CTED: PlanKind.ROADMAP, UNOCT: PlanKind.NATIONAL_PLAN}
        kinds = [offices[one.slug] for one in self.actor.organisations if one.slug in offices]
        if self.instance is not None:
            kinds = [PlanKind(self.instance.kind)]
            for name in ("kind", "consultation", "state"):
                del fields[name]
        else:
            fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
            fields["state"].queryset = Organisation.objects.states().by_name()
            fields["state"].help_text = _(
                "Only for a national action plan: a roadmap takes the State of its consultation."
            )
            consultations = policy.visible(self.actor, Consultation).select_related("state", "programme")
            fields["consultation"].queryset = consultations.order_by("-modified_at", "-id")
            if len(kinds) == 1:
                fields["kind"].initial = kinds[0].value
                del fields["consultation" if kinds[0] == PlanKind.NATIONAL_PLAN else "state"]


def _obligation() -> Mapping[str, forms.Field]:
    instrument: Any = forms.ModelChoiceField(
        Instrument.objects.all(), label=_("Obligation: instrument"), required=False, empty_label=NOTHING
    )
    instrument.label_from_instance = attrgetter("in_words")
    return {
        "instrument": instrument,
        "provision": Line(label=pgettext_lazy("label", "Provision"), required=False, max_length=PROVISION_MAX),
    }


def _cost() -> Mapping[str, forms.Field]:
    return {
        "what": Line(label=_("Cost: what it pays for"), required=False, max_length=WHAT_MAX),
        "amount": forms.DecimalField(
            label=pgettext_lazy("label", "Amount"),
            required=False,
            max_digits=DIGITS,
            decimal_places=2,
            localize=True,
        ),
        "currency": forms.ChoiceField(
            label=pgettext_lazy("label", "Currency"), required=False, choices=[("", NOTHING), *currencies.choices()]
        ),
    }


ROWS = (
    PartRows(parts=OBLIGATIONS, prefix="obligation", make=_obligation),
    PartRows(parts=COSTS, prefix="cost", make=_cost),
)
LINE = (
    "number", "title", "recommendation", "theme", "pillar", "framework", "responsible_body", "indicator", "unit",
    "lower_is_better", "baseline", "target", "means", "starts_on", "due", "priority",
)  # fmt: skip


class _StepFields(RecordForm):
    """What the form of a step and a row of the table of steps share."""

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        self.plan = plan
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].choices = [("", NOTHING), *IndicatorUnit.choices]
        help_text = _("A number, a percentage, yes or no, a level or a description, as the unit says.")
        for name in ("baseline", "target"):
            fields[name].help_text = help_text
            fields[name].widget.attrs["rows"] = 2

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the values of a step, baseline and target as the reader reads them."""
        values = super().initial_of(instance)
        shown = {name: measures.in_words(instance.unit, getattr(instance, name)) for name in ("baseline", "target")}
        return {**values, **shown}


class StepForm(_StepFields):
    """A step of a plan, which the page names."""

    vars().update(
        fields_of(
            PlanStep, *LINE, "instrument", "provision", "supporters", "help_area", "help_types", "needs", "projects",
            "depends_on", *considerations.FIELDS, supporters=TicksField, needs=TicksField, projects=TicksField,
            depends_on=TicksField, theme=ThemeOfFinding,
        )
    )  # fmt: skip
    parameter = forms.ModelChoiceField(
        Parameter.objects.none(), label=_("Priority of the round"), required=False, empty_label=NOTHING,
        help_text=_("Its indicator, baseline and target become those of the step where you leave these empty."),
    )  # fmt: skip
    groups: ClassVar[Any] = (
        (
            _("What is done"),
            (
                "number",
                "language",
                "title",
                "recommendation",
                "theme",
                "pillar",
                "framework",
                "instrument",
                "provision",
            ),
        ),
        (pgettext_lazy("label", "Obligations"), ("obligation_",)),
        (
            _("Who does it, and by when"),
            ("responsible_body", "supporters", "starts_on", "due", "priority", "depends_on"),
        ),
        (_("How it is measured"), ("parameter", "indicator", "unit", "lower_is_better", "baseline", "target", "means")),
        (_("Assistance and costs"), ("help_area", "help_types", "needs", "projects", "cost_")),
        (considerations.HEADING, considerations.FIELDS),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        plan = self.plan
        fields["instrument"].label_from_instance = attrgetter("in_words")
        fields["supporters"].queryset = Organisation.objects.exclude(kind="member_state").by_name()
        needs = policy.visible(self.actor, Need).filter(state=plan.state_id).select_related("state")
        fields["needs"].queryset = needs.order_by("-modified_at", "-id")
        projects = policy.visible(self.actor, Project).filter(states=plan.state_id)
        fields["projects"].queryset = projects.order_by("-modified_at", "-id").distinct()
        others = (
            policy.visible(self.actor, PlanStep)
            .filter(plan=plan)
            .filter(leaves=False)
            .exclude(status=StepStatus.DROPPED)
        )
        others = others.select_related("state")
        others = others.exclude(pk=self.instance.pk) if self.instance else others
        fields["depends_on"].queryset = others.order_by("place", "id")
        self.offer_parameters()
        for rows in ROWS:
            rows.add_to(self, rows.parts.stored(self.instance) if self.instance else [])

    def offer_parameters(self) -> None:
        """Offer the priorities of the round on which the plan is based; without any, the field is left out."""
        field: Any = self.fields["parameter"]
        linked = self.instance.parameter_id if self.instance else None
        own = Q(round=self.plan.round_id) | Q(pk=linked)
        field.queryset = Parameter.objects.filter(own).order_by("round__number", "number")
        field.label_from_instance = attrgetter("name")
        if not field.queryset.exists():
            del self.fields["parameter"]

    def values_and_version(self) -> tuple[dict[str, Any], int | None]:
        """Return the values, obligations and costs among them as lists, and the version that was read."""
        values, version = super().values_and_version()
        return {**values, **{rows.parts.name: rows.taken_from(self, values) for rows in ROWS}}, version

    def add_errors(self, error: Invalid) -> None:
        """Add the errors of obligations and costs to the fields in which they were entered."""
        for rows in ROWS:
            error = rows.at_fields(self, error)
        super().add_errors(error)


class StepLineForm(_StepFields):
    """A step as a row of the table of steps."""

    vars().update(fields_of(PlanStep, *LINE, theme=ThemeOfFinding))


# ── Transitions ──────────────────────────────────────────────────────────────
class ReasonForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX)


class PlanCommentForm(ActorForm):
    text = PlainText(
        label=_("Comment on the whole plan"), max_length=COMMENT_MAX, required=False,
        help_text=_("Your comments on single steps are sent with it."),
    )  # fmt: skip


class StepCommentForm(ActorForm):
    text = PlainText(label=pgettext_lazy("label", "Comment"), max_length=COMMENT_MAX)


class _ReportForm(ActorForm):
    value = Line(label=_("Value of the indicator"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = as_agreed(self.instance)  # what is reported on is what was agreed, not a draft
        if not self.instance.unit:
            del self.fields["value"]
        else:
            self.fields["value"].help_text = _("%(indicator)s. Target: %(target)s.") % {
                "indicator": step.indicator or step.get_unit_display(),
                "target": step.target_in_words or NOTHING,
            }


class ReportForm(_ReportForm):
    said = forms.ChoiceField(
        label=pgettext_lazy("label", "Status"),
        choices=[(one.value, one.label) for one in SAID],
        widget=forms.RadioSelect,
    )
    text = PlainText(
        label=_("What was done"), max_length=EVIDENCE_MAX, required=False,
        help_text=_("Required for a step that is delayed or on standby: say why."),
    )  # fmt: skip
    field_order = ["said", "text", "value"]


class FinishForm(_ReportForm):
    evidence = PlainText(label=pgettext_lazy("of a delivery", "Evidence"), max_length=EVIDENCE_MAX)
    file = forms.FileField(
        label=_("Evidence (a file)"), required=False, allow_empty_file=True,
        help_text=_("Required for a step of high priority, unless a file is attached already."),
    )  # fmt: skip
    field_order = ["evidence", "value", "file"]


class VerifyForm(ActorForm):
    note = PlainText(label=_("What you looked at"), max_length=EVIDENCE_MAX, required=False)


PLAN_FORMS: dict[str, type[ActorForm]] = {
    "put-to-state": EmptyForm,
    "agree": EmptyForm,
    "comment": PlanCommentForm,
    "revise": ReasonForm,
}
STEP_FORMS: dict[str, type[ActorForm]] = {
    "report": ReportForm,
    "finish": FinishForm,
    "verify": VerifyForm,
    "send-back": ReasonForm,
    "comment": StepCommentForm,
    "drop": ReasonForm,
    "keep": EmptyForm,
}
