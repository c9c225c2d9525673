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

_SECURITY = _("Look at the security of your account:")

MESSAGES = (
    Message(
        PASSWORD_RESET,
        subject=_("Set a new password for the Counter-Terrorism Assistance Portal"),
        reason=_(
            "You get this because a new password was asked for with your address. If it was not you, ignore this mail:"
            " nothing changes."
        ),
        link_text=_("Choose a new password:"),
        offers_preferences=False,
    ),
    Message(
        INVITATION,
        subject=_("You are invited to the Counter-Terrorism Assistance Portal"),
        reason=_(
            "You get this because an organisation nominated you and UNOCT approved it. What is left: you set a password"
            " by the link, then a second factor. If you did not expect this, ignore this mail."
        ),
        link_text=_("Accept the invitation:"),
        offers_preferences=False,
    ),
    Message(
        ACCOUNT_LOCKED,
        subject=_("Your address is locked for a quarter of an hour"),
        reason=_(
            "You get this because a wrong password was written ten times with your address. The link works once, for an"
            " hour. If it was not you, nothing else is needed: nobody came in."
        ),
        link_text=_("Unlock it now:"),
        offers_preferences=False,
    ),
    Message(
        PASSWORD_CHANGED,
        subject=_("Your password has been changed"),
        reason=_(
            "You get this because the password of your account was changed; other sessions and API tokens have ended."
            " If it was not you, set a new one at once and write to UNOCT."
        ),
        link_text=_SECURITY,
        offers_preferences=False,
    ),
    Message(
        FACTOR_CHANGED,
        subject=_("Your second factor has been changed"),
        reason=_(
            "You get this because an authenticator app, a passkey or recovery codes of your account were added, removed"
            " or made anew; other sessions have ended. If it was not you, change your password at once and write to UNOCT."
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
        reason=_("You get this because you chose to have your mail gathered."),
        template="digest",
    ),
)
