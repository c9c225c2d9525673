"""Values kept in this process for as long as what they were computed from has the same version."""

from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, all of one version; those of another version replace them."""

    def __init__(self) -> None:
        self._kept: tuple[UUID | None, dict[object, Value]] = (None, {})

    def get(self, version: UUID | None, key: object, make: Callable[[], Value]) -> Value:
        """Return the value for a key, which must not be changed; without a version it is computed each time."""
        if version is None:
            return make()
        kept = self._kept  # read once: another thread may replace it
        if kept[0] != version:
            self._kept = kept = (version, {})
        values = kept[1]
        if key not in values:
            values[key] = make()
        return values[key]
