"""The sessions of a project in which people are trained: what is checked, and how many people were trained in all."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.delivery.reports import unconfirmed
from assistance.delivery.states import TRAINED
from assistance.projects.models import Project, TrainingSession
from assistance.projects.states import MOST_SESSIONS
from assistance.workflow.editing import Values
from assistance.workflow.parts import Errors, Given, Parts
from entities.local_days import today_of


def _check_session(project: Project, values: Values, one: Given, before: Given | None) -> Errors:
    """Return what is wrong with a session: people trained on a day to come, or numbers that may be a slip."""
    today = today_of(project.lead) if project.lead else timezone.now().date()
    if one["held_on"] > today and any(one[name] for name in TRAINED):
        return {"held_on": [_("Enter how many people were trained after the session has taken place.")]}
    return {} if one["confirm_large"] else dict(unconfirmed(one, TRAINED))


SESSIONS = Parts(name="sessions", model=TrainingSession, path="project", most=MOST_SESSIONS, check_one=_check_session)


@dataclass(frozen=True)
class Trained:
    """How many people were trained in the sessions of a project."""

    sessions: list[TrainingSession]
    women: int
    men: int
    unknown: int

    @property
    def all(self) -> int:
        """Their number."""
        return self.women + self.men + self.unknown


def trained_in(project: Project) -> Trained:
    """Return the sessions of a project, the earliest first, with the sums of those trained. One statement."""
    rows = list(project.sessions.all())
    return Trained(rows, *(sum(getattr(row, name) for row in rows) for name in TRAINED))
