"""Who did, read or was refused what, when and by which door: a log the application itself cannot rewrite."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The log. It knows no other app of the house."""

    name = "audit"
