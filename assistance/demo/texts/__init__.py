"""The texts of the demonstration in the six languages, read from the JSON files in this folder."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Model
from modeltranslation.utils import build_localized_fieldname

from entities.actors import Actor
from web.languages import to_wire
from web.translated_text import CODES

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Text:
    """A title and a body in six languages, and any further data of its file."""

    facts: dict[str, Any]

    def title(self, language: str) -> str:
        """Return the title in a language, given by Django's code."""
        return str(self.facts[to_wire(language)][0])

    def body(self, language: str) -> str:
        """Return the body in a language, given by Django's code."""
        return str(self.facts[to_wire(language)][1])


@cache
def _file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def text(kind: str, key: str) -> Text:
    """Return a text by its kind (needs, sections, offers, projects) and key. Raises KeyError."""
    more = _file("needs_more") if kind == "needs" else {}
    return Text({**_file(kind), **more}[key])


def remark(group: str, key: str, language: str) -> str:
    """Return a short text (institutions, priorities, baselines, targets, said) in a language. Raises KeyError."""
    return str(_file("remarks")[group][key][to_wire(language)])


def said(actor: Actor, key: str) -> str:
    """Return the remark somebody makes on a transition, in their own language. Raises KeyError."""
    return remark("said", key, actor.user.language)


def translate(row: Model, fields: tuple[str, ...], source: Text) -> None:
    """Set title, and body if two fields are named, in the columns of all six languages; its own language is set already."""
    columns = []
    for code in CODES:
        for field, value in zip(fields, (source.title(code), source.body(code)), strict=False):
            columns.append(build_localized_fieldname(field, code))
            setattr(row, columns[-1], value)
    row.save(update_fields=columns)
