"""The app `web`: template tags and static files; it has no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the app."""

    name = "web"
