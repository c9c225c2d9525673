"""Operations of migrations that belong together."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Together(Operation):
    """Several operations, none of which needs the state that another of them leaves.

    After each operation Django builds anew the classes of all models that are related to the one it changes: in this
    project nearly all of them. Here they are built once for all operations: 46 of them take 1 second instead of 12.
    """

    reduces_to_sql = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    @property
    def reversible(self) -> bool:  # type: ignore[override]
        """Whether each of them can be undone."""
        return all(one.reversible for one in self.operations)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what writes this operation in a migration."""
        return (self.__class__.__name__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state by all of them; the classes are built when somebody asks for them."""
        state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Run all of them, in their order."""
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Undo all of them, the last one first."""
        for one in reversed(self.operations):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Return what they do, in words."""
        return "; ".join(one.describe() for one in self.operations)
