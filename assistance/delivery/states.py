"""The words and numbers of delivery: how contact was made, how long the State may object, which numbers are large."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

# The numbers of a report; a final report needs one of them, or a document.
TRAINED = ("trained_women", "trained_men", "trained_unknown")
FIGURES = (*TRAINED, "expert_days", "places_used")

MOST = 10_000_000  # the largest number of a report
LARGE = 10_000  # from here on, the provider confirms that a number is right

MESSAGE_MAX = 10_000  # characters of a message in the thread

CONTACTS_APART = timedelta(days=9)  # between two contacts, before a State counts as not reachable
DISPUTED_FOR = timedelta(days=14)  # how long a State may dispute the end of a match
FEEDBACK_EDITED_FOR = timedelta(days=30)


class ContactHow(TextChoices):
    """How one side contacted the other."""

    MAIL = "mail", pgettext_lazy("contact", "Email or letter")
    CALL = "call", pgettext_lazy("contact", "Telephone or video call")
    MEETING = "meeting", pgettext_lazy("contact", "Meeting")
    VISIT = "visit", pgettext_lazy("contact", "Visit on site")
