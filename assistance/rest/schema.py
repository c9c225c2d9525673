"""Names of choices in the API schema: each set of choices is named like its class."""

from importlib import import_module
from importlib.util import find_spec
from inspect import getmembers, isclass

from django.db.models import TextChoices

from assistance.aggregates import AGGREGATES

SHARED = ("assistance.considerations", "assistance.measures")


def enum_names() -> dict[str, str]:
    """Return class name → dotted path, for the choices in `states` of all aggregates and for those that they share."""
    found = {}
    for path in (*SHARED, *(f"assistance.{name}.states" for name in AGGREGATES)):
        if find_spec(path) is None:
            continue
        for kind, choices in getmembers(import_module(path), isclass):
            if issubclass(choices, TextChoices) and choices.__module__ == path:
                found[kind] = f"{path}.{kind}"
    return found
