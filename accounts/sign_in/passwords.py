"""What a password may not be, beside too short, too common or too like its owner: the words everybody here thinks of."""

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
LEFT_AT_LEAST = 8  # NIST SP 800-63B-4: what remains must still be a password of its own


class PortalWordsValidator:
    """Refuses a password that, without the words of the portal, digits and repetitions, is hardly one any more."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password made of such words."""
        rest = password.lower()
        for word in sorted(WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        rest = re.sub(r"[\W\d_]", "", rest)
        rest = re.sub(r"(.)\1+", r"\1", rest)
        if len(rest) < LEFT_AT_LEAST:
            raise ValidationError(
                _("Words of this portal, months, digits and repetitions do not count: add others."), "words"
            )

    def get_help_text(self) -> str:
        """Return the rule in one sentence."""
        return _("Words of this portal, months, digits and repetitions alone are not enough.")
