"""The kinds of audit entries; a new kind needs no migration."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What happened."""

    READ = "read", _("Opened")
    LISTED = "listed", _("Shown in a list")
    EXPORTED = "exported", _("Exported")
    REFUSED = "refused", _("Refused")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
    SIGNED_OUT = "signed_out", _("Signed out")
    PROVED = "proved", _("Proved who they are")
    PROOF_FAILED = "proof_failed", _("Failed to prove who they are")
    FACTOR_CHANGED = "factor_changed", _("Changed a means of signing in")
    SESSION_ENDED = "session_ended", _("Ended a session")
    TOKEN_MADE = "token_made", _("Made a token")
    TOKEN_USED = "token_used", _("Used a token")
    TOKEN_REVOKED = "token_revoked", _("Revoked a token")
    NOMINATED = "nominated", _("Nominated")
    RIGHT_GIVEN = "right_given", _("Right given")
    RIGHT_ENDED = "right_ended", _("Right ended")
    CONSENT = "consent", _("Decided on a release")
    VIEW_AS = "view_as", _("Viewed as somebody else")


# The kinds that mean that somebody was shown a text.
READING = (Kind.READ, Kind.LISTED, Kind.EXPORTED)
