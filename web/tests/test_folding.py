"""Folding is one function in Python and in SQL: proved equal over the alphabets of the six languages."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from web.folding import fold, looks_for

ALPHABETS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F),  # Latin
    st.characters(min_codepoint=0x300, max_codepoint=0x36F),  # accents
    st.characters(min_codepoint=0x391, max_codepoint=0x3C9),  # Greek
    st.characters(min_codepoint=0x400, max_codepoint=0x45F),  # Cyrillic
    st.characters(min_codepoint=0x600, max_codepoint=0x6FF),  # Arabic
    st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
    st.characters(min_codepoint=0x2000, max_codepoint=0x206F),  # blanks, quotation marks, what is not seen
    st.characters(min_codepoint=0x4E00, max_codepoint=0x4EFF),  # Chinese
    st.characters(min_codepoint=0xFB50, max_codepoint=0xFDFB),  # ligatures of Arabic
    st.characters(min_codepoint=0xFE70, max_codepoint=0xFEFF),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),  # full width
)
TEXTS = st.lists(st.text(ALPHABETS, max_size=40), min_size=1, max_size=60)
FOUND = [
    ("securite", "Sécurité des frontières"), ("SÉCURITÉ", "la sécurité"), ("المحكمه", "المحكمة العليا"), ("Refugies", "réfugiés"),
    ("الارهاب", "مكافحة الإرهاب"), ("الإرهاب", "مكافحة الارهاب"), ("مستشفي", "مستشفى"), ("مسؤول", "مسوول"), ("محمّد", "محمد"),
    ("محمد", "مُحَمَّد"), ("الامن", "الأمــــن"), ("Strasse", "Straße"), ("straße", "STRASSE"), ("ещё", "еще"), ("Артем", "Артём"),
    ("ｓｅｃｕｒｉｔｙ", "Border security"), ("security", "ｓｅｃｕｒｉｔｙ"), ("Côte d'Ivoire", "Cote d’Ivoire"),
    ("oeuvre", "œuvre"),
    (unicodedata.normalize("NFD", "sécurité"), "sécurité"), ("sécurité", unicodedata.normalize("NFD", "sécurité")),
    ("2027", "٢٠٢٧"), ("كابل", "کابل"), ("ماليزيا", "ﻣﺎﻟﻴﺰﻳﺎ"), ("security", "secu\u00adrity"), ("Ισχύς", "ισχυσ"),
    ("العراق", "ٱلعراق"),
]  # fmt: skip
KEPT_APART = [("май", "маи"), ("border", "boarder"), ("边", "遍"), ("أمن", "أمين")]


def in_sql(texts: list[str]) -> list[str]:
    """Return the texts folded by PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_fold(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n", [texts])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_sql_folds_as_python_does() -> None:
    @settings(max_examples=200, deadline=None)
    @given(TEXTS)
    def hold(texts: list[str]) -> None:
        assert in_sql(texts) == [fold(text) for text in texts]

    hold()


@given(st.text(ALPHABETS))
def test_what_is_folded_once_is_folded(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(("term", "text"), FOUND)
def test_each_spelling_finds_the_other(term: str, text: str) -> None:
    assert looks_for(term) in fold(text)


@pytest.mark.parametrize(("one", "other"), KEPT_APART)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)
