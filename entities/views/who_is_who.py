"""The pages of who is who: organisations, working groups and vocabularies, for members only."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Case, Count, F, Prefetch, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView

from entities import published
from entities.access import AppointmentRequiredMixin
from entities.collation import FIRST, LAST, in_language, sort_key, written_in
from entities.filters import OrganisationFilters
from entities.memberships import may_keep
from entities.models import (
    TOLD_ROLES,
    Appointment,
    Instrument,
    Kind,
    Organisation,
    Pillar,
    Programme,
    ProgrammePart,
    Theme,
    WorkingGroup,
)
from entities.organisation_parts import parts_of
from entities.programmes import by_role
from entities.sources import sources_of
from web import cells
from web.dates import as_far_as_known
from web.exceptions import NotVisible
from web.sorting import SortKey, by_rank
from web.views import Column, FilteredListView


def short_key(descending: bool) -> Coalesce:
    """Return the acronym or code as the list shows it; organisations without one come last."""
    columns = (in_language("acronym", get_language() or "en"), "acronym_en", "iso3")
    named = [NullIf(F(column), Value("")) for column in columns]
    return Coalesce(*named, Value(FIRST if descending else LAST), output_field=TextField())


def region_key(descending: bool) -> Coalesce:
    """Return the name of the region in the reader's language; organisations without one come last."""
    key = sort_key("region__name", get_language() or "en")
    beyond = Value(FIRST if descending else LAST)
    named = Case(When(region__isnull=False, then=key), default=None, output_field=TextField())
    return Coalesce(named, beyond, output_field=TextField())


class OrganisationList(AppointmentRequiredMixin, FilteredListView):
    """The organisations, by name in the reader's language."""

    model = Organisation
    template_name = "entities/organisations.html"
    filterset_class = OrganisationFilters
    columns: ClassVar[Sequence[Column]] = (
        Column(
            pgettext_lazy("organization", "Name"), template="entities/cells/organisation_link.html",
            row_heading=True, sort="name",
            width="wide", card="title",
        ),
        Column(gettext_lazy("Acronym or ISO code"), template="entities/cells/short_name.html", sort="short", card="line"),
        Column(pgettext_lazy("label", "Type"), template="entities/cells/organisation_kind.html", sort="kind", card="line"),
        Column(pgettext_lazy("label", "Region"), "region.name", cells.name, sort="region", card="line"),
    )  # fmt: skip
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("sort_name", "slug"),
        "short": ("short_key", "slug"),
        "kind": ("kind_key", "slug"),
        "region": ("region_key", "slug"),
    }
    sort_keys: ClassVar[Mapping[str, SortKey]] = {
        "short_key": short_key,
        "kind_key": by_rank("kind", Kind),
        "region_key": region_key,
    }
    default_order = "name"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.by_name().select_related("region")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**self.get_count(), **kwargs})


class OrganisationPage(AppointmentRequiredMixin, TemplateView):
    """One organisation and the people who act for it now; for a State the address of its one page."""

    template_name = "entities/organisation.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Organisation.objects.select_related("region__parent__parent")
        found = rows.filter(slug=kwargs["slug"]).first()
        if found is None:
            raise NotVisible
        self.organisation = found
        if self.organisation.is_state:
            return HttpResponsePermanentRedirect(self.organisation.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {**facts_of(self.organisation), "parts": parts_of(self.actor, self.organisation)}
        return super().get_context_data(**{**own, **kwargs})


def facts_of(shown: Organisation) -> dict[str, Any]:
    """Return what who is who has about an organisation, for its page."""
    return {
        "organisation": shown,
        "name_language": written_in(shown, "name"),
        "regions": regions_of(shown),
        "working_groups": WorkingGroup.objects.filter(members=shown).by_name(),
        "sources": sources_of(shown),
        "people": people_of(shown),
    }


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
        rows = WorkingGroup.objects.select_related("pillar").annotate(size=Count("members")).by_name()
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
            "chairs": published.names(shown.chairs, published.known(Organisation.objects.compact())),
            "members": Organisation.objects.filter(working_groups=shown).by_name(),
        }
        return super().get_context_data(**{**own, **kwargs})


def programmes() -> list[dict[str, Any]]:
    """Return the programmes by name, each with its lists and its first day in the reader's language."""
    rows = Programme.objects.prefetch_related(
        Prefetch("themes", Theme.objects.by_pillar()),
        Prefetch("parts", ProgrammePart.objects.order_by("pk")),
        "parts__organisation",
    )
    known = published.known(Organisation.objects.all())
    return [
        {
            "programme": row,
            "start": as_far_as_known(row.start),
            "parts": by_role(row),
            **{name: published.names(getattr(row, name), known) for name in LISTS_OF_NAMES},
        }
        for row in rows.order_by(sort_key("name", get_language() or "en"), "code")
    ]


LISTS_OF_NAMES = ("lead", "partners", "beneficiaries", "donors")
VOCABULARIES: dict[str, Callable[[], dict[str, Any]]] = {
    "themes": lambda: {
        "pillars": Pillar.objects.prefetch_related(Prefetch("themes", Theme.objects.by_pillar())),
        "across": Theme.objects.filter(pillar__isnull=True).by_pillar(),
    },
    "instruments": lambda: {"instruments": Instrument.objects.all()},
    "programmes": lambda: {"programmes": programmes()},
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
