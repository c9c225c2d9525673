"""Files that people attach: taken in clean, kept by number, handed out as attachments only."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The lowest floor: it knows files and nobody who attaches them."""

    name = "files"
