"""The messages about a person's own account, and the digest that gathers the others."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.mail.messages import Message

PASSWORD_RESET = "password_reset"  # noqa: S105 (the name of a message)
INVITATION = "invitation"
ACCOUNT_LOCKED = "account_locked"
PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of a message)
FACTOR_CHANGED = "factor_changed"
DIGEST = "digest"

_SECURITY = _("Check the security of your account:")

MESSAGES = (
    Message(
        PASSWORD_RESET,
        subject=_("Set a new password for the Counter-Terrorism Assistance Portal"),
        reason=_(
            "You receive this because a new password was requested for your address. If it was not you, "
            "ignore this email: your password stays the same."
        ),
        link_text=_("Choose a new password:"),
        offers_preferences=False,
    ),
    Message(
        INVITATION,
        subject=_("Invitation to the Counter-Terrorism Assistance Portal"),
        reason=_(
            "You receive this because an organization nominated you and UNOCT approved the nomination. "
            "Next, set a password with the link, then set up a second factor. If you did not expect "
            "this, ignore this email."
        ),
        link_text=_("Accept the invitation:"),
        offers_preferences=False,
    ),
    Message(
        ACCOUNT_LOCKED,
        subject=_("Your address is locked for 15 minutes"),
        reason=_(
            "You receive this because a wrong password was entered 10 times for your address. The link "
            "works once, for 1 hour. If it was not you, no other action is required: no one signed in."
        ),
        link_text=_("Unlock the address:"),
        offers_preferences=False,
    ),
    Message(
        PASSWORD_CHANGED,
        subject=_("Your password has been changed"),
        reason=_(
            "You receive this because the password of your account was changed. Other sessions and API "
            "tokens have ended. If it was not you, set a new password immediately and write to UNOCT."
        ),
        link_text=_SECURITY,
        offers_preferences=False,
    ),
    Message(
        FACTOR_CHANGED,
        subject=_("Your second factor has been changed"),
        reason=_(
            "You receive this because an authenticator app, a passkey or recovery codes of your account "
            "were added, removed or created again. Other sessions have ended. If it was not you, change "
            "your password immediately and write to UNOCT."
        ),
        link_text=_SECURITY,
        offers_preferences=False,
    ),
    Message(
        DIGEST,
        # `count` selects the plural form, `counter` is the same number formatted for the language.
        subject=ngettext_lazy(
            "%(counter)s message from the Counter-Terrorism Assistance Portal",
            "%(counter)s messages from the Counter-Terrorism Assistance Portal",
            "count",
        ),
        reason=_("You receive this because you chose to receive email summaries."),
        template="digest",
    ),
)
