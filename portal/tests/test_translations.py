"""Each context of one English text has its own translation, unless the list of exceptions gives a reason."""

import shutil
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override, to_locale

from accounts.models import User
from accounts.sign_in.mfa import AddKeyForm
from portal import third_party
from portal.management import alike

LOCALE = Path(settings.BASE_DIR) / "locale"
LANGUAGES = [to_locale(code) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
Entry = tuple[str | None, str, str | dict[int, str]]
SENDER: list[Entry] = [(None, "From", "Du"), ("mail", "From", "De")]
SAME: list[Entry] = [(None, "From", "De"), ("mail", "From", "De")]


def catalogue(*entries: Entry) -> polib.POFile:
    result = polib.POFile()
    result.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for context, english, text in entries:
        forms = {"msgstr": text} if isinstance(text, str) else {"msgid_plural": f"{english}s", "msgstr_plural": text}
        result.append(polib.POEntry(msgctxt=context, msgid=english, **forms))
    return result


def written(folder: Path, *rows: str) -> Path:
    path = folder / alike.LIST
    path.write_text("\n".join([",".join(alike.COLUMNS), *rows]), encoding="utf-8")
    return path


def repository() -> dict[str, polib.POFile]:
    return {locale: polib.pofile(str(LOCALE / locale / "LC_MESSAGES/django.po")) for locale in LANGUAGES}


# ── The catalogues of the repository ─────────────────────────────────────────
def test_no_context_shares_a_translation_without_a_reason() -> None:
    assert alike.faults(repository(), LOCALE / alike.LIST) == []


@pytest.mark.turns(days=4)
@pytest.mark.parametrize("keep", [0, -1], ids=["first", "last"])
def test_a_tool_that_knows_texts_by_their_english_alone_is_noticed(keep: int) -> None:
    """As in commit 871ab9c, which copied the text of one context to all others."""
    catalogues = repository()
    differing: dict[str, set[str]] = {}
    for locale, known in catalogues.items():
        texts = {(entry.msgid, entry.msgstr) for entry in known}
        differing[locale] = {english for english, count in Counter(msgid for msgid, _ in texts).items() if count > 1}
        for entry in known:
            entry.msgstr = [other for other in known if other.msgid == entry.msgid][keep].msgstr
    said = "\n".join(alike.faults(catalogues, LOCALE / alike.LIST))
    for locale in LANGUAGES:
        assert len(differing[locale]) >= 2
        for english in differing[locale]:
            assert f"{locale}: {english!r} in the contexts " in said


# ── What is refused ──────────────────────────────────────────────────────────
def test_contexts_that_share_a_translation_are_named(tmp_path: Path) -> None:
    (line,) = alike.faults({"fr": catalogue(*SAME), "es": catalogue(*SENDER)}, tmp_path / alike.LIST)
    assert line.startswith("fr: 'From' in the contexts (none); mail share the translation 'De'")


@pytest.mark.parametrize(
    "entries",
    [
        SENDER,
        [(None, "From", "De"), (None, "Of", "De")],
        [(None, "From", ""), ("mail", "From", "")],
    ],
    ids=["own text in each", "another English text", "not translated yet"],
)
def test_what_is_not_alike_is_accepted(tmp_path: Path, entries: list[Entry]) -> None:
    assert alike.faults({"fr": catalogue(*entries)}, tmp_path / alike.LIST) == []


def test_one_form_of_the_plural_is_enough_to_be_alike(tmp_path: Path) -> None:
    plural = catalogue(
        (None, "%d part", {0: "%d part", 1: "%d parts"}), ("share", "%d part", {0: "%d lot", 1: "%d parts"})
    )
    (line,) = alike.faults({"fr": plural}, tmp_path / alike.LIST)
    assert "share the translation '%d parts'" in line


def test_what_the_list_gives_a_reason_for_is_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, "fr,From,(none); mail,one preposition")
    assert alike.faults({"fr": catalogue(*SAME)}, path) == []


@pytest.mark.parametrize("row", ["fr,From,(none); mail,one preposition", "ar,From,(none); mail,one preposition"])
def test_a_row_that_is_no_longer_true_is_refused(tmp_path: Path, row: str) -> None:
    (line,) = alike.faults({"fr": catalogue(*SENDER)}, written(tmp_path, row))
    assert "no longer share a translation: remove the row from alike.csv" in line


def test_a_row_holds_for_exactly_its_contexts(tmp_path: Path) -> None:
    three = catalogue(*SAME, ("date", "From", "De"))
    unlisted, stale = alike.faults({"fr": three}, written(tmp_path, "fr,From,(none); mail,one preposition"))
    assert "(none); date; mail share" in unlisted and "(none); mail no longer share" in stale


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["fr,From,(none); mail,"], "line 2: give the reason"),
        (["fr,From,mail,one preposition"], "line 2: name two contexts"),
        (["fr,From,(none); mail"], "line 2: it has to have 4 columns"),
        (["fr,From,(none); mail,one,two"], "line 2: it has to have 4 columns"),
        (["fr,From,(none); mail,one preposition", "fr,From,mail; (none),again"], "line 3: the same row stands above"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    (line,) = alike.faults({"fr": catalogue(*SAME)}, written(tmp_path, *rows))
    assert said in line


def test_a_list_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / alike.LIST
    path.write_text("language,msgid,contexts\n", encoding="utf-8")
    assert alike.faults({}, path) == ["alike.csv: the columns have to be language, msgid, contexts, reason."]


# ── The command ──────────────────────────────────────────────────────────────
@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext")
def test_the_command_fails_for_gaps_and_for_contexts_that_are_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "Français")]
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    folder = tmp_path / "locale/fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "page.py").write_text('pgettext("date", "From"), pgettext("mail", "From")\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    own: list[Entry] = [("date", "From", "Du"), ("mail", "From", "De")]
    same: list[Entry] = [("date", "From", "De"), ("mail", "From", "De")]

    def say(*entries: Entry) -> str:
        catalogue(*entries).save(str(folder / "django.po"))
        out = StringIO()
        call_command("check_translations", stdout=out)
        return out.getvalue()

    assert "Every string is translated" in say(*own)
    with pytest.raises(CommandError, match="fr: 1 without translation, such as: 'From'"):
        say(*own[:1])
    with pytest.raises(CommandError, match="fr: 1 used nowhere, remove them, such as: 'Of old'"):
        say(*own, (None, "Of old", "D’antan"))
    with pytest.raises(CommandError, match="'From' is one word: give it a context"):
        say(*own, (None, "From", "Depuis"))
    with pytest.raises(CommandError, match="use the apostrophe"):
        say(own[0], ("mail", "From", "De l'organisation"))
    with pytest.raises(CommandError, match="fr: 'From' in the contexts"):
        say(*same)
    written(tmp_path / "locale", "fr,From,date; mail,one preposition")
    assert "Every string is translated" in say(*same)
    with pytest.raises(CommandError, match="no longer share"):
        say(*own)


REGISTER = {
    "ar": ("أدخل ", "غيّر", "كود", "الخاصة بك"),
    "es": ("clave de seguridad", "ngrese"),
    "fr": ("e-mail", "'"),
    "ru": ("ё", "секрет ключ", "Аутентификатор", "Ключи доступа"),
    "zh-hans": ("你", "帐户"),
}


@pytest.mark.parametrize("language", REGISTER)
def test_strings_of_third_parties_that_people_meet_have_the_terms_of_the_portal(language: str) -> None:
    with override(language):
        shown = {text: gettext(str(text)) for text in third_party.STRINGS[:-1]}
        shown["length"] = third_party.STRINGS[-1] % {"min_length": 12}
    assert [text for text, written in shown.items() if text == written] == []
    assert [text for text in shown.values() if any(word in text for word in REGISTER[language])] == []


@pytest.mark.parametrize(
    ("language", "label"), [("ar", "الاسم"), ("fr", "Nom"), ("es", "Nombre"), ("ru", "Название"), ("zh-hans", "名称")]
)
def test_the_name_of_a_passkey_is_asked_for_in_the_reader_s_language(db: None, language: str, label: str) -> None:
    with override(language):
        assert AddKeyForm(user=User()).fields["name"].label == label
