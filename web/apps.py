"""The web kit as an app: templates' tags and static files; it has no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app."""

    name = "web"
