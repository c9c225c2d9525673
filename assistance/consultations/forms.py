"""Forms of consultations, of their rounds, and of what stands in them."""

from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import measures
from assistance.assessments.forms import ProposeNeedForm, ThemeOfFinding
from assistance.consultations.models import Consultation, Parameter, Round, RoundFinding
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.pages.parts import PartForm
from entities.models import Organisation, Programme
from web.forms import PlainText, fields_of
from web.texts import COMMENT_MAX


class ConsultationForm(RecordForm):
    """A consultation of a programme whose team is known."""

    vars().update(fields_of(Consultation, "programme", "state", "title", "instrument", "provision"))
    field_order = ["programme", "state", "language", "title", "instrument", "provision"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["programme"].queryset = Programme.objects.exclude(parts=None).distinct().order_by("name")
        fields["state"].queryset = Organisation.objects.states().by_name()
        fields["instrument"].label_from_instance = attrgetter("in_words")


class RoundForm(RecordForm):
    vars().update(fields_of(Round, "starts_on", "ends_on", "mode", "participants"))
    field_order = ["starts_on", "ends_on", "mode", "language", "participants"]


class FindingForm(PartForm):
    vars().update(
        fields_of(
            RoundFinding, "framework", "theme", "instrument", "level", "current_state", "gap", "challenge", "intervention",
            "evidence", theme=ThemeOfFinding,
        )
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["instrument"]
        field.label_from_instance = attrgetter("in_words")


class ParameterForm(PartForm):
    vars().update(
        fields_of(
            Parameter, "name", "unit", "lower_is_better", "baseline", "baseline_on", "source", "target", "target_by", "means",
        )
    )  # fmt: skip

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the entry that is changed, its values as the reader reads them."""
        values, one = super().initial_of(instance), self.part
        return {
            **values,
            **{name: measures.in_words(one.unit, getattr(one, name)) for name in ("baseline", "target") if one},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("A number, a percentage, yes or no, a level or a description, as the unit says.")
        for name in ("baseline", "target"):
            self.fields[name].help_text = help_text
            self.fields[name].widget.attrs["rows"] = 2


class CommentForm(ActorForm):
    text = PlainText(label=pgettext_lazy("label", "Comment"), max_length=COMMENT_MAX)


class NeedOfRoundForm(ProposeNeedForm):
    """A need that is drafted from a finding of a round."""

    text = "gap"
    finding: "forms.ModelChoiceField[RoundFinding]" = forms.ModelChoiceField(  # type: ignore[assignment]
        RoundFinding.objects.none(), label=pgettext_lazy("label", "Finding"), widget=forms.RadioSelect, empty_label=None,
        help_text=_("Its current state and gap become the description of the need."),
    )  # fmt: skip

    def gaps(self) -> QuerySet[Any]:
        """Return the findings of which a need can be made."""
        found: QuerySet[Any] = self.instance.findings.exclude(gap="").filter(need=None)
        return found


ROUND_FORMS: dict[str, type[ActorForm]] = {"close": EmptyForm, "comment": CommentForm, "propose-need": NeedOfRoundForm}
