"""Messages about projects: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.workflow.notifications import Rule

LEAD_REASON = _("You receive this because your organization leads this project.")

PROJECT_EVENTS: Mapping[str, str | Promise] = {
    "project_recorded": _("Project recorded"),
    "project_edited": _("Project edited"),
    "project_imported": _("Project imported"),
    "project_confirm_asked": _("Lead asked to confirm the project"),
    "project_confirmed": _("Project confirmed by its lead"),
}
ASKING = ("project_confirm_asked",)


def _lead(project: Any) -> set[object]:
    return {project.lead_id}


PROJECT_MESSAGES: Mapping[str, Rule] = {
    "project_confirm_asked": Rule(
        Message("project_confirm_asked", _("%(reference)s: confirm that the project is still right"), LEAD_REASON),
        asks=_lead,
    ),
    "project_confirmed": Rule(
        Message("project_confirmed", _("%(reference)s: project confirmed"), LEAD_REASON), tells=(_lead,), settles=ASKING
    ),
}
