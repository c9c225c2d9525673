"""Translations keep the typography of their language, their placeholders and the end of the English text."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

from portal.management import typography

LOCALE = Path(settings.BASE_DIR) / "locale"


def fault(language: str, english: str, text: str) -> str:
    """Return what is said of one translation, or "" if it is accepted."""
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid=english, msgstr=text))
    return "\n".join(typography.faults({language: catalogue}))


@pytest.mark.parametrize(
    ("language", "english", "text", "said"),
    [
        ("ar", "Yes, no", "نعم, لا", "Arabic comma"),
        ("ar", "Really?", "حقاً?", "Arabic comma"),
        ("fr", "The name", "L'identité", "apostrophe"),
        ("fr", "Next: %(step)s", "Ensuite : %(step)s", "no-break space"),
        ("fr", "A “need”", "Un «besoin»", "no-break spaces"),
        ("es", "A “need”", "Una «necesidad»", "use “ ”"),
        ("es", "Really?", "De verdad?", "¿"),
        ("ru", "Once more", "Ещё раз", "not ё"),
        ("ru", "A “need”", "“Потребность”", "« »"),
        ("zh_Hans", "Yes, no", "是, 否", "full-width"),
        ("zh_Hans", "Two words", "两个 词语", "no space"),
        ("fr", "It ends.", "Cela se termine", "another mark"),
        ("fr", "A label", "Un libellé.", "another mark"),
        ("fr", "%(count)s of %(all)s", "%(count)s sur %(total)s", "other placeholders"),
        ("fr", "%(count)s needs", "besoins", "other placeholders"),
    ],
)
def test_what_breaks_a_rule_is_named(language: str, english: str, text: str, said: str) -> None:
    assert said in fault(language, english, text)


@pytest.mark.parametrize(
    ("language", "english", "text"),
    [
        ("ar", "Yes, no?", "نعم، لا؟"),
        ("fr", "Next: %(step)s", "Ensuite\u00a0: %(step)s"),
        ("fr", "At https://example.org/a", "À https://example.org/a"),
        ("fr", "A “need”.", "Un «\u00a0besoin\u00a0»."),
        ("es", "Really?", "¿De verdad?"),
        ("ru", "A “need” — once more", "«Потребность» — еще раз"),
        ("zh_Hans", "At %(time)s.", "时间：%(time)s。"),
    ],
)
def test_what_keeps_the_rules_is_accepted(language: str, english: str, text: str) -> None:
    assert fault(language, english, text) == ""


def test_a_word_without_context_is_named() -> None:
    catalogue = polib.POFile()
    catalogue += [
        polib.POEntry(msgid="Share"),
        polib.POEntry(msgid="To", msgctxt="mail"),
        polib.POEntry(msgid="To you"),
    ]
    assert typography.words_without_context(catalogue) == ["Share"]


@pytest.mark.parametrize("language", list(typography.WRONG))
def test_the_catalogues_keep_the_rules(language: str) -> None:
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES/django.po"))
    assert typography.faults({language: catalogue}) == []
    assert typography.words_without_context(catalogue) == []


def test_a_cell_without_a_value_has_an_en_dash_in_every_table() -> None:
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        assert "—" not in path.read_text("utf-8"), (
            f"{path}: the empty choice of a list has the long dash, a cell does not"
        )
