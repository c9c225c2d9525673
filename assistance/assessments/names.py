"""What names assessments and their lines to people."""

from accounts.matters import Matter
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.workflow.naming import titled


def name_of_assessment(row: Assessment) -> Matter:
    """Return an assessment by its title, with its type, its entity and its State."""
    return titled(row, row.get_kind_display(), row.entity.short, row.state.name)


def name_of_line(line: AssessmentLine) -> Matter:
    """Return a line by its type, with its entity, its State and its year."""
    return Matter(line.get_kind_display(), facts=(line.entity.short, str(line.state.name), str(line.year)))
