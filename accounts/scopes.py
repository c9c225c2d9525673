"""What a token is good for: a name for each collection of the API, for reading and, apart from it, for writing."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the words of the form on which a person chooses. A test holds these names and the addresses of the API together.
COLLECTIONS: Mapping[str, str | Promise] = {
    "visits": _("Visits"),
    "sections": _("Sections of reports"),
    "needs": _("Needs"),
    "consents": _("Consents"),
    "releases": _("Releases"),
    "offers": _("Offers"),
    "matches": _("Matches"),
    "projects": _("Projects"),
    "documents": _("Documents"),
    "access-log": _("Access log"),
    "who-is-who": _("Organisations and terms of the field"),
    "appointments": _("Appointments"),
    "directory": _("Directory of focal points"),
    "notifications": _("Your notifications"),
    "me": _("Who you are and your preferences"),
}
READ_ONLY = frozenset({"access-log", "who-is-who", "directory"})
ANY = "*"  # the scope of an address that tells nothing of anybody: the map of the API and its description

READS = tuple(f"{name}:read" for name in COLLECTIONS)
WRITES = tuple(f"{name}:write" for name in COLLECTIONS if name not in READ_ONLY)
SCOPES = (*READS, *WRITES)


def scope_of(collection: str, method: str) -> str:
    """Return what a token must be good for to send such a request to that collection."""
    reads = method in ("GET", "HEAD", "OPTIONS") or collection in READ_ONLY  # nothing is written there: 405
    return f"{collection}:{'read' if reads else 'write'}"


def completed(scopes: Iterable[str]) -> list[str]:
    """Return the scopes in their order; who may write somewhere also reads there. Raises ValueError for an unknown one."""
    wanted = set(scopes)
    if unknown := wanted - set(SCOPES):
        raise ValueError(", ".join(sorted(unknown)))
    wanted |= {f"{scope.removesuffix(':write')}:read" for scope in wanted if scope.endswith(":write")}
    return [scope for scope in SCOPES if scope in wanted]


def in_words(scopes: Iterable[str], right: str) -> list[str | Promise]:
    """Return the names of the collections that may be read, or written, with these scopes."""
    return [COLLECTIONS[name] for name, _colon, has in (scope.partition(":") for scope in scopes) if has == right]
