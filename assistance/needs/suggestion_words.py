"""Suggestions in words: why candidates do not fit, and what is free of an offer."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext

from assistance.needs.suggestions import Failed, Suggestion
from assistance.offers.models import Offer


def failed_in_words(failed: Failed) -> str:
    """Return how many offers or projects fail by one rule, as a sentence."""
    count = failed.count
    words = {
        ("offer", "theme"): ngettext(
            "%(count)s offer covers neither the theme nor the type of assistance.",
            "%(count)s offers cover neither the theme nor the type of assistance.",
            count,
        ),
        ("offer", "place"): ngettext(
            "%(count)s offer covers the theme or the type of assistance, but is not open to this State or its region.",
            "%(count)s offers cover the theme or the type of assistance, but none is open to this State or its region.",
            count,
        ),
        ("offer", "time"): ngettext(
            "%(count)s offer would fit, but its availability has ended.",
            "%(count)s offers would fit, but their availability has ended.",
            count,
        ),
        ("offer", "dismissed"): ngettext(
            "%(count)s offer has been set aside by your organization.",
            "%(count)s offers have been set aside by your organization.",
            count,
        ),
        ("project", "theme"): ngettext(
            "%(count)s project does not cover the theme.", "%(count)s projects do not cover the theme.", count
        ),
        ("project", "place"): ngettext(
            "%(count)s project covers the theme, but takes place in other States.",
            "%(count)s projects cover the theme, but take place in other States.",
            count,
        ),
        ("project", "time"): ngettext(
            "%(count)s project would fit, but ends within 90 days.",
            "%(count)s projects would fit, but end within 90 days.",
            count,
        ),
        ("project", "dismissed"): ngettext(
            "%(count)s project has been set aside by your organization.",
            "%(count)s projects have been set aside by your organization.",
            count,
        ),
    }
    return words[failed.kind, failed.rule] % {"count": number_format(count, use_l10n=True, force_grouping=True)}


def free_in_words(suggestion: Suggestion) -> list[str]:
    """Return each capacity of an offer that is free, or stated where the reader is told no more, in words."""
    row = suggestion.row
    currency = row.currency if isinstance(row, Offer) else ""
    return capacity_in_words(suggestion.free, currency)


def capacity_in_words(free: Mapping[str, int | Decimal], currency: str) -> list[str]:
    """Return amounts of capacity, by their kind, in words."""
    found = []
    for kind, number in free.items():
        if kind == "amount":
            written = number_format(
                number, decimal_pos=0 if number == int(number) else 2, use_l10n=True, force_grouping=True
            )
            found.append(" ".join(filter(None, (written, currency))))
            continue
        words = (
            ngettext("%(counter)s place", "%(counter)s places", int(number))
            if kind == "places"
            else ngettext("%(counter)s expert day", "%(counter)s expert days", int(number))
        )
        found.append(words % {"counter": number_format(number, use_l10n=True, force_grouping=True)})
    return found
