"""The project by which a match is carried, and what happens to the match when the project ends.

Locks are taken in one order: project, need, match. An edit of a project holds it already when its matches follow.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.access.models import text_columns
from assistance.needs.models import Match, Need
from assistance.needs.states import UNFINISHED
from assistance.projects.models import Project
from assistance.projects.states import OVER, UNDER_WAY
from assistance.workflow.engine import record, save, transition
from entities.actors import CTED, UNOCT, Actor
from entities.models import Organisation
from web.exceptions import Conflict, Invalid


# ── Proposing ────────────────────────────────────────────────────────────────
def check_project(project: Project) -> Organisation:
    """Return the lead of a project, which is the provider of its matches.

    Raises Invalid for a project without a known lead, Conflict for one that is neither planned nor ongoing.
    """
    if project.lead is None:
        raise Invalid({"project": [_("The lead of this project is not known here. Select another project.")]})
    if project.status not in UNDER_WAY:
        raise Conflict(
            _("A project must be planned or ongoing. Current status: “%(state)s”.")
            % {"state": project.get_status_display()}
        )
    return project.lead


# ── When a project ends ──────────────────────────────────────────────────────
def follow_projects(projects: Sequence[Project]) -> None:
    """Ask the providers of unfinished matches how they go on where their project has ended; where it goes on, no more.

    A project has also ended for a match once somebody else leads it. The rows have been saved, and are locked.
    """
    known = {project.pk: project for project in projects}
    with row_security.bypass():
        running = Match.objects.filter(project__in=known, status__in=UNFINISHED)
        moved = [
            match for match in running.only("project", "provider", "need", "project_ended_at") if _moves(match, known)
        ]
        if not moved:
            return
        needs = _locked_needs({match.need_id for match in moved})
        for match in running.filter(pk__in=[one.pk for one in moved]).order_by("pk").select_for_update():
            if _moves(match, known):
                match.need = needs[match.need_id]
                _move(match, known[match.project_id])  # type: ignore[index]


def _locked_needs(keys: set[UUID]) -> dict[UUID, Need]:
    rows = Need.objects.filter(pk__in=keys).defer(*text_columns(Need)).order_by("pk").select_for_update()
    return {need.pk: need for need in rows}


def _moves(match: Match, known: dict[UUID, Project]) -> bool:
    """Return whether what a match says of the end of its project is no longer so."""
    return (match.project_ended_at is not None) != _has_ended(match, known[match.project_id])  # type: ignore[index]


def _has_ended(match: Match, project: Project) -> bool:
    return project.status in OVER or project.lead_id != match.provider_id


def _move(match: Match, project: Project) -> None:
    """Record that the project of a match has ended, or goes on. Who may not know the project notices nothing."""
    ended: datetime | None = None if match.project_ended_at else timezone.now()
    match.project_ended_at = ended
    save(match, ["project_ended_at"], quiet=True)
    name = "match_project_ended" if ended else "match_project_resumed"
    record(name, match, actor=None, before=match.status, project=project)


def carry_on(*, actor: Actor, match: object, note: str = "", version: int | None = None) -> Match:
    """Say for the provider that a match goes on without its project, which has ended. Returns the match.

    Raises NotVisible, Forbidden, Conflict (the project has not ended).
    """
    with transaction.atomic():
        row = policy.get(actor, Match, match)
        with row_security.bypass():
            project = Project.objects.select_for_update().filter(matches=row.pk).first()
        with transition(actor, Match, match, "carry-on", version=version) as context:
            context.also = {"project": project} if project else {}
            context.set(project=None, project_ended_at=None)
            context.reason = note
    return context.row


def project_has_ended(match: Match) -> None:
    """Raise Conflict where the project of a match goes on, or there is none."""
    if match.project_ended_at is None:
        raise Conflict(_("The project of this match has not ended."))


# ── Who is told ──────────────────────────────────────────────────────────────
def knows_end(actor: Actor, match: Match) -> bool:
    """Return whether this actor is told that the project of a match has ended, whether they see the project or not.

    The provider is, and so are CTED and UNOCT, who see what it owes. Views as another need it too.
    """
    own = any(one.pk == match.provider_id or one.slug in (CTED, UNOCT) for one in actor.organisations)
    return own and (actor.viewer is None or knows_end(actor.viewer, match))
