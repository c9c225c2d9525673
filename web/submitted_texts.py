"""The texts a user typed into a form that could not be saved, shown again so that they are not lost."""

from django.http import HttpRequest

NOT_WRITTEN = {"csrfmiddlewaretoken", "form_key", "version", "seen"}
SECRETS = ("password", "code", "token", "secret")


def is_secret(name: str) -> bool:
    """Return whether a field of this name holds a password or a code, which is never shown again and never kept."""
    return any(secret in name.lower() for secret in SECRETS)


def submitted_texts(request: HttpRequest) -> list[str]:
    """Return the texts of a submitted form, without hidden values set by the page and without passwords and codes.

    Ids, dates and choices are one word of ASCII; a text contains spaces, or is in a script that may be written without
    them.
    """
    return [
        value
        for name, values in request.POST.lists()
        if name not in NOT_WRITTEN and not is_secret(name)
        for value in values
        if len(value.split()) > 1 or not value.isascii()
    ]
