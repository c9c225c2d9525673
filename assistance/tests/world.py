"""A world of rows that hold tokens: words of which a test knows who may ever be sent them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import CharField, EmailField, TextField, URLField

from assistance import registry
from assistance.documents import transitions as documents
from assistance.documents.models import Document
from assistance.tests.cast import Cast
from files.tests import samples

LANGUAGES = [code.replace("-", "_") for code, _name in settings.LANGUAGES]


@dataclass
class World:
    """Rows in every state, and for each token in them the names of those who may read it."""

    cast: Cast
    readers: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    readers_of: dict[str, frozenset[str]] = field(default_factory=dict)  # the readers of each row, by its key
    values: dict[str, list[str]] = field(default_factory=dict)

    def token(self, readers: frozenset[str]) -> str:
        """Return a new word that only these users may ever be sent."""
        word = f"canary{uuid.uuid4().hex[:12]}"
        self.readers[word] = readers
        return word

    def keep(self, kind: str, row: Any, readers: frozenset[str]) -> Any:
        """Store a row's key for the routes, and its reference as a token: the row's existence is confidential too."""
        self.ids.setdefault(kind, []).append(str(row.pk))
        self.readers_of[str(row.pk)] = readers
        if hasattr(row, "reference"):
            self.readers[row.reference] = readers
        return row

    def texts(self, readers: frozenset[str], *names: str) -> dict[str, str]:
        return {name: self.token(readers) for name in names}

    def row(self, kind: str, place: int) -> Any:
        """Return one of the rows of a kind, by its place among those kept."""
        aggregate = registry.named(kind)
        assert aggregate is not None, kind
        return aggregate.model._default_manager.get(pk=self.ids[kind][place])

    def hidden_from(self, name: str, kind: str) -> list[str]:
        """Return the keys of the rows of a kind that one user does not see."""
        return [key for key in self.ids.get(kind, ()) if name not in self.readers_of[key]]

    def attach(self, who: str, row: Any, readers: frozenset[str]) -> Document:
        """Attach a document for the readers of a row: its title, its file's name and content are tokens."""
        file = samples.note(f"{self.token(readers)}.pdf", self.token(readers))
        title = self.token(readers)
        document = documents.attach(actor=getattr(self.cast, who), parent=row, file=file, title=title)
        self.keep("document", document, readers)
        return document

    def fill(self, row: Any, readers: frozenset[str]) -> None:
        """Write a token into every free text of a row, in every language."""
        columns = [column for column in row._meta.concrete_fields if holds_text(column)]
        values = {column.attname: self.token(readers) for column in columns if column.name not in row.translated}
        type(row)._default_manager.filter(pk=row.pk).update(**values)

    def in_all_languages(self, row: Any, readers: frozenset[str], *names: str) -> None:
        values = {f"{name}_{code}": self.token(readers) for name in names for code in LANGUAGES}
        type(row)._default_manager.filter(pk=row.pk).update(**values)


def holds_text(column: Any) -> bool:
    """Return whether a column holds free text that is long enough for a token."""
    if not isinstance(column, CharField | TextField) or isinstance(column, URLField | EmailField) or column.choices:
        return False
    return column.max_length is None or column.max_length >= 100
