"""The audit log: who did, read or was refused what, when and how; the application's own role cannot rewrite it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the audit log; it imports no other app of the portal."""

    name = "audit"
