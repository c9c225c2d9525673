"""The pages of who is who: organisations, working groups and vocabularies, for members only."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from entities.access import MemberRequest, appointment_required
from entities.collation import written_in
from entities.filters import OrganisationFilters, chips
from entities.models import TOLD_ROLES, Appointment, Instrument, Organisation, Pillar, Programme, Theme, WorkingGroup
from web import field_errors
from web.exceptions import NotVisible
from web.pagination import capped_count, page_of

BY_NAME = ("sort_name", "slug")


@require_safe
@appointment_required
def organisations(request: MemberRequest) -> HttpResponse:
    """List the organisations, by name in the reader's language; the URL holds every filter."""
    filters = OrganisationFilters(request.GET, Organisation.objects.by_name().select_related("region"), request=request)
    found, more = capped_count(filters.qs)
    context = {
        "filters": filters,
        "chips": chips(filters, request),
        "page": page_of(filters.qs, request, ordering=BY_NAME),
        "found": found,
        "more": more,
    }
    return render(request, "entities/organisations.html", context, status=field_errors.status_of(filters))


@require_safe
@appointment_required
def organisation(request: MemberRequest, slug: str) -> HttpResponse:
    """Show one organisation and the people who act for it now."""
    shown = Organisation.objects.filter(slug=slug).select_related("region__parent__parent").first()
    if shown is None:
        raise NotVisible
    context = {
        "organisation": shown,
        "name_language": written_in(shown, "name"),
        "regions": regions_of(shown),
        "working_groups": shown.working_groups.all(),
        "people": people_of(shown),
    }
    return render(request, "entities/organisation.html", context)


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


@require_safe
@appointment_required
def working_groups(request: MemberRequest) -> HttpResponse:
    """List all working groups of the Compact; they are few."""
    rows = WorkingGroup.objects.select_related("pillar").annotate(size=Count("members")).order_by("slug")
    return render(request, "entities/working_groups.html", {"working_groups": rows})


@require_safe
@appointment_required
def working_group(request: MemberRequest, slug: str) -> HttpResponse:
    """Show one working group and its members."""
    shown = WorkingGroup.objects.filter(slug=slug).select_related("pillar").first()
    if shown is None:
        raise NotVisible
    context = {
        "working_group": shown,
        "name_language": written_in(shown, "name"),
        "members": Organisation.objects.filter(working_groups=shown).by_name(),
    }
    return render(request, "entities/working_group.html", context)


@require_safe
@appointment_required
def vocabulary(request: MemberRequest, kind: str = "themes") -> HttpResponse:
    """Show one vocabulary as a whole: each has fewer than two hundred entries."""
    rows: dict[str, Callable[[], dict[str, Any]]] = {
        "themes": lambda: {
            "pillars": Pillar.objects.prefetch_related("themes"),
            "across": Theme.objects.filter(pillar__isnull=True),
        },
        "instruments": lambda: {"instruments": Instrument.objects.all()},
        "programmes": lambda: {"programmes": Programme.objects.prefetch_related("themes")},
    }
    if kind not in rows:
        raise NotVisible
    return render(request, f"entities/{kind}.html", {"kind": kind, **rows[kind]()})
