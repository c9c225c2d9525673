"""What groups open to people who hold other groups already: numbers of rows, and the States that released them."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from assistance import registry
from assistance.access import row_security
from assistance.access.models import Restricted


def gained(groups: frozenset[int], held: frozenset[int]) -> tuple[tuple[tuple[str, int], ...], frozenset[UUID]]:
    """Return how many rows of each kind `groups` open beyond those that `held` open, and the States that released them.

    Only numbers and keys leave this function, so it reads past the groups of the request.
    """
    lines: list[tuple[str, int]] = []
    states: set[UUID] = set()
    with row_security.bypass():
        for aggregate in registry.aggregates():
            rows = _opened(aggregate.model, groups).exclude(pk__in=_opened(aggregate.model, held).values("pk"))
            if count := rows.count():
                lines.append((str(aggregate.model._meta.verbose_name_plural), count))
            if count and aggregate.model.released_by_state:
                states |= set(aggregate.concerned_states(list(rows.only("pk", *aggregate.columns_of_state))).values())
    return tuple(lines), frozenset(states)


def _opened(model: type[Restricted], groups: frozenset[int]) -> QuerySet[Restricted]:
    """Return the rows that the groups open now."""
    alive = Q(ends_at=None) | Q(ends_at__gt=timezone.now()) | Q(owner_groups__overlap=sorted(groups))
    return model._default_manager.filter(alive, reader_groups__overlap=sorted(groups))
