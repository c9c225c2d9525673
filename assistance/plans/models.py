"""Roadmaps and national action plans: their steps, what is reported of these, comments, and versions as agreed."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import currencies, measures
from assistance.access.models import Restricted, Versioned
from assistance.assessments.states import Framework
from assistance.considerations import WithConsiderations
from assistance.consultations.models import Consultation, Parameter, Round
from assistance.measures import IndicatorUnit
from assistance.needs.models import Need
from assistance.needs.states import Priority
from assistance.offers.states import AssistanceType
from assistance.plans.states import DIGITS, GOES_ON, PROVISION_MAX, WHAT_MAX, PlanKind, PlanStatus, StepStatus
from assistance.projects.models import Project
from assistance.requests.models import AssistanceRequest
from assistance.search import SearchedTexts, plain_indexes
from assistance.workflow.references import new_reference
from entities.local_days import today_of
from entities.models import Instrument, Organisation, Pillar, Programme, Theme


def plan_reference() -> str:
    """Return a new reference of a plan."""
    return new_reference("L")


def step_reference() -> str:
    """Return a new reference of a step."""
    return new_reference("LS")


def _reference(default: Callable[[], str]) -> Any:
    return models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=default, editable=False
    )


def _state(**options: Any) -> Any:
    return models.ForeignKey(Organisation, models.PROTECT, verbose_name=pgettext_lazy("country", "State"), **options)


class ActionPlan(Restricted, Versioned):
    """A roadmap on one requirement, or a national plan over the pillars: one version of it is in work at a time."""

    texts = ("title", "provision")
    translated = ("title",)
    released_by_state = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = _reference(plan_reference)
    kind = models.CharField(pgettext_lazy("field", "kind"), max_length=20, choices=PlanKind)
    state = _state(related_name="action_plans", blank=True)
    consultation = models.ForeignKey(
        Consultation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=pgettext_lazy("model", "consultation"),
        help_text=_("Only for a roadmap: it begins with the last round that was closed."),
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    starts_on = models.DateField(pgettext_lazy("date", "from"))
    ends_on = models.DateField(pgettext_lazy("date", "to"))
    # Of a roadmap copied from its consultation, which a reader of the plan may not see.
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+", editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="+", editable=False)
    provision = models.CharField(
        pgettext_lazy("field", "provision"), max_length=PROVISION_MAX, blank=True, editable=False
    )
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=12, choices=PlanStatus, default=PlanStatus.DRAFT, editable=False
    )
    edition = models.PositiveSmallIntegerField(pgettext_lazy("field", "version"), default=1, editable=False)
    put_on = models.DateField(null=True, editable=False)
    answer_by = models.DateField(null=True, editable=False)
    agreed_on = models.DateField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "plan")
        verbose_name_plural = pgettext_lazy("model", "plans")
        ordering = ["-modified_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation"], name="plan_once_per_consultation"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="plan_dates_in_order"),
        ]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="plan_list")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_roadmap(self) -> bool:
        """Whether it is a roadmap on one requirement."""
        return self.kind == PlanKind.ROADMAP


class ActionPlanTexts(SearchedTexts):
    """The texts of a plan in which searches look."""

    row = models.OneToOneField(ActionPlan, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("plan")


class PlanStep(Restricted, Versioned, WithConsiderations):
    """One step of a plan: what is done, how, by whom and by when; seen with its plan, and by the entities that support it.

    State, kind and programme are those of the plan, which a supporting entity may not see.
    """

    texts = (
        "title", "recommendation", "provision", "responsible_body", "help_area", "indicator", "baseline", "target", "means",
    )  # fmt: skip
    translated = ("title", "recommendation")
    released_with = "plan"
    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = _reference(step_reference)
    plan = models.ForeignKey(
        ActionPlan, models.PROTECT, related_name="steps", verbose_name=pgettext_lazy("model", "plan")
    )
    kind = models.CharField(max_length=20, choices=PlanKind, editable=False)
    state = _state(related_name="+", editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+", editable=False)
    number = models.CharField(
        pgettext_lazy("field", "number"),
        max_length=15,
        validators=[RegexValidator(r"^[1-9]\d{0,2}(\.[1-9]\d{0,2}){0,3}\Z", _("Enter a number such as 3 or 1.2.3."))],
        help_text=_("For example: 3 or 1.2.3."),
    )
    place = models.CharField(max_length=20, editable=False)  # the number as text that sorts: 001.002.003
    former_numbers = ArrayField(models.CharField(max_length=15), default=list, blank=True, editable=False)
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("of a step", "action"), max_length=300)
    recommendation = models.TextField(
        pgettext_lazy("model", "recommendation"), help_text=_("How the action is taken in this State.")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("model", "theme"))
    pillar = models.ForeignKey(
        Pillar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("model", "pillar"),
        help_text=_("Only for a theme that belongs to no pillar."),
    )
    framework = models.CharField(pgettext_lazy("of a step", "framework"), max_length=20, choices=Framework, blank=True)
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requirement that the step fulfils"),
        help_text=_("For a roadmap, its own requirement if you leave it empty."),
    )
    provision = models.CharField(pgettext_lazy("field", "provision"), max_length=PROVISION_MAX, blank=True)
    responsible_body = models.CharField(
        _("responsible national body"),
        max_length=300,
        blank=True,
        help_text=_("Name the unit, for example: Passenger Information Unit, Ministry of the Interior."),
    )
    supporters = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("supporting entities"),
        help_text=_("They see the step once the State has agreed to the plan, and report on it."),
    )  # fmt: skip
    # The supporting entities to which the State has agreed: of a new version in draft, others may be named already.
    helpers = models.ManyToManyField(Organisation, related_name="+", blank=True, editable=False)
    help_area = models.CharField(_("what the programme can help with"), max_length=300, blank=True)
    help_types = ArrayField(
        models.CharField(max_length=20, choices=AssistanceType),
        default=list,
        blank=True,
        verbose_name=_("types of assistance"),
    )
    needs = models.ManyToManyField(Need, related_name="steps", blank=True, verbose_name=pgettext_lazy("model", "needs"))
    projects = models.ManyToManyField(
        Project, related_name="steps", blank=True, verbose_name=pgettext_lazy("model", "projects")
    )
    depends_on = models.ManyToManyField(
        "self", symmetrical=False, related_name="followed_by", blank=True, verbose_name=_("depends on the steps"),
    )  # fmt: skip
    parameter = models.ForeignKey(Parameter, models.PROTECT, null=True, related_name="steps", editable=False)
    indicator = models.CharField(pgettext_lazy("model", "indicator"), max_length=300, blank=True)
    unit = models.CharField(pgettext_lazy("field", "unit"), max_length=10, choices=IndicatorUnit, blank=True)
    lower_is_better = models.BooleanField(_("lower is better"), default=False)
    baseline = models.TextField(pgettext_lazy("field", "baseline"), blank=True)
    target = models.TextField(pgettext_lazy("field", "target"), blank=True)
    means = models.CharField(_("means of verification"), max_length=300, blank=True)
    starts_on = models.DateField(pgettext_lazy("date", "from"), null=True, blank=True)
    due = models.DateField(pgettext_lazy("date", "due on"))
    priority = models.CharField(pgettext_lazy("field", "priority"), max_length=10, choices=Priority)
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=12, choices=StepStatus, default=StepStatus.NOT_STARTED,
        editable=False,
    )  # fmt: skip
    agreed_in = models.PositiveSmallIntegerField(null=True, editable=False)  # the first version in which it was agreed
    # The step as it was agreed last, as `editions.frozen` writes it: who does not see the plan reads this, not a draft.
    agreed = models.JSONField(null=True, editable=False)
    leaves = models.BooleanField(default=False, editable=False)  # no longer planned once the version in work is agreed
    requests = models.ManyToManyField(AssistanceRequest, related_name="steps", blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "step")
        verbose_name_plural = pgettext_lazy("model", "steps")
        ordering = ["plan_id", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                condition=~models.Q(status=StepStatus.DROPPED) & models.Q(leaves=False),
                name="step_number_once",
            )
        ]
        indexes = [
            models.Index(fields=["-modified_at", "-id"], name="step_list"),
            models.Index(fields=["state", "due"], name="step_due"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def baseline_in_words(self) -> str:
        """The baseline as its reader reads it."""
        return measures.in_words(self.unit, self.baseline)

    @property
    def target_in_words(self) -> str:
        """The target as its reader reads it."""
        return measures.in_words(self.unit, self.target)

    @property
    def goes_on(self) -> bool:
        """Whether it is still to be done: neither reported as finished nor removed."""
        return self.status in GOES_ON

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed, where the State is, and nobody has reported it as finished."""
        return is_overdue(self.due, self.status, today_of(self.state))


def is_overdue(due: date, status: str, today: date) -> bool:
    """Return whether a step that is due on this day and has this status is overdue. Source: specification 9, 5.2."""
    return due < today and status in GOES_ON


class PlanStepTexts(SearchedTexts):
    """The texts of a step in which searches look."""

    row = models.OneToOneField(PlanStep, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("step")


class StepObligation(models.Model):
    """An obligation that a step has to comply with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(PlanStep, models.CASCADE, related_name="obligations", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("model", "instrument")
    )
    provision = models.CharField(pgettext_lazy("field", "provision"), max_length=PROVISION_MAX, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("model", "obligation")
        verbose_name_plural = pgettext_lazy("model", "obligations")
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.number}"


class StepCost(models.Model):
    """What one part of a step is estimated to cost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(PlanStep, models.CASCADE, related_name="costs", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    what = models.CharField(_("what it pays for"), max_length=WHAT_MAX)
    amount = models.DecimalField(
        pgettext_lazy("field", "amount"), max_digits=DIGITS, decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    currency = models.CharField(pgettext_lazy("field", "currency"), max_length=3, choices=currencies.choices)

    class Meta:
        verbose_name = pgettext_lazy("model", "cost")
        verbose_name_plural = pgettext_lazy("model", "costs")
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.number}"


class StepReport(models.Model):
    """What the State or a supporting entity said of a step, or how it was verified. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(PlanStep, models.PROTECT, related_name="reports", editable=False)
    said = models.CharField(pgettext_lazy("field", "status"), max_length=12, choices=StepStatus)
    value = models.TextField(_("value of the indicator"), blank=True)
    text = models.TextField(pgettext_lazy("field", "text"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.said}"


class StepComment(models.Model):
    """A comment of the State on a step of a plan that was submitted to it, read by the owners of the plan. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="comments", editable=False)
    step = models.ForeignKey(PlanStep, models.PROTECT, null=True, related_name="comments", editable=False)
    edition = models.PositiveSmallIntegerField(editable=False)
    is_sent = models.BooleanField(default=False, editable=False)
    text = models.TextField(pgettext_lazy("field", "comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.at:%Y-%m-%d}"


class PlanEdition(models.Model):
    """A version of a plan as it was agreed: its steps in their order, each with the texts in all languages. Append-only.

    `header` is an object as `plans.editions.header` writes it, `steps` a list of objects as `frozen` writes them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="editions", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    agreed_on = models.DateField(editable=False)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    put_on = models.DateField(editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", editable=False)
    header = models.JSONField(default=dict, editable=False)
    steps = models.JSONField(editable=False)

    class Meta:
        ordering = ["plan_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_edition_once")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.number}"
