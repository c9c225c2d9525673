"""Domain errors raised by the rules; portal.errors maps each to an HTTP answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """Base class of all domain errors; `message` is a text for the user, translated when it is rendered."""

    message: Text = _("This action is not possible.")
    code = "error"

    def __init__(self, message: Text | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotVisible(DomainError):
    """The object does not exist or the user may not know of it; both give the same answer, byte for byte (404)."""

    message = _("Not found, or you do not have access to it.")
    code = "not_found"


class Forbidden(DomainError):
    """The user sees the object but may not do this (403)."""

    message = _("You do not have permission for this action.")
    code = "forbidden"

    def __init__(self, message: Text | None = None, *, who: Text = "", url: str = "") -> None:
        """Refuse, and say `who` can do it, and the address of the record that it is about."""
        super().__init__(message)
        self.who, self.url = who, url


class ProofNeeded(Forbidden):
    """The action is permitted, but needs a recent proof of identity first (403)."""

    message = _(
        "Confirm your identity for this request. A program sends a one-time code of your "
        "authenticator app, or a recovery code, in the header Fresh-Proof. Each code works once."
    )
    code = "fresh_proof_required"


class ProofWrong(ProofNeeded):
    """The proof that came with the request is wrong, or was used before (403)."""

    message = _(
        "The code or password in the header Fresh-Proof is incorrect, or the code has already been "
        "used. Send a new code."
    )
    code = "proof_wrong"


class ProofLocked(ProofNeeded):
    """Too many proofs were wrong: none is checked until `wait` seconds have passed (429)."""

    message = _("Too many incorrect codes or passwords. Wait 15 minutes, then send a new one.")
    code = "proof_locked"
    wait = 15 * 60  # the longest it can take: the time in which ACCOUNT_RATE_LIMITS counts


class Conflict(DomainError):
    """The action does not fit the present state (409); `transitions` are the labels of those that are legal now."""

    message = _("This action is not possible in the current status.")
    code = "conflict"

    def __init__(self, message: Text | None = None, transitions: Iterable[Text] = (), *, url: str = "") -> None:
        """Refuse, and say what is possible now, and the address of the record that it is about."""
        super().__init__(message)
        self.transitions, self.url = tuple(transitions), url


class StaleSave(Conflict):
    """Somebody else has saved in the meantime (409); both texts are kept, field by field, so that nothing is lost."""

    message = _("Another user changed this while you were writing. Compare both texts and save again.")
    code = "stale"

    def __init__(self, theirs: Mapping[str, Any], yours: Mapping[str, Any], message: Text | None = None) -> None:
        super().__init__(message)
        self.theirs = dict(theirs)
        self.yours = dict(yours)


class Invalid(DomainError):
    """Some fields are not valid (422); `errors` maps each field to its messages, "" to those of the whole form."""

    message = _("Some entries are not valid. Correct them and try again.")
    code = "invalid"

    def __init__(self, errors: Mapping[str, Iterable[Text]], message: Text | None = None) -> None:
        super().__init__(message)
        self.errors: dict[str, list[Text]] = {field: list(texts) for field, texts in errors.items()}


class Busy(Invalid):
    """Nothing was done because others are being served; the same request can succeed later (503, Retry-After)."""

    code = "busy"
    wait = 60  # seconds


class BadParameters(Invalid):
    """Query parameters of the API that would be ignored: unknown ones, and those repeated to no effect (400)."""

    message = _("Unknown parameter. Remove it or correct its name.")
    code = "bad_parameter"
