"""The parts of organizations in programmes."""

from entities.models import Organisation, Programme, ProgrammeRole


def by_role(programme: Programme) -> list[tuple[str, list[Organisation]]]:
    """Return the roles in a programme in words, each with its organizations. Prefetch `parts__organisation` for many."""
    parts = list(programme.parts.all())
    found = [(role, [part.organisation for part in parts if part.role == role]) for role in ProgrammeRole]
    return [(str(role.label), organisations) for role, organisations in found if organisations]
