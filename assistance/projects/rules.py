"""Access rules of projects."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assistance.access.rules import AccessReason, ReasonKind
from assistance.projects import results
from assistance.projects.models import Project
from assistance.projects.states import COMMENTED, PartyRole
from assistance.workflow.models import Event
from entities.actors import Actor
from entities.groups import COMPACT, MEMBERS
from entities.models import Organisation
from web.lists import enumerated

# Its own kinds of access reasons.
LEAD, PARTNER, PROJECT_STATE, IMPORTED = "lead", "partner", "project_state", "imported"


def access_reasons(project: Project) -> Iterator[AccessReason]:
    """Yield the access reasons of a project: all users if imported; else lead, partners, its States and the Compact."""
    if project.is_imported:
        yield AccessReason(MEMBERS, IMPORTED)
        return
    if project.lead:
        yield AccessReason(project.lead.group_id, LEAD)
    for party in project.parties.all():
        if party.organisation is not None:
            yield AccessReason(party.organisation.group_id, PARTNER, role=party.role)
    if not project.is_restricted:
        for state in project.states.all():
            yield AccessReason(state.group_id, PROJECT_STATE)
        yield AccessReason(COMPACT, ReasonKind.COMPACT)


def partner(project: Project, reasons: Sequence[AccessReason]) -> str:
    """Return the text that names the roles of a partner."""
    return _("Partner: %(roles)s") % {"roles": enumerated(PartyRole(reason.role).label for reason in reasons)}


REASON_TEXTS: dict[str, Callable[[Project, Sequence[AccessReason]], str]] = {
    LEAD: lambda project, reasons: _("Leads the project"),
    PARTNER: partner,
    PROJECT_STATE: lambda project, reasons: _("The project takes place in this State"),
    IMPORTED: lambda project, reasons: _("Published elsewhere, and open to all users"),
}


def may_create(actor: Actor) -> bool:
    """Return whether this actor records projects: providers do."""
    return bool(actor.providers())


def may_restrict(organisation: Organisation | None) -> bool:
    """Return whether a project with this lead may be restricted: only entities of the Compact and States do so."""
    return organisation is not None and (organisation.in_compact or organisation.is_state)


def lead(actor: Actor, project: Project) -> Iterable[UUID | None]:
    """Return who may change a project: its lead, and nobody for an imported one."""
    return [] if project.is_imported else [project.lead_id]


def reporter(actor: Actor, project: Project) -> Iterable[UUID | None]:
    """Return who may report results: those with a period to report; where nobody has one, all who report."""
    if project.is_imported:
        return []
    return results.reporters(project, now=True) or results.reporters(project)


def accepter(actor: Actor, project: Project) -> Iterable[UUID | None]:
    """Return who accepts reports or sends them back: the lead, and the partners that fund the project."""
    if project.is_imported:
        return []
    funding = [party.organisation_id for party in project.parties.all() if party.role == PartyRole.FUNDING]
    return [project.lead_id, *funding]


def project_state(actor: Actor, project: Project) -> Iterable[UUID | None]:
    """Return who may comment on a project: the States in which it takes place, unless it was imported."""
    return [] if project.is_imported else [state.pk for state in project.states.all()]


# ── Who reads the comments? ──
def is_in_team(actor: Actor, project: Project) -> bool:
    """Return whether this actor belongs to the lead of a project or to a partner."""
    team = {project.lead_id, *(party.organisation_id for party in project.parties.all())}
    return any(one.pk in team for one in actor.organisations)


def history(actor: Actor, project: Project, events: QuerySet[Event]) -> QuerySet[Event]:
    """Return what this actor sees of the history: only the team knows of the comments of all States, a State of its own."""
    for reader in filter(None, (actor, actor.viewer)):
        if not is_in_team(reader, project):
            own = Q(acting_as__organisation__in=[one.pk for one in reader.organisations])
            events = events.filter(~Q(name=COMMENTED) | own)
    return events
