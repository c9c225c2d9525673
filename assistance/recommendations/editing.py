"""How recommendations are recorded and edited."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access.rules import is_released
from assistance.recommendations.models import Recommendation
from assistance.visits.editing import withdraw_adoption
from assistance.workflow.editing import EditSpec, Values
from web.exceptions import Conflict, Invalid


def check(recommendation: Recommendation, values: Values) -> None:
    """Raise Invalid for values that contradict each other: visit, section and needs."""
    errors = {}
    moved = Recommendation.objects.filter(pk=recommendation.pk).exclude(visit=recommendation.visit_id).exists()
    if moved:
        errors["visit"] = [_("A recommendation cannot be moved to another report.")]
    if not moved and recommendation.visit.cancelled_on:
        errors["visit"] = [_("The visit was cancelled.")]
    if recommendation.section.visit_id != recommendation.visit_id:
        errors["section"] = [_("The section belongs to the report of another visit. Select a section of this report.")]
    if any(need.state_id != recommendation.visit.state_id for need in values.get("needs", ())):
        errors["needs"] = [_("Select needs of the State that was visited.")]
    if errors:
        raise Invalid(errors)


def check_unreleased(recommendation: Recommendation) -> None:
    """Raise Conflict for a recommendation that the State has released."""
    if is_released(recommendation):
        raise Conflict(_("The State has released this text. It can be changed only after a withdrawal."))


def follow_report(recommendation: Recommendation, values: Values) -> None:
    """Count what is added to an adopted report as adopted with it; an adoption not yet confirmed is proposed anew."""
    withdraw_adoption(recommendation, values)
    if recommendation.adopted_on != recommendation.visit.adopted_on:
        recommendation.adopted_on = recommendation.visit.adopted_on
        recommendation.save(update_fields=["adopted_on"])


RECOMMENDATION = EditSpec(
    recorded="recommendation_recorded",
    edited="recommendation_edited",
    check=check,
    may_change=check_unreleased,
    relate=follow_report,
    unique={
        "recommendation_number_once": (
            "number",
            gettext_lazy("The report already has a recommendation with this number. Enter another number."),
        )
    },
)
