"""Lists strings without translation, translations no source uses, and those that break a rule; changes nothing."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import makemessages
from django.utils.translation import to_locale

from portal.management import alike, typography

IGNORED = ["var/*", ".venv/*", "*/tests/*", "node_modules/*", "*/static/*"]
SHOWN = 10


class Command(makemessages.Command):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect all strings as makemessages would and compare them with the catalogues.

        Raises CommandError for a string without translation, for a translation that no source uses, for contexts that
        share one unless the list beside the catalogues allows it, for a word without a context, and for typography.
        """
        self.gaps: dict[str, list[str]] = {}
        self.unused: dict[str, list[str]] = {}
        self.catalogues: dict[str, polib.POFile] = {}
        source = settings.LANGUAGE_CODE
        options["locale"] = [to_locale(code) for code, _name in settings.LANGUAGES if code != source]
        options["ignore_patterns"] = IGNORED
        options["verbosity"] = 0
        super().handle(*args, **options)
        lines = [
            f"{locale}: {len(texts)} without translation, such as: {', '.join(map(repr, texts[:SHOWN]))}"
            for locale, texts in self.gaps.items()
        ]
        lines += [
            f"{locale}: {len(texts)} used nowhere, remove them, such as: {', '.join(map(repr, texts[:SHOWN]))}"
            for locale, texts in self.unused.items()
        ]
        lines += [
            f"{text!r} is one word: give it a context"
            for text in typography.words_without_context(next(iter(self.catalogues.values())))
        ]
        lines += typography.faults(self.catalogues)
        lines += alike.faults(self.catalogues, Path(settings.LOCALE_PATHS[0]) / alike.LIST)
        if lines:
            raise CommandError("\n".join(lines))
        self.stdout.write("Every string is translated, and differently in each context unless listed.")

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Compare instead of writing; called once for each catalogue."""
        path = Path(potfile).parent / locale / "LC_MESSAGES" / "django.po"
        known = polib.pofile(str(path)) if path.exists() else polib.POFile()
        self.catalogues[locale] = known
        done = {(entry.msgctxt, entry.msgid) for entry in known if entry.translated() and not entry.obsolete}
        sources = [(entry.msgctxt, entry.msgid) for entry in polib.pofile(potfile) if entry.msgid]
        if missing := [msgid for context, msgid in sources if (context, msgid) not in done]:
            self.gaps[locale] = missing
        if unused := [msgid for context, msgid in done - set(sources)]:
            self.unused[locale] = sorted(unused)
