"""The administration site: read-only, and limited by policy."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import NoGuessing
from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted


class LookOnly(NoGuessing, admin.ModelAdmin):
    """Shows the rows that the user's appointments make visible: an administrator without appointment sees none."""

    list_display: tuple[str, ...] = ("__str__", "modified_at")
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the row's own columns: related rows may be hidden from a user who sees this row."""
        return [field.name for field in self.model._meta.fields if not field.is_relation]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows visible to the user now."""
        model: type[Restricted] = self.model
        return policy.visible(request.actor, model)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows are written by transitions only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows are written by transitions only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: deleting a row would delete its history."""
        return False


def register_aggregates() -> None:
    """Register each aggregate that declares list columns. Called once all aggregates are registered."""
    for aggregate in registry.aggregates():
        if aggregate.admin_list:
            look = type(f"{aggregate.model.__name__}Look", (LookOnly,), {"list_display": aggregate.admin_list})
            admin.site.register(aggregate.model, look)
