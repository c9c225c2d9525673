"""Models of organisations, vocabularies, and appointments."""

from entities.models.absence import LONGEST_ABSENCE, Absence
from entities.models.appointment import (
    ACTING_ROLES,
    HALF_A_YEAR,
    TOLD_ROLES,
    Appointment,
    AppointmentQuerySet,
    Phase,
    Role,
    half_a_year_on,
)
from entities.models.holiday import Holiday
from entities.models.membership import Belongs, MembershipChange
from entities.models.organisation import Kind, Organisation, OrganisationQuerySet, OtherName, Region, WorkingGroup
from entities.models.renewal import Renewal
from entities.models.version import ReferenceVersion
from entities.models.vocabulary import (
    TEAM,
    Instrument,
    Pillar,
    Programme,
    ProgrammePart,
    ProgrammeRole,
    Theme,
)

__all__ = [
    "ACTING_ROLES",
    "HALF_A_YEAR",
    "LONGEST_ABSENCE",
    "TEAM",
    "TOLD_ROLES",
    "Absence",
    "Appointment",
    "AppointmentQuerySet",
    "Belongs",
    "Holiday",
    "Instrument",
    "Kind",
    "MembershipChange",
    "Organisation",
    "OrganisationQuerySet",
    "OtherName",
    "Phase",
    "Pillar",
    "Programme",
    "ProgrammePart",
    "ProgrammeRole",
    "ReferenceVersion",
    "Region",
    "Renewal",
    "Role",
    "Theme",
    "WorkingGroup",
    "half_a_year_on",
]
