"""The language of texts in an activity file, and the column of the portal it belongs to."""

from lxml.etree import _Element as Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The codes of ISO 639-1, 639-2 (both forms) and 639-3 for the six languages.
COLUMNS = {
    "ar": "ar", "ara": "ar", "arb": "ar", "en": "en", "eng": "en", "es": "es", "spa": "es", "fr": "fr", "fra": "fr",
    "fre": "fr", "ru": "ru", "rus": "ru", "zh": "zh-hans", "zho": "zh-hans", "chi": "zh-hans", "cmn": "zh-hans",
}  # fmt: skip
TRADITIONAL = {"hant", "tw", "hk", "mo"}  # Chinese in another script than that of the column


def language_of(element: Element) -> str:
    """Return the language stated for an element by itself or the nearest one around it, "" if none is."""
    while element is not None:
        if code := element.get(XML_LANG, "").strip():
            return str(code)
        element = element.getparent()
    return ""


def column_of(code: str) -> str | None:
    """Return the language of the portal for a code such as fr, fra, fr-CH; None for any other language."""
    parts = code.lower().replace("_", "-").split("-")
    column = COLUMNS.get(parts[0])
    return None if column == "zh-hans" and TRADITIONAL & set(parts[1:]) else column
