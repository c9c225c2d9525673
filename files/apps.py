"""Uploaded files: cleaned before they are stored, stored by id, and served only as attachments."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the app; it imports none of the apps that attach files."""

    name = "files"
