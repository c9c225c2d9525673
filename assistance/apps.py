"""The work: needs, consents, offers, matches, projects, and the rules of who may see and do what."""

from importlib import import_module

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """The app, and what it tells the outbox and the desks of those who hand over."""

    name = "assistance"

    def ready(self) -> None:
        # Once models are loaded the outbox learns whom to ask whether a reader may still be told.
        import_module("assistance.notifications")
        import_module("assistance.desk")
