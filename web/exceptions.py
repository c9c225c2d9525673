"""What can go wrong by the rules: each domain error says to the reader what happened; portal.errors maps it to an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """The base of all errors a rule raises. `message` is written for the person, in their language when read."""

    message: Text = _("This is not possible.")
    code = "error"

    def __init__(self, message: Text | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotVisible(DomainError):
    """It does not exist, or is not theirs to know: the same answer, byte for byte (404)."""

    message = _("There is nothing here, or it is not yours to see.")
    code = "not_found"


class Forbidden(DomainError):
    """They see it, but may not do this (403)."""

    message = _("You may see this, but you may not do that.")
    code = "forbidden"


class ProofNeeded(Forbidden):
    """They may do this, but only right after proving once more who they are (403)."""

    message = _(
        "This needs a fresh proof that it is you. A program sends a one-time code of your authenticator app, or a recovery"
        " code, in the header Fresh-Proof; each code works once."
    )
    code = "fresh_proof_required"


class Conflict(DomainError):
    """The action does not fit the present state (409). `steps` are the actions that are legal now, as labels."""

    message = _("This cannot be done in the present state.")
    code = "conflict"

    def __init__(self, message: Text | None = None, steps: Iterable[Text] = ()) -> None:
        super().__init__(message)
        self.steps = tuple(steps)


class StaleSave(Conflict):
    """Somebody else saved in the meantime (409). Both texts are kept, field by field, so that nothing is lost."""

    message = _("Somebody else changed this while you were writing. Compare both texts and save again.")
    code = "stale"

    def __init__(self, theirs: Mapping[str, Any], yours: Mapping[str, Any], message: Text | None = None) -> None:
        super().__init__(message)
        self.theirs = dict(theirs)
        self.yours = dict(yours)


class Invalid(DomainError):
    """One or several fields cannot be accepted (422). `errors` maps a field to its messages; "" is the whole form."""

    message = _("Some entries need correction.")
    code = "invalid"

    def __init__(self, errors: Mapping[str, Iterable[Text]], message: Text | None = None) -> None:
        super().__init__(message)
        self.errors: dict[str, list[Text]] = {field: list(texts) for field, texts in errors.items()}
