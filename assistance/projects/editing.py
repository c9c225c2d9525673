"""How projects recorded in the portal are written."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import considerations, currencies
from assistance.access import policy
from assistance.needs.match_projects import follow_projects
from assistance.needs.models import Need
from assistance.projects import links, results, sessions, shares
from assistance.projects.messages import ASKING
from assistance.projects.models import Party, Project
from assistance.projects.rules import may_restrict
from assistance.workflow.editing import EditSpec, Values, check_order
from assistance.workflow.notifications import settle
from assistance.workflow.parts import check_parts, parts_move, write_parts
from entities.actors import Actor
from entities.models import Organisation
from entities.providers import check_provides
from web.exceptions import Conflict, Invalid

PARTS = (results.INDICATORS, results.PERIODS, sessions.SESSIONS)  # in the order in which they refer to each other


def check(project: Project, values: Values) -> None:
    """Raise Invalid for a lead that may not lead or restrict, dates out of order, or a budget without a known currency."""
    if project.lead is not None:
        check_provides(project.lead, "lead")
    if project.is_restricted and not may_restrict(project.lead):
        problem = _(
            "Only entities of the Compact and States restrict projects. Remove the restriction, or select another lead."
        )
        raise Invalid({"is_restricted": [problem]})
    if any(need.state_id == project.lead_id for need in _needs_of(project, values)):
        raise Invalid({"needs": [_("A State does not lead a project for its own need. Remove this need.")]})
    check_order(project, "planned_start", "planned_end")
    check_order(project, "actual_start", "actual_end")
    if project.budget is not None and not project.currency:
        raise Invalid({"currency": [_("Select the currency of the budget.")]})
    currencies.check(project.currency)
    considerations.check(project)
    shares.check(project, values)
    results.check_end(project)
    links.check_parent(project)
    check_parts(PARTS, project, values)
    results.check_reporters(project, values)


def _needs_of(project: Project, values: Values) -> Iterable[Need]:
    """Return the needs that a project will have."""
    if "needs" in values:
        return values["needs"]
    return () if project._state.adding else project.needs.all()


def check_kept_here(project: Project) -> None:
    """Raise Conflict for an imported project."""
    if project.is_imported:
        raise Conflict(_("An imported project cannot be changed here. Change it at its source and import it again."))


def keep_hidden_needs(actor: Actor, project: Project, values: Values) -> Values:
    """Return the values with the project's needs that the editor does not see added, so that these are not removed."""
    if "needs" not in values:
        return values
    hidden = project.needs.exclude(pk__in=policy.visible(actor, Need).values("pk"))
    return {**values, "needs": [*values["needs"], *hidden]}


def relate(project: Project, values: Values) -> None:
    """Save partners, percentages and parts if `values` contains them; the matches follow the status and the lead.

    Whoever writes a project says that it is right.
    """
    project.confirmed_at = timezone.now()
    project.save(update_fields=["confirmed_at"])
    settle([project], ASKING)
    if "partners" in values:
        set_partners(project, values["partners"])
    shares.write(project, values)
    write_parts(PARTS, project, values)
    results.unlink_other_units(project)
    follow_projects([project])


def moves(project: Project, values: Values) -> bool:
    """Return whether `values` contains other partners, percentages or parts than the project has."""
    if _moves_partners(project, values) or shares.moves(project, values):
        return True
    return parts_move(PARTS, project, values)


def _moves_partners(project: Project, values: Values) -> bool:
    now = {(party.organisation_id, party.role) for party in project.parties.all()}
    return "partners" in values and now != {(one.pk, role) for one, role in values["partners"]}


def set_partners(project: Project, partners: Iterable[tuple[Organisation, str]]) -> None:
    """Replace the partners of a project recorded in the portal by (organisation, role) pairs."""
    project.parties.all().delete()
    Party.objects.bulk_create(Party(project=project, organisation=o, role=role) for o, role in partners)


PROJECT = EditSpec(
    recorded="project_recorded",
    edited="project_edited",
    check=check,
    may_change=check_kept_here,
    closed=check_kept_here,
    kept=keep_hidden_needs,
    relate=relate,
    relates=moves,
)
