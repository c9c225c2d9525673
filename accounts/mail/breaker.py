"""Circuit breaker for the mail server: while it is away or hangs, no worker waits for it, but for one try now and then.

Its state is in the cache, so that all workers share it; a cache that was emptied only costs another try.
"""

import smtplib

from django.core.cache import cache

OPEN, FAILURES = "mail.breaker.open", "mail.breaker.failures"
FIRST_PAUSE, LONGEST_PAUSE = 30, 300  # seconds
FORGOTTEN_AFTER = 3600
# The server answers, and what it refuses is this one mail.
ABOUT_ONE_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


def is_open() -> bool:
    """Return whether the mail server is not to be contacted now."""
    return cache.get(OPEN) is not None


def allowed(most: int) -> int:
    """Return how many mails may be tried now, at most `most`: none in a pause, one after it, all after a success."""
    if is_open():
        return 0
    return min(most, 1) if cache.get(FAILURES) else most


def note_failure(error: OSError) -> None:
    """Begin a pause if this error is about the server; each further one doubles the pause."""
    if isinstance(error, ABOUT_ONE_MAIL):
        note_answer()
        return
    cache.add(FAILURES, 0, FORGOTTEN_AFTER)
    failures = cache.incr(FAILURES)
    cache.set(OPEN, True, min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))


def note_answer() -> None:
    """End the pause: the server has answered."""
    cache.delete_many([OPEN, FAILURES])
