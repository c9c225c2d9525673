"""The administration site's view of the work: to look, never to write, and through policy like every other door."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import NoGuessing
from assistance import policy
from assistance.models import Consent, Document, Match, Need, Offer, Project, Restricted, Section, Visit

UNSHOWN = {"search", "plain"}


class LookOnly(NoGuessing, admin.ModelAdmin):
    """Shows the rows this person sees by an appointment: an administrator without one sees none."""

    list_display: tuple[str, ...] = ("__str__", "modified_at")
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the row's own columns: a related row may be hidden from one who sees this row."""
        return [field.name for field in self.model._meta.fields if not field.is_relation and field.name not in UNSHOWN]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows visible to the person now."""
        model: type[Restricted] = self.model
        return policy.visible(request.actor, model)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are written by transitions only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are written by transitions only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: its history would go with it."""
        return False


class ConsentLook(LookOnly):
    """A consent is never modified, so its list says when it was given."""

    list_display = ("reference", "decision", "given_at")


admin.site.register([Visit, Section, Need, Offer, Match, Project], LookOnly)


class DocumentLook(LookOnly):
    """A document says when it was attached; its file is handed out at its page only."""

    list_display = ("__str__", "attached_at")


admin.site.register(Consent, ConsentLook)
admin.site.register(Document, DocumentLook)
