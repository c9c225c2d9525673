"""How the results of a period are reported, accepted and sent back: steps of the project, each about one of its periods."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import measures
from assistance.access import policy
from assistance.projects.models import Period, Project
from assistance.projects.results import end_of, periods_of
from assistance.projects.states import TO_REPORT, PeriodStatus
from assistance.workflow.engine import require_text, transition
from assistance.workflow.notifications import settle
from entities.actors import Actor
from web.exceptions import Conflict, Invalid
from web.texts import TEXT_MAX


def report(
    *, actor: Actor, project: object, period: object, actual: str, comment: str = "", version: int | None = None
) -> Project:
    """Report the value of a period, for the organization that reports it. Returns the project.

    Raises Invalid for a period that is not theirs to report, or a value that is not of the unit of the indicator.
    """
    with transition(actor, Project, project, "report-period", version=version) as context:
        row = _period(context.row, period, *TO_REPORT)
        if not actor.acts_for(row.organisation_id):
            raise Invalid({"period": [_("Select a period that your organization reports.")]})
        if (last := end_of(context.row)) and row.ends_on > last:
            raise Invalid({"period": [_("The period ends after the project.")]})
        context.appointment = actor.acting_for[row.organisation_id]
        _answer(row, PeriodStatus.SUBMITTED, actual=_value(row, actual), comment=_short(comment))
        row.reported_by, row.reported_at = actor.user, timezone.now()
        row.save()
        _settle(context.row, PeriodStatus.SENT_BACK, "period_sent_back")
    return context.row


def accept(*, actor: Actor, project: object, period: object, version: int | None = None) -> Project:
    """Accept a report, for the lead. Returns the project; raises Conflict for the person who reported it."""
    with transition(actor, Project, project, "accept-period", version=version) as context:
        row = _period(context.row, period, PeriodStatus.SUBMITTED)
        if row.reported_by_id == actor.user.pk:
            raise Conflict(_("You reported this value yourself. Another person of the lead accepts it."))
        _answer(row, PeriodStatus.ACCEPTED)
        row.save()
        _settle(context.row, PeriodStatus.SUBMITTED, "period_reported")
    return context.row


def send_back(*, actor: Actor, project: object, period: object, reason: str, version: int | None = None) -> Project:
    """Ask for a correction of a report, for the lead. Returns the project; raises Invalid without a reason."""
    require_text(reason=reason)
    with transition(actor, Project, project, "send-back-period", version=version) as context:
        row = _period(context.row, period, PeriodStatus.SUBMITTED)
        _answer(row, PeriodStatus.SENT_BACK)
        row.save()
        context.reason = reason
        _settle(context.row, PeriodStatus.SUBMITTED, "period_reported")
    return context.row


def _period(project: Project, key: object, *statuses: PeriodStatus) -> Period:
    """Return a period of the project in one of these statuses. Raises Invalid."""
    pk = policy.key_of(getattr(key, "pk", key))
    row = periods_of(project).filter(pk=pk, status__in=statuses).first()
    if row is None:
        raise Invalid({"period": [_("Select a period of this project for which this is possible now.")]})
    return row


def _answer(row: Period, status: PeriodStatus, **values: str) -> None:
    row.status = status
    for name, value in values.items():
        setattr(row, name, value)


def _value(row: Period, actual: str) -> str:
    """Return the value as it is stored. Raises Invalid without one, or for one that is not of the unit."""
    try:
        value = measures.read(row.indicator.unit, actual)
    except ValueError as error:
        raise Invalid({"actual": [str(error)]}) from None
    if not value:
        raise Invalid({"actual": [_("Enter the value of the period.")]})
    column = Period._meta.get_field("actual")
    if len(value) > (column.max_length or 0):
        raise Invalid({"actual": [_("The text is too long.")]})
    return value


def _short(comment: str) -> str:
    if len(comment) > TEXT_MAX:
        raise Invalid({"comment": [_("The text is too long.")]})
    return comment


def _settle(project: Project, status: PeriodStatus, message: str) -> None:
    """Mark the request of a message as done once no period of the project has this status."""
    if not periods_of(project).filter(status=status).exists():
        settle([project], [message])
