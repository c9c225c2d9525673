"""The work: needs, consents, offers, matches, projects, and the rules of who may see and do what."""

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AssistanceConfig(AppConfig):
    """The app, and what it tells the outbox and the desks of those who hand over."""

    name = "assistance"

    def ready(self) -> None:
        # Once models are loaded the outbox learns whom to ask whether a reader may still be told.
        import_module("assistance.notifications")
        import_module("assistance.desk")
        connection_created.connect(import_module("assistance.wall").begin_anew)
