"""The kinds of audit entries; a new kind needs no migration."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What happened."""

    READ = "read", pgettext_lazy("access event", "Opened")
    LISTED = "listed", _("Shown in a list")
    EXPORTED = "exported", pgettext_lazy("access event", "Exported")
    REFUSED = "refused", pgettext_lazy("access event", "Access refused")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", pgettext_lazy("access event", "Sign-in failed")
    SIGNED_OUT = "signed_out", _("Signed out")
    PROVED = "proved", pgettext_lazy("access event", "Identity confirmed")
    PROOF_FAILED = "proof_failed", pgettext_lazy("access event", "Identity check failed")
    FACTOR_CHANGED = "factor_changed", pgettext_lazy("access event", "Sign-in method changed")
    SESSION_ENDED = "session_ended", pgettext_lazy("access event", "Session ended")
    TOKEN_MADE = "token_made", pgettext_lazy("access event", "Token created")
    TOKEN_USED = "token_used", pgettext_lazy("access event", "Token used")
    TOKEN_REVOKED = "token_revoked", pgettext_lazy("access event", "Token revoked")
    NOMINATED = "nominated", pgettext_lazy("access event", "Nomination made")
    RIGHT_GIVEN = "right_given", pgettext_lazy("access event", "Access right granted")
    RIGHT_ENDED = "right_ended", pgettext_lazy("access event", "Access right ended")
    MEMBERSHIP = "membership", _("Audience membership changed")
    REFERENCE = "reference", _("Reference data changed")
    CONSENT = "consent", pgettext_lazy("access event", "Decision on a release")
    VIEW_AS = "view_as", pgettext_lazy("access event", "Viewed as another user")


# The kinds that mean that somebody was shown a text.
READING = (Kind.READ, Kind.LISTED, Kind.EXPORTED)
