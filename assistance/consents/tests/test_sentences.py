"""Sentences about people agree with their number in every language."""

import pytest
from django.utils.translation import override

from assistance.consents.summaries import Difference, replacement_sentence

AGREE = {
    "es": {1: "podrá leer", 2: "podrán leer", 7: "podrán leer"},
    "fr": {1: "pourra lire", 2: "pourront lire", 7: "pourront lire"},
    "ru": {1: "получит", 2: "получат", 7: "получат", 21: "получит", 112: "получат"},
}


@pytest.mark.parametrize("language", AGREE)
def test_the_verb_agrees_with_the_number_of_people(language: str) -> None:
    with override(language):
        for people, verb in AGREE[language].items():
            (sentence,) = Difference([], (people, 1), (0, 0)).sentences
            assert verb in sentence.split() or f" {verb} " in sentence, sentence


def test_who_loses_agrees_too() -> None:
    with override("ru"):
        assert replacement_sentence((1, 1)).endswith("утратит 1 человек в 1 организации.")
        assert replacement_sentence((3, 2)).endswith("утратят 3 человека в 2 организациях.")
        assert replacement_sentence((0, 0)) == ""
