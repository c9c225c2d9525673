"""Lists of words inside a sentence, in six languages."""

import pytest
from django.utils.translation import override

from web.lists import enumerated, joined


@pytest.mark.parametrize(
    ("language", "two", "three", "plain"),
    [
        ("ar", "ع وغ", "ع وغ وف", "ع، غ، ف"),
        ("en", "A and B", "A, B and C", "A, B, C"),
        ("es", "A y B", "A, B y C", "A, B, C"),
        ("fr", "A et B", "A, B et C", "A, B, C"),
        ("ru", "А и Б", "А, Б и В", "А, Б, В"),
        ("zh-hans", "甲和乙", "甲、乙和丙", "甲、乙、丙"),
    ],
)
def test_words_are_joined_as_the_language_writes_them(language: str, two: str, three: str, plain: str) -> None:
    words = {"ar": "عغف", "ru": "АБВ", "zh-hans": "甲乙丙"}.get(language, "ABC")
    with override(language):
        assert (joined(words[:2]), joined(words), enumerated(words)) == (two, three, plain)
        assert (joined([]), joined([7]), enumerated([7])) == ("", "7", "7")


@pytest.mark.parametrize(
    ("last", "text"),
    [
        ("Irán", "Argentina e Irán"), ("Italia", "Argentina e Italia"), ("Hidra", "Argentina e Hidra"),
        ("hierro", "Argentina y hierro"), ("hielo", "Argentina y hielo"), ("Yemen", "Argentina y Yemen"),
        ("Ísland", "Argentina e Ísland"), ("Kenya", "Argentina y Kenya"),
    ],
)  # fmt: skip
def test_in_spanish_and_is_e_before_i(last: str, text: str) -> None:
    with override("es"):
        assert joined(["Argentina", last]) == text


def test_without_a_language_words_are_joined_as_in_english() -> None:
    with override(None):
        assert joined("ABC") == "A, B and C"
