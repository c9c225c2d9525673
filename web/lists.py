"""Lists of words inside a sentence, as each language writes them. The patterns are those of CLDR (“standard”)."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import get_language

# Between two words, and before the last one of several. In English without a comma before “and”, as in UN documents.
COMMA: Mapping[str, str] = {"ar": "، ", "zh-hans": "、"}
AND: Mapping[str, str] = {
    "ar": " و",
    "en": " and ",
    "es": " y ",
    "fr": " et ",
    "ru": " и ",
    "zh-hans": "和",
}
# “y” becomes “e” before the sound i, but not before a diphthong: Argentina e Irán, cobre y hierro.
_SOUND_OF_I = re.compile(r"[ií](?![aeoáéó])|h[ií](?![aeoáéó])", re.IGNORECASE)


def joined(words: Iterable[object]) -> str:
    """Return the words as one text in the active language: “A, B and C”. In Arabic each is joined by و."""
    texts, language = [str(word) for word in words], _language()
    if len(texts) < 2:
        return "".join(texts)
    last = " e " if language == "es" and _SOUND_OF_I.match(texts[-1]) else AND[language]
    between = AND["ar"] if language == "ar" else comma()
    return between.join(texts[:-1]) + last + texts[-1]


def enumerated(words: Iterable[object]) -> str:
    """Return the words as one text in the active language, without “and”: “A, B, C”."""
    return comma().join(map(str, words))


def comma() -> str:
    """Return what stands between two words of a list in the active language."""
    return COMMA.get(_language(), ", ")


def _language() -> str:
    language = get_language() or "en"
    return language if language in AND else "en"
