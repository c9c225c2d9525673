"""Forms of the parts of a project: the percentages of its States, an indicator, a period, a session; and of reports."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.consultations.models import Parameter
from assistance.delivery.states import TRAINED
from assistance.measures import in_words
from assistance.pages.forms import ActorForm
from assistance.pages.parts import PartForm
from assistance.projects import shares, targets
from assistance.projects.links import selectable
from assistance.projects.models import Indicator, Period, Project, TrainingSession
from assistance.projects.results import periods_of
from assistance.projects.states import TO_REPORT, VALUE_MAX, WHOLE, PeriodStatus
from entities.models import Organisation
from web import dates
from web.exceptions import Invalid
from web.forms import Line, PlainText, fields_of
from web.texts import COMMENT_MAX, REMARK_MAX
from web.translated_text import Text


class SharesForm(ActorForm):
    """The percentage of each State of a project, one field for each; all empty for none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.states = list(kwargs["instance"].states.all().by_name())
        super().__init__(*args, **kwargs)
        for place, state in enumerate(self.states):
            self.fields[_field(place)] = forms.DecimalField(
                label=state.name, required=False, min_value=0, max_value=WHOLE, max_digits=5, decimal_places=2
            )

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the version of the project and the percentages that it has."""
        now = shares.of_states(instance)
        own = {_field(place): now.get(state.pk) for place, state in enumerate(self.states)}
        return {"version": instance.version, **own}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data, with the percentages entered as one value."""
        entered = [
            {"state": state, "percent": self.cleaned_data[_field(place)]}
            for place, state in enumerate(self.states)
            if self.cleaned_data.get(_field(place)) is not None
        ]
        return {"version": self.cleaned_data.get("version"), shares.SHARES: entered}

    def add_errors(self, error: Invalid) -> None:
        """Add what is wrong with the sum, or with one State, to the last field."""
        at = _field(len(self.states) - 1)
        super().add_errors(Invalid({at: [text for texts in error.errors.values() for text in texts]}))

    def differences(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the States whose stored and submitted percentages differ."""
        entered = {share["state"].pk: share["percent"] for share in yours.get(shares.SHARES, ())}
        mine = {_field(place): entered.get(state.pk) for place, state in enumerate(self.states)}
        return super().differences(theirs, mine)


def _field(place: int) -> str:
    return f"share_{place}"


class IndicatorForm(PartForm):
    vars().update(
        fields_of(
            Indicator, "name", "unit", "baseline", "target", "lower_is_better",
            help_texts={"name": _("In the language of the project.")},
        )
    )  # fmt: skip

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the row, its values as the reader writes them."""
        found = super().initial_of(instance)
        if self.part:
            found |= {name: in_words(self.part.unit, getattr(self.part, name)) for name in ("baseline", "target")}
        return found


class PeriodForm(PartForm):
    vars().update(fields_of(Period, "indicator", "organisation", "starts_on", "ends_on", "target"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        project = self.instance
        fields["indicator"].queryset = project.indicators.all()
        fields["indicator"].label_from_instance = lambda indicator: indicator.name
        own = Organisation.objects.filter(Q(parts__project=project) | Q(pk=project.lead_id))
        fields["organisation"].queryset = own.distinct()
        self.initial.setdefault("organisation", project.lead_id)

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the row, its target as the reader writes it."""
        found = super().initial_of(instance)
        return {**found, "target": in_words(self.part.indicator.unit, self.part.target)} if self.part else found


class SessionForm(PartForm):
    vars().update(
        fields_of(
            TrainingSession, "held_on", "place", *TRAINED, "confirm_large",
            labels={"confirm_large": _("The large numbers are right")},
        )
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; a number that is left empty is 0."""
        found = super().clean() or self.cleaned_data
        return {**found, **{name: found.get(name) or 0 for name in TRAINED if name not in self.errors}}


# ── Steps ──
class PeriodStep(ActorForm):
    """A step about one period of a project."""

    statuses: ClassVar[tuple[PeriodStatus, ...]] = (PeriodStatus.SUBMITTED,)
    period: "forms.ModelChoiceField[Period]" = forms.ModelChoiceField(
        Period.objects.none(), label=pgettext_lazy("label", "Period"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["period"]
        field.queryset = self.periods()
        field.label_from_instance = partial(named, language=self.instance.language)

    def periods(self) -> QuerySet[Period]:
        """Return the periods among which the actor chooses."""
        return periods_of(self.instance).filter(status__in=self.statuses)

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {"version": instance.version}


class ReportPeriodForm(PeriodStep):
    statuses = TO_REPORT
    actual = Line(
        label=_("Value reported"), max_length=VALUE_MAX,
        help_text=_("A number, a percentage, yes or no, or a short text, as the indicator asks."),
    )  # fmt: skip
    comment = PlainText(label=pgettext_lazy("label", "Comment"), required=False)

    def periods(self) -> QuerySet[Period]:
        """Return the open periods that an organisation of the actor reports."""
        return super().periods().filter(organisation__in=list(self.actor.acting_for))


class SendBackForm(PeriodStep):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX,
        help_text=_("All who see the project can read it in its history."),
    )  # fmt: skip


def named(period: Period, language: str) -> str:
    """Return a period as a list to choose from names it: its indicator, its days, who reports, and the value reported."""
    indicator = period.indicator
    return format_html(
        '<span lang="{}" dir="{}">{}</span> · {} · <bdi>{}</bdi>{}',
        language, Text(indicator.name, language).direction, indicator.name, dates.period(period.starts_on, period.ends_on),
        period.organisation.short,
        format_html(" · <bdi>{}</bdi>", in_words(indicator.unit, period.actual)) if period.actual else "",
    )  # fmt: skip


class SameAsForm(ActorForm):
    same: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(
        Project.objects.none(), label=_("Same activity as"), required=False,
        help_text=_("Projects of other publishers in the same States. Leave this empty to remove the link."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same"].queryset = selectable(self.actor, self.instance)  # type: ignore[attr-defined]

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the version of the project, and the one to which it is linked."""
        return {"version": instance.version, "same": instance.same_as_id}


class LinkTargetForm(ActorForm):
    indicator: "forms.ModelChoiceField[Indicator]" = forms.ModelChoiceField(
        Indicator.objects.none(), label=pgettext_lazy("label", "Indicator"), widget=forms.RadioSelect, empty_label=None
    )
    parameter: "forms.ModelChoiceField[Parameter]" = forms.ModelChoiceField(
        Parameter.objects.none(), label=_("Priority of a round"), required=False,
        help_text=_(
            "Priorities of closed rounds that you can read, with States of the project. Leave this empty to remove the link."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["indicator"].queryset = self.instance.indicators.all()
        fields["indicator"].label_from_instance = lambda one: one.name
        fields["parameter"].queryset = targets.selectable(self.actor, self.instance)
        fields["parameter"].label_from_instance = lambda one: (
            f"{one.round.state.name} · {one.round.number} · {one.name}"
        )

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {"version": instance.version}


class CommentForm(ActorForm):
    text = PlainText(
        label=pgettext_lazy("label", "Comment"),
        max_length=COMMENT_MAX,
        help_text=_("The lead and the partners of the project read it, and your own people."),
    )


STEPS: dict[str, type[ActorForm]] = {
    "report-period": ReportPeriodForm,
    "accept-period": PeriodStep,
    "send-back-period": SendBackForm,
    "same-as": SameAsForm,
    "link-target": LinkTargetForm,
}
HINT = _("Enter which part of the project each State has. Leave all fields empty if this is not known.")
