"""The normal form of texts: what is dropped, what is kept, and what counts as nothing."""

import unicodedata

import pytest

from web.texts import normal_identifier, normal_line, normal_text

INVISIBLE = (
    "\u200b", "\u3164", "\u2800", "\u00ad", "\ufe0f", "\U000e0101", "\u2060", "\ufeff", "\u115f", "\u1160", "\uffa0",
    "\u034f", "\u180e", "\u200e", "\u200d\u200c", "\u061c", "\U000e0041", "\u00a0\u2003\u3000", "\u202e", "\u2066\u2069",
    "\u17b4", "\x07", "\x1b", "\x85", "\u2028", "\ufff9", "\ufdd0", "\ufffe", " \t\n ", "\u0301", "\u2061", "\u206a",
)  # fmt: skip
ORDER = (
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\x00",
    "\x07",
    "\x85",
)
KEPT = (
    "Établi à Genève – “règle” n° 5", "می\u200cخواهم", "क्\u200dष", "葛\U000e0100城", "\u200fتقرير 12/2026\u200e", "👩\u200d🚒",
    "❤\ufe0f", "Ж", "한국", "\u0e01\u0e33", "N\u0303andú", "a\u00a0b",
)  # fmt: skip


@pytest.mark.parametrize("text", [*INVISIBLE, "".join(INVISIBLE)], ids=ascii)
@pytest.mark.parametrize("function", [normal_text, normal_line, normal_identifier])
def test_a_text_of_which_nothing_is_seen_is_empty(function: object, text: str) -> None:
    assert function(text) == "" == function(f" {text} ")  # type: ignore[operator]


@pytest.mark.parametrize("text", KEPT)
def test_what_a_language_needs_is_kept(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert normal_line(text) == normal_text(text) == composed


@pytest.mark.parametrize("letter", [each for each in ORDER if each != "\x00"], ids=ascii)
def test_no_title_shows_its_letters_in_another_order(letter: str) -> None:
    assert normal_line(f"exe{letter}fdp") == normal_identifier(f"exe{letter}fdp") in ("exefdp", "exe fdp")


def test_nul_and_lone_surrogates_stay_for_the_fields_to_refuse() -> None:
    assert normal_line("a\0b") == normal_text("a\0b") == "a\0b" and normal_line("\0") == "\0"
    assert normal_line("\ud800") == "\ud800"


def test_a_text_keeps_its_lines_and_a_title_has_one() -> None:
    written = " first\r\nsecond\rthird\u2028fourth\n\n\tfifth "
    assert normal_text(written) == "first\nsecond\nthird\nfourth\n\n\tfifth"
    assert normal_line(written) == "first second third fourth   fifth"


def test_identifiers_that_differ_by_what_is_not_seen_are_one() -> None:
    plain = "XM-DAC-41AA-1"
    for unseen in set(INVISIBLE) - {"\u0301"}:  # a mark that stands on a letter can be seen
        assert normal_identifier(f"XM-DAC{unseen.strip()}-41AA-1") in (plain, plain.replace("-41", " -41"))
    assert normal_identifier("XM\u200d-DAC-41AA\ufe0f-1\u200b") == plain


def test_the_normal_form_is_its_own_normal_form() -> None:
    for text in (*INVISIBLE, *KEPT, *(f"a{letter} b{letter}" for letter in INVISIBLE)):
        for function in (normal_text, normal_line, normal_identifier):
            assert function(function(text)) == function(text)


def test_composed_and_decomposed_letters_are_one() -> None:
    assert normal_line("re\u0301sume\u0301") == "résumé" == normal_text("re\u0301sume\u0301")
