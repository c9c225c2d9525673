"""How needs are recorded and edited."""

from django.utils.translation import gettext as _

from assistance import considerations
from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.workflow.editing import EditSpec, Values
from web.exceptions import Conflict, Invalid


def check(need: Need, values: Values) -> None:
    """Raise Invalid for values that contradict each other: State, visit, section, theme and pillar."""
    errors = considerations.errors_of(need)
    moved = Need.objects.filter(pk=need.pk).exclude(state=need.state_id).exists()
    if not need.state.is_state:
        errors["state"] = [_("Select a State for the need.")]
    elif moved and need.status != NeedStatus.DRAFT:
        # The State's documents and remarks on the need would become visible to the other State.
        errors["state"] = [_("The State cannot be changed: the need has been sent to it.")]
    if need.visit and need.visit.state_id != need.state_id:
        errors["visit"] = [_("The visit was to another State. Select a visit to this State.")]
    if need.section and need.section.visit_id != need.visit_id:
        errors["section"] = [_("The section belongs to the report of another visit. Select a section of this report.")]
    if need.theme.pillar_id and need.theme.pillar_id != need.pillar_id:
        errors["theme"] = [
            _("The theme belongs to pillar %(pillar)s. Select that pillar, or leave the pillar empty.")
            % {"pillar": need.theme.pillar}
        ]
    if errors:
        raise Invalid(errors)


def check_open(need: Need) -> None:
    """Raise Conflict for a need to which the State has agreed."""
    if need.status not in (NeedStatus.DRAFT, NeedStatus.PUT_TO_STATE):
        raise Conflict(_("A need agreed with the State cannot be changed. Record a new need, or close this one."))


NEED = EditSpec(
    recorded="need_recorded",
    edited="need_edited",
    check=check,
    may_change=check_open,
)
