"""Messages about projects: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.projects import results
from assistance.projects.states import COMMENTED, PartyRole, PeriodStatus
from assistance.workflow.notifications import PARTY_REASON, Rule

LEAD_REASON = _("You receive this because your organization leads this project.")

PROJECT_EVENTS: Mapping[str, str | Promise] = {
    "project_recorded": _("Project recorded"),
    "project_edited": _("Project edited"),
    "project_imported": _("Project imported"),
    "project_confirm_asked": _("Lead asked to confirm the project"),
    "project_confirmed": _("Project confirmed by its lead"),
    "period_reported": _("Results of a period reported"),
    "period_accepted": _("Report on a period accepted"),
    "period_sent_back": _("Report on a period sent back"),
    "project_linked": _("Link to another record of the activity changed"),
    "indicator_linked": _("Indicator edited"),
    COMMENTED: _("Project commented on by a State"),
}
ASKING = ("project_confirm_asked",)


def _lead(project: Any) -> set[object]:
    return {project.lead_id}


def _partners(project: Any) -> set[object]:
    return {party.organisation_id for party in project.parties.all()}


def _donors(project: Any) -> set[object]:
    return {party.organisation_id for party in project.parties.all() if party.role == PartyRole.FUNDING}


def _reporters(project: Any) -> set[object]:
    return set(results.reporters(project))


def _who_corrects(project: Any) -> set[object]:
    """Return the organisations whose report was sent back."""
    sent_back = results.periods_of(project).filter(status=PeriodStatus.SENT_BACK)
    return set(sent_back.values_list("organisation_id", flat=True))


PROJECT_MESSAGES: Mapping[str, Rule] = {
    "project_confirm_asked": Rule(
        Message("project_confirm_asked", _("%(reference)s: confirm that the project is still right"), LEAD_REASON),
        asks=_lead,
    ),
    "project_confirmed": Rule(
        Message("project_confirmed", _("%(reference)s: project confirmed"), LEAD_REASON), tells=(_lead,), settles=ASKING
    ),
    "period_reported": Rule(
        Message("period_reported", _("%(reference)s: results reported, to be accepted"), PARTY_REASON),
        asks=_lead,
        tells=(_donors,),
    ),
    "period_accepted": Rule(
        Message("period_accepted", _("%(reference)s: report accepted"), PARTY_REASON), tells=(_reporters,)
    ),
    "period_sent_back": Rule(
        Message("period_sent_back", _("%(reference)s: report sent back to be corrected"), PARTY_REASON),
        asks=_who_corrects,
    ),
    COMMENTED: Rule(
        Message(COMMENTED, _("%(reference)s: comment of a State on the project"), PARTY_REASON),
        tells=(_lead, _partners),
    ),
}
