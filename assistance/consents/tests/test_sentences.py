"""Sentences about people agree with their number in every language."""

import pytest
from django.utils.translation import override

from assistance.consents.summaries import Difference

# In Spanish and French the sentence is built so that its verb does not depend on the number.
AGREE = {
    "es": {1: "Se dará acceso a 1 persona", 2: "Se dará acceso a 2 personas"},
    "fr": {1: "accordé à 1 personne", 2: "accordé à 2 personnes"},
    "ru": {
        1: "Получит доступ:",
        2: "Получат доступ:",
        7: "Получат доступ:",
        21: "Получит доступ:",
        112: "Получат доступ:",
    },
}


@pytest.mark.parametrize("language", AGREE)
def test_the_verb_agrees_with_the_number_of_people(language: str) -> None:
    with override(language):
        for people, words in AGREE[language].items():
            (sentence,) = Difference([], (people, 1), (0, 0)).sentences
            assert words in sentence, sentence


def test_who_loses_agrees_too() -> None:
    with override("ru"):
        assert Difference([], (0, 0), (1, 1)).sentences == ["Утратит доступ: 1 человек в 1 организации."]
        assert Difference([], (0, 0), (3, 2)).sentences == ["Утратят доступ: 3 человека в 2 организациях."]
