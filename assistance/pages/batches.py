"""The page of a decision over several rows: those of its rows that the reader sees."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.generic import TemplateView

from assistance import registry
from assistance.access import policy
from assistance.workflow.history import event_in_batch
from assistance.workflow.models import Event
from assistance.workflow.naming import matter_of, only_names
from assistance.workflow.notifications import kinds_told_together
from entities.access import AppointmentRequiredMixin
from web.exceptions import NotVisible

PAGE_SIZE = 50
Key = tuple[registry.Aggregate, UUID]


class BatchView(AppointmentRequiredMixin, TemplateView):
    """The rows of one decision, such as a release, as a message about them announced it."""

    http_method_names = ["get", "head", "options"]
    template_name = "assistance/pages/batch.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = self.get_keys()
        page = Paginator(keys, PAGE_SIZE).get_page(self.request.GET.get("page"))
        event = event_in_batch(*keys[0], self.kwargs["pk"])
        own = {
            "title": self.get_title(keys, event),
            "lead": date_format(localtime(event.at), "DATE_FORMAT"),
            "lines": self.get_lines(page),
            "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
            "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_keys(self) -> list[Key]:
        """Return the rows that the reader sees and may be notified of, in the order of lists. Raises NotVisible."""
        found: list[Key] = []
        for own in kinds_told_together():
            rows = own.notifiable(self.actor, policy.visible(self.actor, own.model))
            rows = rows.filter(events__batch=self.kwargs["pk"]).order_by(*own.release.order)
            found += [(own, key) for key in rows.values_list("pk", flat=True)]
        if not found:
            raise NotVisible
        return found

    def get_title(self, keys: list[Key], event: Event) -> str:
        """Return what was decided, with the number of these rows by kind."""
        message = keys[0][0].messages[event.name].together
        numbers: dict[str, int] = {}
        for own, _key in keys:
            numbers[own.name] = numbers.get(own.name, 0) + 1
        return message.render_subject({"rows": numbers}) if message else event.label

    def get_lines(self, page: Page[Key]) -> list[dict[str, Any]]:
        """Return the rows of one page in words, each with its address."""
        by_kind: dict[type[Any], list[UUID]] = {}
        for own, key in page:
            by_kind.setdefault(own.model, []).append(key)
        rows = {
            row.pk: row
            for model, keys in by_kind.items()
            for row in only_names(policy.visible(self.actor, model), self.actor).filter(pk__in=keys)
        }
        return [
            {"matter": matter_of(rows[key]), "kind": own.model._meta.verbose_name, "url": rows[key].get_absolute_url()}
            for own, key in page
            if key in rows
        ]
