"""A world of rows that hold tokens: words of which a test knows who may ever be sent them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from assistance.tests.cast import Cast

LANGUAGES = [code.replace("-", "_") for code, _name in settings.LANGUAGES]


@dataclass
class World:
    """Rows in every state, and for each token in them the names of those who may read it."""

    cast: Cast
    readers: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)

    def token(self, readers: frozenset[str]) -> str:
        """Return a new word that only these users may ever be sent."""
        word = f"canary{uuid.uuid4().hex[:12]}"
        self.readers[word] = readers
        return word

    def keep(self, kind: str, row: Any, readers: frozenset[str]) -> Any:
        """Store a row's key for the routes, and its reference as a token: the row's existence is confidential too."""
        self.ids.setdefault(kind, []).append(str(row.pk))
        if hasattr(row, "reference"):
            self.readers[row.reference] = readers
        return row

    def texts(self, readers: frozenset[str], *names: str) -> dict[str, str]:
        return {name: self.token(readers) for name in names}

    def in_all_languages(self, row: Any, readers: frozenset[str], *names: str) -> None:
        values = {f"{name}_{code}": self.token(readers) for name in names for code in LANGUAGES}
        type(row)._default_manager.filter(pk=row.pk).update(**values)
