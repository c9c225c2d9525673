"""What is kept of organisations, of the terms of the field, and of who acts for whom."""

from entities.models.appointment import Appointment, AppointmentQuerySet, Phase, Role
from entities.models.organisation import Kind, Organisation, OrganisationQuerySet, Region, WorkingGroup
from entities.models.vocabulary import Instrument, Pillar, Programme, Theme

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "Instrument",
    "Kind",
    "Organisation",
    "OrganisationQuerySet",
    "Phase",
    "Pillar",
    "Programme",
    "Region",
    "Role",
    "Theme",
    "WorkingGroup",
]
