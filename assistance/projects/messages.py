"""Names of the events of projects."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROJECT_EVENTS: Mapping[str, str | Promise] = {
    "project_recorded": _("Project recorded"),
    "project_edited": _("Project edited"),
    "project_imported": _("Project imported"),
}
