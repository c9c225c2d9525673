"""The parts of a request, as its form and its template show them one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance import considerations

CONTACT = ("contact_name", "contact_post", "contact_agency", "contact_phone", "contact_email")
# What is between the State, UNOCT and CTED.
PROCEDURE = ("note_number", "note_dated", "note_to_follow", "audience_allowed", "until")


@dataclass(frozen=True)
class Part:
    """One part: its heading, and the fields that a State fills in, in their order."""

    heading: str | Promise
    fields: tuple[str, ...]


PARTS: Mapping[str, Part] = {
    "what": Part(
        _("What you ask for"),
        (
            "state", "title", "description", "theme", "pillar", "assistance_types", "deliverable", "instrument",
            "provision",
        ),
    ),
    "for-whom": Part(_("For whom"), ("beneficiary", "delivery_languages", *CONTACT)),
    "how-much": Part(_("By when, and how much"), ("quantity", "unit", "wanted_by", "baseline", "target")),
    "tried": Part(_("What was tried"), ("earlier_help", "no_earlier_help", "asked_nobody_else", "conditions")),
    "note": Part(_("Note verbale and readers"), (*PROCEDURE, "closes_for_offers", *considerations.FIELDS)),
}  # fmt: skip
