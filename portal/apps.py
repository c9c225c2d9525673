"""The project as an app: loads Celery wherever Django runs, so that every thread uses the same broker."""

from importlib import import_module

from django.apps import AppConfig

from portal.celery import app as queue


class PortalConfig(AppConfig):
    """Makes the project's Celery app the one `celery.current_app` names, also in the threads of the web server."""

    name = "portal"

    def ready(self) -> None:
        queue.set_default()
        import_module("portal.checks")
