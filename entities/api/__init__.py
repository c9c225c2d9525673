"""The API of who is who, of appointments and of the directory."""

from rest_framework.viewsets import GenericViewSet

from entities.api import reference
from entities.api.appointments import AppointmentViewSet
from entities.api.directory import DirectoryViewSet

# Prefix, view set and base name, as a router registers them.
ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    *reference.ROUTES,
    ("appointments", AppointmentViewSet, "appointment"),
    ("directory", DirectoryViewSet, "directory"),
)
