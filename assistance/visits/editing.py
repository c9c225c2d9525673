"""How visits and sections are recorded and edited."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access.rules import is_released
from assistance.visits.models import Section, Visit
from assistance.workflow.editing import EditSpec, Values, check_order
from web.exceptions import Conflict, Invalid


def check_visit(visit: Visit, values: Values) -> None:
    """Raise Invalid for a visit to no State, a change of State after its agreement or with a report, or wrong dates."""
    if not visit.state.is_state:
        raise Invalid({"state": [_("Select a State for the visit.")]})
    moved = Visit.objects.filter(pk=visit.pk).exclude(state=visit.state_id).exists()
    if moved and (visit.sections.exists() or visit.needs.exists() or visit.consents.exists()):
        raise Invalid({"state": [_("The State cannot be changed: the visit has a report, needs or consents.")]})
    if moved and visit.host_consent_on is not None:
        raise Invalid({"state": [_("The State cannot be changed: it has agreed to the visit.")]})
    check_order(visit, "starts_on", "ends_on")
    _check_follows(visit)
    agreed = visit.priority_needs_agreed_on
    if agreed and not visit.starts_on <= agreed <= timezone.now().date():
        raise Invalid({"priority_needs_agreed_on": [_("Enter a day from the beginning of the visit until today.")]})


def _check_follows(visit: Visit) -> None:
    earlier = visit.follows
    if earlier is None:
        return
    if earlier.state_id != visit.state_id or earlier.ends_on >= visit.starts_on or earlier.cancelled_on:
        raise Invalid({"follows": [_("Select an earlier visit to the same State.")]})


def keep_follow_up(visit: Visit, values: Values) -> None:
    """Keep in the visits concerned on which day the earliest visit that follows each up begins."""
    that_day = Visit.objects.filter(follows=OuterRef("pk"), cancelled_on=None, starts_on=OuterRef("followed_up_on"))
    is_wrong = Q(followed_up_on__isnull=False) & ~Exists(that_day)  # such as the one it followed before it was edited
    concerned = Visit.objects.filter(Q(pk=visit.follows_id) | is_wrong)
    for earlier in concerned.order_by("pk").select_for_update():
        later = earlier.followed_by.filter(cancelled_on=None).order_by("starts_on")
        first = later.values_list("starts_on", flat=True).first()
        if first != earlier.followed_up_on:
            Visit.objects.filter(pk=earlier.pk).update(followed_up_on=first)


def check_going_on(visit: Visit) -> None:
    """Raise Conflict for a cancelled visit."""
    if visit.cancelled_on is not None:
        raise Conflict(_("The visit was cancelled. It can no longer be changed."))


def withdraw_adoption(part: Any, values: Values) -> None:
    """Have the adoption of a report proposed anew when a part of it changes: two persons adopt the same text."""
    Visit.objects.filter(pk=part.visit_id, adoption_proposed_by__isnull=False).update(adoption_proposed_by=None)


def check_section(section: Section, values: Values) -> None:
    """Raise Invalid for a number out of range, a section moved to another report, or one of a cancelled visit."""
    if not 1 <= section.number <= 999:
        raise Invalid({"number": [_("Enter a section number between 1 and 999.")]})
    if Section.objects.filter(pk=section.pk).exclude(visit=section.visit_id).exists():
        raise Invalid({"visit": [_("A section cannot be moved to another report.")]})
    if section.visit.cancelled_on is not None:
        raise Invalid({"visit": [_("The visit was cancelled.")]})


def check_unreleased(section: Section) -> None:
    """Raise Conflict for a section that the State has released, or of a cancelled visit."""
    check_going_on(section.visit)
    if is_released(section):
        raise Conflict(_("The State has released this text. It can be changed only after a withdrawal."))


VISIT = EditSpec(
    recorded="visit_recorded",
    edited="visit_edited",
    check=check_visit,
    may_change=check_going_on,
    relate=keep_follow_up,
)
SECTION = EditSpec(
    recorded="section_recorded",
    edited="section_edited",
    check=check_section,
    may_change=check_unreleased,
    relate=withdraw_adoption,
    unique={
        "section_number_once": (
            "number",
            gettext_lazy("The report already has a section with this number. Enter another number."),
        )
    },
)
