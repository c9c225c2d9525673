"""Catalogues are compiled when they have changed, and only then."""

import gettext
import os
from pathlib import Path

from devserver.catalogues import compile_catalogues

SOURCE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Release"
msgstr "Diffusion"

msgctxt "button"
msgid "Release"
msgstr "Diffuser"
"""


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")
    (compiled,) = compile_catalogues(tmp_path)
    with compiled.open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert (words.gettext("Release"), words.pgettext("button", "Release")) == ("Diffusion", "Diffuser")
    assert compile_catalogues(tmp_path) == []
    later = compiled.stat().st_mtime + 10
    source.write_text(SOURCE.replace("Diffuser", "Publier"), encoding="utf-8")
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == [compiled]
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).pgettext("button", "Release") == "Publier"
