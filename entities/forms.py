"""Forms for appointments: nomination, renewal, handover, absence and end; the rules are in entities.appointments."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from entities.actors import Actor
from entities.appointments import LETTER_MISSING, needs_letter, nominable, roles_at
from entities.models import Appointment, Belongs, Holiday, Organisation, Role, WorkingGroup
from web.date_fields import DayField, EndField
from web.exceptions import Conflict
from web.forms import NOTHING, DomainForm, Line, PlainText
from web.lists import enumerated
from web.phrases import with_remark

REASON_MAX = Appointment._meta.get_field("end_reason").max_length


class OrganisationChoice(forms.ModelChoiceField):
    """A choice of organisations, by their names in the reader's language."""

    def label_from_instance(self, obj: Organisation) -> str:
        return with_remark(obj.name, obj.acronym) if obj.acronym and obj.acronym != obj.name else obj.name


class CandidateForm(DomainForm):
    """The fields of every nomination: the person, first and last day, and the organisation's letter."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The appointment is for the person with this email address."),
    )
    name = Line(label=pgettext_lazy("person", "Name"), max_length=150, help_text=_("As UNOCT will see it."))
    language = forms.ChoiceField(
        label=pgettext_lazy("label", "Language"),
        choices=settings.LANGUAGES,
        help_text=_("The language of messages to a new person."),
    )
    since = DayField(label=pgettext_lazy("date", "From"))
    until = EndField(
        label=pgettext_lazy("date", "Until"), months=(12, 24), no_end=_("No last day"),
        help_text=_("The last day on which the appointment gives access rights."),
    )  # fmt: skip
    letter = forms.FileField(
        label=_("Letter of nomination"),
        help_text=_(
            "The letter from your organization. Its focal points and UNOCT can read it. UNOCT itself "
            "does not need a letter."
        ),
        error_messages={"required": LETTER_MISSING},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].required = needs_letter(actor)
        self.fields["since"].initial = timezone.localdate()
        self.fields["language"].initial = "en"

    def add_conflict(self, error: Conflict) -> None:
        """Add a conflict about the nominee to the address field, with the transitions that are legal now."""
        self.add_error("email", str(error))
        if error.transitions:
            self.add_error("email", gettext("Available actions: %(steps)s.") % {"steps": enumerated(error.transitions)})


class NominationForm(CandidateForm):
    """The nomination of a person for a role at an organisation."""

    organisation = OrganisationChoice(
        label=pgettext_lazy("label", "Organization"), queryset=Organisation.objects.none()
    )
    role = forms.ChoiceField(label=pgettext_lazy("label", "Role"), choices=Role.choices)
    field_order = ("organisation", "role")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        choices = nominable(actor).by_name()
        organisation = cast(OrganisationChoice, self.fields["organisation"])
        organisation.queryset = choices
        few = list(choices[:2])
        if len(few) == 1:
            organisation.initial = few[0].pk
            cast(forms.ChoiceField, self.fields["role"]).choices = [
                (role.value, role.label) for role in roles_at(few[0])
            ]


class SuccessorForm(CandidateForm):
    """The successor, and the first day."""

    email = forms.EmailField(label=_("Email address of the successor"), max_length=254)
    since = DayField(
        label=_("Takes over on"),
        help_text=_("The predecessor’s appointment ends the day before, or on approval if that is later."),
    )


class ExtendForm(DomainForm):
    """The new last day."""

    until = EndField(label=_("New last day"))


class DecisionForm(DomainForm):
    """The decision, granted or refused, and the reason for a refusal."""

    GRANT, REFUSE = "grant", "refuse"

    decision = forms.ChoiceField(
        label=pgettext_lazy("label", "Decision"),
        choices=[
            (GRANT, pgettext_lazy("choice", "Approve request")),
            (REFUSE, pgettext_lazy("choice", "Refuse request")),
        ],
        widget=forms.RadioSelect,
    )
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REASON_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required for a refusal. The organization can read it."),
    )


class AwayForm(DomainForm):
    """The deputy, and first and last day of an absence; without days only the deputy is saved."""

    deputy = forms.ModelChoiceField(
        label=pgettext_lazy("label", "Deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label=pgettext_lazy("choice", "No deputy"),
        help_text=_("A person who acts for the same organization. During your absence, emails go to the deputy."),
    )
    since = DayField(label=_("First day of absence"), required=False)
    until = DayField(label=_("Last day of absence"), required=False, help_text=_("This day is part of the absence."))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["deputy"]).queryset = people

    def clean(self) -> dict[str, Any]:
        """Refuse a period with only one of its days."""
        for name, other in (("since", "until"), ("until", "since")):
            if self.cleaned_data.get(other) and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("Enter both days, or leave both empty."))
        return self.cleaned_data


class ConfirmForm(DomainForm):
    """Which of the appointments shown are confirmed: those selected, or all, by a button of its own.

    What ended or lapsed since the page was rendered is no longer among `rows` and is ignored.
    """

    def __init__(self, *args: Any, rows: QuerySet[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows

    def clean(self) -> dict[str, Any]:
        """Return the selection; refuse an empty one."""
        sent = cast(QueryDict, self.data)
        keys = {key for key in map(_uuid, sent.getlist("shown" if "everything" in sent else "ticked")) if key}
        if not keys:
            raise ValidationError(_("Select at least one appointment."))
        return {"chosen": list(self.rows.filter(pk__in=keys))}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class MembershipForm(DomainForm):
    """Which organisation is to belong to which audience, or no longer, and why."""

    JOIN, LEAVE = "join", "leave"

    step = forms.ChoiceField(
        label=_("Proposed change"),
        choices=[
            (JOIN, _("Add the organization (its users gain access)")),
            (LEAVE, _("Remove the organization (its users lose access)")),
        ],
        initial=JOIN,
        widget=forms.RadioSelect,
    )
    organisation = OrganisationChoice(
        label=pgettext_lazy("label", "Organization"), queryset=Organisation.objects.none()
    )
    to = forms.ChoiceField(label=pgettext_lazy("memberships", "Audience"))
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the person who decides. For example: the letter from the working group."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(OrganisationChoice, self.fields["organisation"]).queryset = Organisation.objects.by_name()
        self.working_groups = {group.slug: group for group in WorkingGroup.objects.by_name()}
        standing = [(each.value, each.label) for each in Belongs if each != Belongs.WORKING_GROUP]
        groups = [(f"group:{slug}", group.name) for slug, group in self.working_groups.items()]
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            ("", NOTHING),
            (_("Working groups"), groups),
            (_("Standing audiences"), standing),
        ]

    def values(self) -> dict[str, Any]:
        """Return the arguments of `memberships.propose`."""
        given = self.cleaned_data
        group = self.working_groups.get(given["to"].removeprefix("group:"))
        return {
            "organisation": given["organisation"],
            "to": Belongs.WORKING_GROUP.value if group else given["to"],
            "group": group,
            "adds": given["step"] == self.JOIN,
            "reason": given["reason"],
        }


class MembershipDecisionForm(DomainForm):
    """The decision on a membership, and the reason for rejecting it; whoever proposed it can only withdraw it."""

    CONFIRM, REJECT = "confirm", "reject"

    decision = forms.ChoiceField(
        label=pgettext_lazy("label", "Decision"),
        choices=[(CONFIRM, _("Confirm membership")), (REJECT, _("Refuse membership"))],
        widget=forms.RadioSelect,
    )
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REASON_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required for a refusal. The person who made the proposal can read it."),
    )

    def __init__(self, *args: Any, may_confirm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_confirm:
            cast(forms.ChoiceField, self.fields["decision"]).choices = [(self.REJECT, _("Withdraw my proposal"))]
            self.initial.setdefault("decision", self.REJECT)


class HolidayForm(DomainForm):
    """A day on which United Nations Headquarters is closed."""

    day = DayField(label=pgettext_lazy("label", "Holiday"))
    name = Line(
        label=_("Name of the holiday"),
        max_length=Holiday._meta.get_field("name").max_length,
        help_text=_("In the language in which you use the portal."),
    )


class ViewAsForm(DomainForm):
    """The reason why a coordinator views the portal as somebody else."""

    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Recorded in the audit log."),
    )


class EndForm(DomainForm):
    """The reason why an appointment ends."""

    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organization and UNOCT can read it."),
    )
