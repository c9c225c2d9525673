"""Password validation beyond length, common passwords and similarity: words that all users of the portal think of."""

import re

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = (
    "counterterrorism", "counter-terrorism", "counter terrorism", "unitednations", "united nations", "terrorism", "terrorist",
    "assistance", "portal", "security", "council", "committee", "compact", "focalpoint", "focal point", "password",
    "passphrase", "welcome", "changeme", "letmein", "unoct", "uncct", "cted", "unodc", "sommer", "summer", "winter", "spring",
    "autumn", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
LEFT_AT_LEAST = 8  # NIST SP 800-63B-4: what remains must still be an acceptable password


class PortalWordsValidator:
    """Refuses a password with too little left after the portal's words, digits and repetitions are removed."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password made mostly of such words."""
        rest = password.lower()
        for word in sorted(WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        rest = re.sub(r"[\W\d_]", "", rest)
        rest = re.sub(r"(.)\1+", r"\1", rest)
        if len(rest) < LEFT_AT_LEAST:
            raise ValidationError(
                _("Do not use only words from this portal, months, digits or repeated characters. Add other words."),
                "words",
            )

    def get_help_text(self) -> str:
        """Return the rule in one sentence."""
        return _("Do not use only words from this portal, months, digits or repeated characters.")
