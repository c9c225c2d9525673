"""Finds translations that break the typography of their language, and English texts that need a context.

The rules are those of the United Nations editorial manuals of each language, as far as a program can tell.
"""

import re
from collections.abc import Iterator, Mapping

import polib

from portal.third_party import STRINGS

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
MARKUP = re.compile(r"<[^>]*>|&\w+;|https?://\S+|\./manage\.py")
# What must not stand in a translation, by language, with what is wrong.
WRONG: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "ar": (
        (re.compile(r"[\u0600-\u06ff]\s?[,;?]"), "use the Arabic comma, semicolon and question mark"),
        (re.compile(r"\u0640{2}|[\u0600-\u06ff] [\u060c\u061b\u061f]"), "no space before a comma or question mark"),
    ),
    "fr": (
        (re.compile(r"\w'\w"), "use the apostrophe ’"),
        (re.compile(r"(?<=[\w)»])[ ]?[;!?](?=\s|$)|(?<=[^\d\W]) ?:(?=\s|$)"), "a no-break space stands before : ; ! ?"),
        (re.compile(r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»"), "no-break spaces stand inside « »"),
        (re.compile(r'"'), "use « »"),
    ),
    "es": ((re.compile(r'[«»"]'), "use “ ”"), (re.compile(r"^[^¿]*\?|^[^¡]*!"), "¿ and ¡ open what ? and ! close")),
    "ru": (
        (re.compile(r"[ёЁ]"), "write е, not ё"),
        (re.compile(r'[“”"]'), "use « »"),
        (re.compile(r"\w -\s"), "use —"),
    ),
    "zh_Hans": (
        (re.compile(r"[\u4e00-\u9fff]\s?[,;:?!()](?![\w/])|[\u4e00-\u9fff]\."), "use full-width punctuation"),
        (re.compile(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]"), "no space stands between characters"),
    ),
}
ENDS = {".": ".。।", ":": ":：", "?": "?？؟", "…": "…"}


def faults(catalogues: Mapping[str, polib.POFile]) -> list[str]:
    """Return a message for each text that breaks a rule; catalogues are by language."""
    found: list[str] = []
    for language, catalogue in catalogues.items():
        for entry in catalogue.translated_entries():
            name = f"{language}: {entry.msgid!r}" + (f" ({entry.msgctxt})" if entry.msgctxt else "")
            found += (f"{name}: {text}." for text in dict.fromkeys(_of_entry(language, entry)))
    return found


def words_without_context(catalogue: polib.POFile) -> list[str]:
    """Return the English texts of one word that have no context: they mean different things in different places.

    Those of third parties have none, and cannot be given one.
    """
    bare = (entry.msgid for entry in catalogue if not entry.msgctxt)
    return [text for text in bare if re.fullmatch(r"\w+", text) and text not in STRINGS]


def _of_entry(language: str, entry: polib.POEntry) -> Iterator[str]:
    for text in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
        bare = MARKUP.sub("", PLACEHOLDER.sub("0", text))
        yield from (f"{said} in {text!r}" for pattern, said in WRONG[language] if pattern.search(bare))
        if not _ends_alike(entry.msgid_plural or entry.msgid, text):
            yield f"{text!r} ends with another mark than the English text"
        if not entry.msgid_plural and sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(text)):
            yield f"{text!r} has other placeholders than the English text"


def _ends_alike(english: str, text: str) -> bool:
    last, other = english.rstrip("”»\u00a0 ")[-1:], text.rstrip("”»\u00a0 ")[-1:]
    if last in ENDS:
        return other in ENDS[last]
    return other not in ".。:：?？؟"
