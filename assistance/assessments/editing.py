"""How assessments are recorded and edited, with their findings."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from assistance.access.rules import is_released
from assistance.assessments import lines
from assistance.assessments.findings import FINDINGS
from assistance.assessments.messages import ABOUT_END
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.rules import may_assess
from assistance.assessments.states import ASKED_AFTER, AssessmentStatus
from assistance.workflow.editing import EditSpec, Values, check_order
from assistance.workflow.notifications import settle
from entities.local_days import today_of
from web.exceptions import Conflict, Invalid

SCHEMES = ("https://", "http://")


def check(row: Assessment, values: Values) -> None:
    """Raise Invalid for values that contradict each other.

    An organization that records no assessments, no State, a change of either once others know of it, dates out of order, a
    public report without a link, an assessment that cannot be the same, or findings that are not complete.
    """
    if not may_assess(row.entity):
        raise Invalid({"entity": [_("Only entities of the Compact other than CTED record assessments.")]})
    if not row.state.is_state:
        raise Invalid({"state": [_("Select a State for the assessment.")]})
    _check_moved(row)
    check_order(row, "starts_on", "ends_on")
    if row.is_public and not row.public_link:
        raise Invalid({"public_link": [_("Enter the link to the public report.")]})
    if row.public_link and not row.public_link.startswith(SCHEMES):
        raise Invalid({"public_link": [_("Enter a link that begins with https:// or http://.")]})
    _check_same(row)
    FINDINGS.check(row, values)


def _check_moved(row: Any) -> None:
    """Raise Invalid for another State or entity once there is something that was written for the first ones."""
    before = Assessment.objects.filter(pk=row.pk).values_list("state", "entity").first()
    if before in (None, (row.state_id, row.entity_id)):
        return
    if row.status != AssessmentStatus.PLANNED or row.comments.exists() or row.consents.exists():
        at = "state" if before and before[0] != row.state_id else "entity"
        problem = _(
            "State and entity can be changed only before the assessment starts and before anybody comments on it."
        )
        raise Invalid({at: [problem]})


def _check_same(row: Assessment) -> None:
    """Raise Invalid for a line that is not of another entity and the same State, or is itself the same as another.

    Both lines are locked, in one order, so that two entities cannot name each other at once.
    """
    if row.same_as_id is None:
        return
    own = lines.line_of(row)
    keys = [row.same_as_id, *([own.pk] if own else [])]
    locked = AssessmentLine.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    other = next(line for line in locked if line.pk == row.same_as_id)
    if other.entity_id == row.entity_id:
        raise Invalid({"same_as": [_("Select an assessment by another entity.")]})
    if other.state_id != row.state_id:
        raise Invalid({"same_as": [_("Select an assessment of the same State.")]})
    if other.same_as_id is not None:
        problem = _("This assessment is recorded as the same as another one. Select that one.")
        raise Invalid({"same_as": [problem]})
    if own and AssessmentLine.objects.filter(same_as=own).exists():
        problem = _("Another entity has recorded its assessment as the same as yours. Leave this empty.")
        raise Invalid({"same_as": [problem]})


def check_open(row: Assessment) -> None:
    """Raise Conflict for an assessment that was cancelled, or that the State has released."""
    if row.status == AssessmentStatus.CANCELLED:
        raise Conflict(_("A cancelled assessment cannot be changed. Record a new one."))
    if not row.is_public and is_released(row):
        raise Conflict(_("The State has released this text. It can be changed only after a withdrawal."))


def relate(row: Assessment, values: Values) -> None:
    """Write the findings and the line of an assessment; a question about its end is done when it ends later."""
    FINDINGS.write(row, values)
    lines.follow([row])
    if row.ends_on + timedelta(days=ASKED_AFTER) > today_of(row.entity):
        settle([row], ABOUT_END)


ASSESSMENT = EditSpec(
    recorded="assessment_recorded",
    edited="assessment_edited",
    check=check,
    may_change=check_open,
    relate=relate,
    relates=FINDINGS.moves,
)
