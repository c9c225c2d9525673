"""Draws up a letter from the record, and keeps the texts of letters. Nothing is ever sent from here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.letters.kinds import LetterKind, Table
from assistance.letters.models import LetterText
from audit import log
from audit.kinds import Kind
from entities.actors import Actor
from entities.appointments import is_coordinator
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible, StaleSave
from web.lists import enumerated
from web.texts import normal_text
from web.turns import in_turn

BLANK = "▢"  # stands where the record has nothing: never an empty space
PLACE = re.compile(r"{(\w+)}")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Draft:
    """A letter as drawn up: its paragraphs, and what is missing in the record, in the language of the reader."""

    kind: LetterKind
    row: Restricted
    language: str
    paragraphs: tuple[str, ...]
    missing: tuple[str, ...]
    table: Table | None = None

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.row}-{self.kind.name}-{self.language}.docx"

    def enclosure(self, actor: Actor) -> tuple[bytes, str]:
        """Return the spreadsheet that is sent with it, and its name without the ending. Raises NotVisible without one."""
        if self.kind.enclosure is None:
            raise NotVisible
        name = self.file_name.removesuffix(".docx")
        return self.kind.enclosure(actor, self.row, self.language), name


def letters_for(actor: Actor, row: Restricted) -> list[LetterKind]:
    """Return the letters that this actor can draw up about a row now."""
    return [kind for kind in registry.of(row).letters if may_write(actor, row, kind) and kind.possible(row)]


def may_write(actor: Actor, row: Restricted, kind: LetterKind) -> bool:
    """Return whether this actor writes letters of a kind about a row that they see."""
    return policy.acting_as(actor, kind.written_by, row) is not None


def draw_up(actor: Actor, row: Restricted, kind: LetterKind, language: str) -> Draft:
    """Return a letter about a row that this actor sees.

    Raises Forbidden for whoever writes no letters, NotVisible for an unknown language, Conflict where the row is not
    yet, or no longer, in a state to which the letter belongs.
    """
    if not may_write(actor, row, kind):
        raise Forbidden(who=policy.who_can(kind.written_by, row), url=row.get_absolute_url())
    if language not in LANGUAGES:
        raise NotVisible
    if not kind.possible(row):
        raise Conflict(_("This letter cannot be drawn up in the present status."))
    with override(language):
        facts, empty = {name: fact.value for name, fact in kind.facts(actor, row).items()}, to_be_filled()
        table = kind.table(actor, row)
    text, missing = text_of(kind, language), []

    def fill(place: re.Match[str]) -> str:
        name = place[1]
        if facts.get(name):
            return facts[name]
        missing.append(str(kind.names.get(name, name)))
        return empty

    whole = PLACE.sub(fill, text)
    paragraphs = tuple(part.strip() for part in whole.split("\n") if part.strip())
    return Draft(kind, row, language, paragraphs, tuple(dict.fromkeys(missing)), table)


# ── Texts ────────────────────────────────────────────────────────────────────
def text_of(kind: LetterKind, language: str) -> str:
    """Return the text of a kind of letter: as UNOCT has changed it, else the one that comes with the portal."""
    changed = LetterText.objects.filter(kind=kind.name, language=language).values_list("text", flat=True).first()
    return changed if changed is not None else kind.text_of(language)


def texts_of(kind: LetterKind) -> dict[str, str]:
    """Return language → text, for all languages."""
    changed = dict(LetterText.objects.filter(kind=kind.name).values_list("language", "text"))
    return {code: changed.get(code, kind.text_of(code)) for code in LANGUAGES}


def to_be_filled() -> str:
    """Return what stands where the record has nothing, in the active language: a sign, and words for it."""
    return BLANK + " " + pgettext("empty field", "to be filled in")


def version_of(kind: LetterKind) -> str:
    """Return what changes whenever one of the texts of a kind of letter does: whoever edits them sends it back."""
    whole = "\n".join(f"{code}:{text}" for code, text in sorted(texts_of(kind).items()))
    return sha256(whole.encode()).hexdigest()[:16]


def may_keep(actor: Actor) -> bool:
    """Return whether this actor changes the texts of letters: coordinators of UNOCT do, while they act for themselves."""
    return actor.viewer is None and is_coordinator(actor)


def change(*, actor: Actor, kind: LetterKind, texts: Mapping[str, str], version: str) -> None:
    """Change the texts of a kind of letter; one equal to that of the portal is no longer a change of it.

    Raises Forbidden; Conflict when somebody has changed them since `version` (`version_of`) was read; Invalid at
    `text_<language>` for an empty text, or a name in braces that nothing stands for.
    """
    if not may_keep(actor):
        raise Forbidden
    wanted = {code: normal_text(text) for code, text in texts.items() if code in LANGUAGES}
    errors = {f"text_{code}": list(_wrong(kind, text)) for code, text in wanted.items()}
    if any(errors.values()):
        raise Invalid({name: found for name, found in errors.items() if found})
    with transaction.atomic():
        in_turn(f"letter texts: {kind.name}")  # a text that was not changed has no row to lock
        before = texts_of(kind)
        if version != version_of(kind):
            theirs, yours = ({f"text_{code}": text for code, text in one.items()} for one in (before, wanted))
            raise StaleSave(theirs, yours)
        for code, text in wanted.items():
            if text == before[code]:
                continue
            if text == kind.text_of(code):
                LetterText.objects.filter(kind=kind.name, language=code).delete()
            else:
                values = {"text": text, "changed_by": actor.user}
                LetterText.objects.update_or_create(kind=kind.name, language=code, defaults=values)
            log.write([log.entry(Kind.REFERENCE, detail=f"letter text: {kind.name}, {code}", who=actor.user)])


def _wrong(kind: LetterKind, text: str) -> Iterator[str]:
    if not text:
        yield _("Enter the text of the letter.")
    if unknown := sorted(set(PLACE.findall(text)) - set(kind.names)):
        yield _("Nothing is known for these names in braces: %(names)s.") % {"names": enumerated(unknown)}


def kinds() -> list[LetterKind]:
    """Return all kinds of letters."""
    return [kind for own in registry.aggregates() for kind in own.letters]


def context_of(actor: Actor, row: Restricted) -> dict[str, Any]:
    """Return what the page of a row shows of letters."""
    return {"letters": [(kind, row.url_name(f"letter-{kind.name}")) for kind in letters_for(actor, row)]}
