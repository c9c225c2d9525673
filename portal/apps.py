"""The house itself as an app: loads the task queue wherever Django runs, so that every thread rings the same doorbell."""

from django.apps import AppConfig

from portal.celery import app as queue


class PortalConfig(AppConfig):
    """Makes our queue the one `celery.current_app` names, in the threads of the web server too."""

    name = "portal"

    def ready(self) -> None:
        queue.set_default()
