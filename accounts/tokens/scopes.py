"""What a token is good for: a name for each collection of the API, for reading and, apart from it, for writing.

Each app registers its own collections when it starts.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise

ANY = "*"  # the scope of an address that tells nothing of anybody: the map of the API and its description

_collections: dict[str, str | Promise] = {}
_order: dict[str, int] = {}
_read_only: set[str] = set()


def register(collection: str, label: str | Promise, *, read_only: bool = False, order: int = 0) -> None:
    """Add a collection of the API under the name its scopes begin with, and in the words of the form for tokens.

    Collections with a lower `order` are listed first.     Raises ValueError for a name that is taken.
    """
    if collection in _collections:
        raise ValueError(f"The collection {collection!r} is registered already.")
    _collections[collection] = label
    _order[collection] = order
    if read_only:
        _read_only.add(collection)


def collections() -> Mapping[str, str | Promise]:
    """Return the names of all collections with their labels, the lower `order` first."""
    return {name: _collections[name] for name in sorted(_collections, key=lambda name: _order[name])}


def reads() -> list[str]:
    """Return the scopes that read."""
    return [f"{name}:read" for name in collections()]


def writes() -> list[str]:
    """Return the scopes that write."""
    return [f"{name}:write" for name in collections() if name not in _read_only]


def scopes() -> list[str]:
    """Return all scopes, those that read first."""
    return [*reads(), *writes()]


def is_read_only(collection: str) -> bool:
    """Whether nothing can be written to this collection."""
    return collection in _read_only


def scope_of(collection: str, method: str) -> str:
    """Return what a token must be good for to send such a request to that collection."""
    reads = method in ("GET", "HEAD", "OPTIONS") or is_read_only(collection)  # nothing is written there: 405
    return f"{collection}:{'read' if reads else 'write'}"


def completed(wanted: Iterable[str]) -> list[str]:
    """Return the scopes in their order; who may write somewhere also reads there. Raises ValueError for an unknown one."""
    wanted = set(wanted)
    if unknown := wanted - set(scopes()):
        raise ValueError(", ".join(sorted(unknown)))
    wanted |= {f"{scope.removesuffix(':write')}:read" for scope in wanted if scope.endswith(":write")}
    return [scope for scope in scopes() if scope in wanted]


def in_words(given: Iterable[str], right: str) -> list[str | Promise]:
    """Return the names of the collections that may be read, or written, with these scopes."""
    return [_collections[name] for name, _colon, has in (scope.partition(":") for scope in given) if has == right]
