"""Serializers of plans, of their steps, and of what stands in these."""

from typing import Any

from rest_framework import serializers

from assistance import considerations, currencies
from assistance.consultations.models import Consultation
from assistance.plans import editions
from assistance.plans.decisions import about_step
from assistance.plans.models import ActionPlan, PlanStep, StepComment, StepReport
from assistance.plans.queries import comments_on, editions_of, progress_of, steps_of
from assistance.plans.states import (
    EVIDENCE_MAX,
    MOST_COSTS,
    MOST_OBLIGATIONS,
    SAID,
    StepStatus,
)
from assistance.requests.models import AssistanceRequest
from assistance.rest.derived import STATES, body_of, shown_of
from assistance.rest.fields import CodeField, Prose, VersionedWriteSerializer, WriteSerializer, instruments
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer, money, text_name
from web.texts import COMMENT_MAX
from web.translated_text import localized


class ProgressSerializer(serializers.Serializer):
    """How many steps of a plan are verified, and how many claimed: `claimed` contains those that are verified."""

    claimed = serializers.IntegerField()
    verified = serializers.IntegerField()
    of = serializers.IntegerField(help_text="All steps that count.")
    overdue = serializers.IntegerField()


class PlanCommentSerializer(serializers.Serializer):
    """A comment of the State on a plan, or on one of its steps."""

    at = serializers.DateTimeField()
    by = serializers.CharField(help_text="Name of the person.")
    step = serializers.UUIDField(allow_null=True)
    edition = serializers.IntegerField()
    text = serializers.CharField()

    def to_representation(self, one: StepComment) -> Shown:
        """Return the comment."""
        return {"at": one.at, "by": one.by.name, "step": one.step_id, "edition": one.edition, "text": one.text}


class EditionSerializer(serializers.Serializer):
    """A version of a plan as it was agreed."""

    number = serializers.IntegerField()
    agreed_on = serializers.DateField()
    put_on = serializers.DateField()


class ActionPlanSerializer(WorkSerializer):
    """A roadmap or national plan. `consultation` and `round` are null for a reader who does not see them."""

    model = ActionPlan
    joins = ("state", "instrument")
    parents = {"consultation": Consultation}

    vars().update(shown_of(ActionPlan, "status", "edition", "provision", "agreed_on", "answer_by", state=STATES))
    consultation = serializers.UUIDField(allow_null=True)
    programme = serializers.CharField(allow_null=True, help_text="Code.")
    instrument = serializers.CharField(allow_null=True, help_text="Symbol of the requirement.")

    def to_representation(self, plan: ActionPlan) -> Shown:
        """Return the plan as this reader sees it."""
        return {
            **self.head(plan),
            "kind": plan.kind,
            "state": plan.state.iso3,
            "consultation": self.parent_id(plan, "consultation"),
            "programme": plan.programme_id,
            "instrument": plan.instrument.symbol if plan.instrument else None,
            "provision": plan.provision,
            **self.texts(plan),
            "starts_on": plan.starts_on,
            "ends_on": plan.ends_on,
            "status": plan.status,
            "edition": plan.edition,
            "agreed_on": plan.agreed_on,
            "answer_by": plan.answer_by,
        }


class ActionPlanDetailSerializer(ActionPlanSerializer, PageSerializer):
    """One plan, with its progress, versions and comments, who can see it and its history."""

    progress = ProgressSerializer()
    editions = EditionSerializer(many=True, help_text="For the owners of the plan; empty for all others.")
    comments = PlanCommentSerializer(many=True, help_text="For the owners of the plan; empty for all others.")

    def to_representation(self, plan: ActionPlan) -> Shown:
        """Return the plan as its page shows it."""
        actor = self.context["actor"]
        return {
            **super().to_representation(plan),
            "progress": ProgressSerializer(progress_of(steps_of(actor, plan))).data,
            "editions": EditionSerializer(editions_of(actor, plan).defer("steps"), many=True).data,
            "comments": PlanCommentSerializer(comments_on(actor, plan), many=True).data,
            **self.page(plan),
        }


# ── Steps ────────────────────────────────────────────────────────────────────
class ObligationSerializer(serializers.Serializer):
    """An obligation that a step has to comply with."""

    id = serializers.UUIDField()
    instrument = serializers.CharField(help_text="Symbol.")
    provision = serializers.CharField()

    def to_representation(self, one: Any) -> Shown:
        """Return the obligation."""
        return {"id": one.pk, "instrument": one.instrument.symbol, "provision": one.provision}


class StepCostSerializer(serializers.Serializer):
    """What one part of a step is estimated to cost."""

    id = serializers.UUIDField()
    what = serializers.CharField()
    amount = serializers.CharField(help_text="A decimal number.")
    currency = serializers.CharField(help_text="ISO 4217 code.")

    def to_representation(self, one: Any) -> Shown:
        """Return the cost."""
        return {"id": one.pk, "what": one.what, "amount": money(one.amount), "currency": one.currency}


class StepReportSerializer(serializers.Serializer):
    """What was said of a step, by whom."""

    at = serializers.DateTimeField()
    by = serializers.CharField(help_text="Name of the person.")
    organisation = serializers.CharField(help_text="Slug.")
    said = serializers.ChoiceField(StepStatus.choices)
    value = serializers.CharField(help_text="Of the indicator, typed by its unit.")
    text = serializers.CharField()

    def to_representation(self, one: StepReport) -> Shown:
        """Return the report."""
        return {
            "at": one.at,
            "by": one.by.name,
            "organisation": one.organisation.slug,
            "said": one.said,
            "value": one.value,
            "text": one.text,
        }


class PlanStepSerializer(WorkSerializer):
    """A step of a plan. `plan` is null for a reader who does not see it."""

    model = PlanStep
    joins = ("state", "instrument")
    parents = {"plan": ActionPlan}
    fetch = ("supporters", "needs", "projects", "depends_on")

    vars().update(shown_of(PlanStep, "kind", "status", "agreed_in", "leaves"))
    plan = serializers.UUIDField(allow_null=True)
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    programme = serializers.CharField(allow_null=True, help_text="Code.")
    former_numbers = serializers.ListField(child=serializers.CharField())
    is_overdue = serializers.BooleanField(
        help_text="Its day has passed in the State, and nobody reported it as finished."
    )

    def to_representation(self, step: PlanStep) -> Shown:
        """Return the step as this reader sees it: as it was agreed last for whoever does not see the plan."""
        supporters = sorted(self.organisation_of(key).slug for key in self.keys(step, "supporters"))
        if self.parent_id(step, "plan") is None and step.agreed:
            supporters, step = step.agreed["supporters"], editions.as_agreed(step)
            for name in step.translated:  # in lists, the database has chosen the text already
                text = localized(step, name)
                setattr(step, text_name(name), [text.language, text.value])
        return {
            **self.head(step),
            "kind": step.kind,
            "plan": self.parent_id(step, "plan"),
            "state": step.state.iso3,
            "programme": step.programme_id,
            "number": step.number,
            "former_numbers": step.former_numbers,
            **self.texts(step),
            "theme": step.theme_id,
            "pillar": step.pillar_id,
            "framework": step.framework,
            "instrument": step.instrument.symbol if step.instrument else None,
            "provision": step.provision,
            "responsible_body": step.responsible_body,
            "supporters": supporters,
            "help_area": step.help_area,
            "help_types": step.help_types,
            "needs": self.keys(step, "needs"),
            "projects": self.keys(step, "projects"),
            "depends_on": self.keys(step, "depends_on"),
            "indicator": step.indicator,
            "unit": step.unit,
            "lower_is_better": step.lower_is_better,
            "baseline": step.baseline,
            "target": step.target,
            "means": step.means,
            "starts_on": step.starts_on,
            "due": step.due,
            "priority": step.priority,
            **considerations.shown(step),
            "status": step.status,
            "agreed_in": step.agreed_in,
            "leaves": step.leaves and self.parent_id(step, "plan") is not None,
            "is_overdue": step.is_overdue,
        }


class PlanStepDetailSerializer(PlanStepSerializer, PageSerializer):
    """One step, with its obligations, costs, reports and requests, who can see it and its history."""

    obligations = ObligationSerializer(many=True)
    costs = StepCostSerializer(many=True)
    reports = StepReportSerializer(many=True)
    requests = serializers.ListField(child=serializers.UUIDField(), help_text="Requests made from it, that you see.")
    comments = PlanCommentSerializer(many=True, help_text="For the owners of the plan; empty for all others.")

    def to_representation(self, step: PlanStep) -> Shown:
        """Return the step as its page shows it."""
        found = about_step(self.context["actor"], step)
        return {
            **super().to_representation(step),
            "obligations": ObligationSerializer(found["obligations"], many=True).data,
            "costs": StepCostSerializer(found["costs"], many=True).data,
            "reports": StepReportSerializer([one for one, _value in found["reports"]], many=True).data,
            "requests": [row.pk for row in found["requests"]],
            "comments": PlanCommentSerializer(found["comments"], many=True).data,
            **self.page(step),
        }


# ── Bodies ───────────────────────────────────────────────────────────────────
class ActionPlanWriteSerializer(VersionedWriteSerializer):
    """The body that drafts a plan; a roadmap takes State and requirement from its consultation."""

    vars().update(body_of(ActionPlan, state=STATES))


class ObligationWriteSerializer(WriteSerializer):
    """An obligation. With the `id` of one that the step has, that one is changed."""

    id = serializers.UUIDField(required=False)
    instrument = CodeField(instruments, "symbol", help_text="Symbol.")
    provision = Prose(required=False, allow_blank=True, max_length=120)


class StepCostWriteSerializer(WriteSerializer):
    """A cost. With the `id` of one that the step has, that one is changed."""

    id = serializers.UUIDField(required=False)
    what = Prose(max_length=200)
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    currency = serializers.ChoiceField(currencies.choices(), help_text="ISO 4217 code.")


class PlanStepWriteSerializer(VersionedWriteSerializer):
    """The body that adds a step to a plan or changes it while the plan is a draft."""

    vars().update(body_of(PlanStep))
    parameter = serializers.UUIDField(
        required=False, allow_null=True,
        help_text="A priority of the round: its indicator, baseline and target become those of the step.",
    )  # fmt: skip
    obligations = ObligationWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_OBLIGATIONS, help_text="All of them: what is left out is removed."
    )
    costs = StepCostWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_COSTS, help_text="All of them: what is left out is removed."
    )


class PlanCommentWriteSerializer(VersionedWriteSerializer):
    """A comment on the whole plan; those on steps, which were written before, are sent with it."""

    text = Prose(required=False, allow_blank=True, max_length=COMMENT_MAX)


class StepCommentWriteSerializer(VersionedWriteSerializer):
    """A comment of the State on a step."""

    text = Prose(max_length=COMMENT_MAX)


class StepReportWriteSerializer(VersionedWriteSerializer):
    """Progress of a step; a text is required for one that is delayed or on standby."""

    said = serializers.ChoiceField([(one.value, one.label) for one in SAID])
    text = Prose(required=False, allow_blank=True, max_length=EVIDENCE_MAX)
    value = Prose(required=False, allow_blank=True, max_length=300, help_text="Of the indicator, typed by its unit.")


class StepFinishWriteSerializer(VersionedWriteSerializer):
    """A step that is finished, with its evidence; a file is sent as multipart/form-data."""

    evidence = Prose(max_length=EVIDENCE_MAX)
    value = Prose(required=False, allow_blank=True, max_length=300, help_text="Of the indicator, typed by its unit.")
    file = serializers.FileField(required=False, allow_empty_file=True, help_text="PDF, JPEG, PNG, DOCX, XLSX or PPTX.")


class StepVerifyWriteSerializer(VersionedWriteSerializer):
    """What was looked at, optional."""

    note = Prose(required=False, allow_blank=True, max_length=EVIDENCE_MAX)


class StepRequestSerializer(serializers.Serializer):
    """The draft request that was filled in from a step."""

    request = serializers.UUIDField()
    reference = serializers.CharField()

    def to_representation(self, row: AssistanceRequest) -> Shown:
        """Return id and reference of the request."""
        return {"request": row.pk, "reference": row.reference}
