"""Parts that upper apps add to the page of an organization: what it does there is theirs to know."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from entities.actors import Actor
from entities.models import Organisation

Context = dict[str, Any]
_parts: dict[str, str] = {}


@dataclass(frozen=True)
class Part:
    """One part of a page: its template, and what it shows."""

    template: str
    context: Context


def register(template: str, function: str) -> None:
    """Add a part to the pages of organizations.

    `function` is the dotted path of a function of actor and organization; it returns the context of the template, or
    nothing where the part is left out.
    """
    _parts[template] = function


def parts_of(actor: Actor, organisation: Organisation) -> list[Part]:
    """Return the parts of the page of an organization, as this reader sees them, in the order of their registration."""
    found = ((template, _function(path)(actor, organisation)) for template, path in _parts.items())
    return [Part(template, context) for template, context in found if context]


@cache
def _function(path: str) -> Callable[[Actor, Organisation], Context]:
    function: Callable[[Actor, Organisation], Context] = import_string(path)
    return function
