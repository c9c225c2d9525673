"""The pages of who is who: organisations, working groups and vocabularies, for members only."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView

from entities.access import AppointmentRequiredMixin
from entities.collation import written_in
from entities.filters import OrganisationFilters
from entities.memberships import may_keep
from entities.models import TOLD_ROLES, Appointment, Instrument, Organisation, Pillar, Programme, Theme, WorkingGroup
from web.exceptions import NotVisible
from web.views import Column, FilteredListView


class OrganisationList(AppointmentRequiredMixin, FilteredListView):
    """The organisations, by name in the reader's language."""

    model = Organisation
    template_name = "entities/organisations.html"
    filterset_class = OrganisationFilters
    columns: ClassVar[Sequence[Column]] = (
        Column(
            pgettext_lazy("organization", "Name"), template="entities/cells/organisation_link.html", row_heading=True
        ),
        Column(gettext_lazy("Short name"), template="entities/cells/short_name.html"),
        Column(pgettext_lazy("label", "Type"), template="entities/cells/organisation_kind.html"),
        Column(pgettext_lazy("label", "Region"), "region.name", "components/cells/name.html"),
    )

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.by_name().select_related("region")

    def get_ordering(self) -> list[str]:
        return ["sort_name", "slug"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**self.get_count(), **kwargs})


class OrganisationPage(AppointmentRequiredMixin, TemplateView):
    """One organisation and the people who act for it now."""

    template_name = "entities/organisation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = Organisation.objects.filter(slug=kwargs["slug"]).select_related("region__parent__parent").first()
        if shown is None:
            raise NotVisible
        own = {
            "organisation": shown,
            "name_language": written_in(shown, "name"),
            "regions": regions_of(shown),
            "working_groups": shown.working_groups.all(),
            "people": people_of(shown),
        }
        return super().get_context_data(**{**own, **kwargs})


def regions_of(organisation: Organisation) -> list[str]:
    """Return the names of its region and of the wider ones that contain it, the narrowest first."""
    names, region = [], organisation.region
    while region:
        names.append(region.name)
        region = region.parent
    return names


def people_of(organisation: Organisation) -> QuerySet[Appointment]:
    """Return the running appointments of those who act for it, without observers."""
    running = Appointment.objects.current().filter(organisation=organisation, role__in=TOLD_ROLES)
    return running.select_related("user").order_by("role", "since", "id")


class WorkingGroupList(AppointmentRequiredMixin, TemplateView):
    """All working groups of the Compact; they are few."""

    template_name = "entities/working_groups.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = WorkingGroup.objects.select_related("pillar").annotate(size=Count("members")).order_by("slug")
        own = {"working_groups": rows, "may_keep": may_keep(self.actor)}
        return super().get_context_data(**{**own, **kwargs})


class WorkingGroupPage(AppointmentRequiredMixin, TemplateView):
    """One working group and its members."""

    template_name = "entities/working_group.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = WorkingGroup.objects.filter(slug=kwargs["slug"]).select_related("pillar").first()
        if shown is None:
            raise NotVisible
        own = {
            "working_group": shown,
            "name_language": written_in(shown, "name"),
            "members": Organisation.objects.filter(working_groups=shown).by_name(),
        }
        return super().get_context_data(**{**own, **kwargs})


VOCABULARIES: dict[str, Callable[[], dict[str, Any]]] = {
    "themes": lambda: {
        "pillars": Pillar.objects.prefetch_related("themes"),
        "across": Theme.objects.filter(pillar__isnull=True),
    },
    "instruments": lambda: {"instruments": Instrument.objects.all()},
    "programmes": lambda: {"programmes": Programme.objects.prefetch_related("themes")},
}


class VocabularyPage(AppointmentRequiredMixin, TemplateView):
    """One vocabulary as a whole: each has fewer than two hundred entries."""

    def get_template_names(self) -> list[str]:
        return [f"entities/{self.kind}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.kind = kwargs.get("kind", "themes")
        if self.kind not in VOCABULARIES:
            raise NotVisible
        return super().get_context_data(**{**kwargs, "kind": self.kind, **VOCABULARIES[self.kind]()})
