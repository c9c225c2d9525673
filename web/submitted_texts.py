"""What a person typed into a form that could not be taken: shown to them again, because nothing of it is to be lost."""

from django.http import HttpRequest

NOT_WRITTEN = {"csrfmiddlewaretoken", "version", "seen"}
SECRETS = ("password", "code", "token", "secret")


def submitted_texts(request: HttpRequest) -> list[str]:
    """Return the texts of a form, without what a page put into it and without what proves who somebody is.

    Ids, dates and choices are one word of ASCII; a text has spaces, or is in a script that may do without them.
    """
    return [
        value
        for name, values in request.POST.lists()
        if name not in NOT_WRITTEN and not any(secret in name.lower() for secret in SECRETS)
        for value in values
        if len(value.split()) > 1 or not value.isascii()
    ]
