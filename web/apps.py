"""The app `web`: template tags and static files; it has no models."""

from django.apps import AppConfig

from web import keys


class WebConfig(AppConfig):
    """Registers the app, and how keys are read."""

    name = "web"

    def ready(self) -> None:
        """Register how keys are read, after the framework, whose own way is replaced."""
        keys.register()
