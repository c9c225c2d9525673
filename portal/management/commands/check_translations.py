"""Lists strings without translation, and translations shared by two contexts; changes nothing."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import makemessages
from django.utils.translation import to_locale

from portal.management import alike

IGNORED = ["var/*", ".venv/*", "*/tests/*", "node_modules/*", "*/static/*"]
SHOWN = 10


class Command(makemessages.Command):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect all strings as makemessages would and compare them with the catalogues.

        Raises CommandError for a string without translation, and for contexts that share one unless the list beside
        the catalogues allows it.
        """
        self.gaps: dict[str, list[str]] = {}
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
        missing = [e.msgid for e in polib.pofile(potfile) if e.msgid and (e.msgctxt, e.msgid) not in done]
        if missing:
            self.gaps[locale] = missing
