"""System checks: every restricted model is registered, and the names used in the registry exist."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted


@register()
def check_aggregates(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each restricted model that is not registered, and for each unknown name in a registration."""
    restricted = {model for model in apps.get_models() if issubclass(model, Restricted)}
    missing = restricted - set(registry.models())
    errors: list[CheckMessage] = [
        Error(
            f"{model.__name__} is restricted, and no aggregate is registered for it.",
            hint=f"Register it in the registration.py of its package ({model.__module__}).",
            id="assistance.E001",
        )
        for model in sorted(missing, key=lambda model: model.__name__)
    ]
    return errors + [
        Error(
            f"{aggregate.model.__name__}: nobody knows who “{word}” is.", hint="See policy.WHO.", id="assistance.E002"
        )
        for aggregate in registry.aggregates()
        for word in _words(aggregate)
        if word not in aggregate.who and word not in policy.WHO
    ]


def _words(aggregate: registry.Aggregate) -> Iterator[str]:
    yield aggregate.edited_by
    yield aggregate.attached_by
    yield from (row.who for row in aggregate.transitions.values())
