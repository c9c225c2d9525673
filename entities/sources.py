"""Where what is known of an organisation comes from, in words; the exact places are in its provenance."""

import re

from django.utils.translation import gettext, pgettext

from entities.models import Organisation

# The letters of entities/reference/README.md, after the language of a name: “fr:U”.
MARK = re.compile(r"\b(?:ar|es|fr|ru|zh):([SUOWK])")


def sources_of(organisation: Organisation) -> list[str]:
    """Return the sources; none for what was entered by hand or invented."""
    if not organisation.provenance or organisation.is_demo:
        return []
    if organisation.is_state:
        return ["UNTERM", gettext("United Nations Statistics Division (M49)"), "ISO 3166"]
    words = {
        "S": pgettext("source of a name", "Source documents of the project"),
        "U": pgettext("source of a name", "Websites of the United Nations and of the organization"),
        "O": pgettext("source of a name", "List of channels of delivery of OECD"),
        "W": "Wikidata",
        "K": pgettext("source of a name", "Names from general knowledge, not yet compared with UNTERM"),
    }
    marks = set(MARK.findall(organisation.provenance))
    return [text for letter, text in words.items() if letter in marks]
