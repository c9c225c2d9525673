"""Filters of the list of organisations, of appointments and of the directory, for pages and API alike."""

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entities.appointments import is_coordinator, visible_appointments
from entities.models import (
    TOLD_ROLES,
    Appointment,
    AppointmentQuerySet,
    Kind,
    Organisation,
    OrganisationQuerySet,
    Phase,
    Region,
    Role,
)
from web.folding import looks_for

YES_NO = (
    ("", pgettext_lazy("filter", "All")),
    ("true", pgettext_lazy("choice", "Yes")),
    ("false", pgettext_lazy("choice", "No")),
)


class OrganisationFilters(df.FilterSet):
    """Kind, region with all it contains, the Compact, and words of the name in any of the six languages."""

    q = df.CharFilter(
        label=pgettext_lazy("organization", "Name"), method="find", widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = df.ChoiceFilter(
        label=pgettext_lazy("label", "Type"), choices=Kind, empty_label=pgettext_lazy("filter", "All")
    )
    region = df.ModelChoiceFilter(
        label=pgettext_lazy("label", "Region"),
        queryset=lambda request: Region.objects.by_name(),
        method="within",
        empty_label=pgettext_lazy("filter", "All"),
    )
    compact = df.BooleanFilter(
        label=_("Entity of the Compact"), field_name="in_compact", widget=forms.Select(choices=YES_NO)
    )

    class Meta:
        model = Organisation
        fields = ["q", "kind", "region", "compact"]

    def find(self, queryset: Any, name: str, value: str) -> QuerySet[Organisation]:
        """Keep those whose name contains the value."""
        return queryset.named_like(value)

    def within(self, queryset: QuerySet[Organisation], name: str, region: Region) -> QuerySet[Organisation]:
        """Keep those in the region or in a region inside it; M49 has three levels."""
        inside = Q(region=region) | Q(region__parent=region) | Q(region__parent__parent=region)
        return queryset.filter(inside)


def _offices_of(rows: AppointmentQuerySet) -> OrganisationQuerySet:
    """Return the organisations of the appointments in a list: the choices reveal nothing that the list does not."""
    return Organisation.objects.filter(pk__in=rows.order_by().values("organisation")).by_name()


class AppointmentFilters(df.FilterSet):
    """Phase, role, organisation, and words of the person's name or address."""

    q = df.CharFilter(
        label=pgettext_lazy("label", "Person"), method="find", widget=forms.TextInput(attrs={"type": "search"})
    )
    phase = df.ChoiceFilter(
        label=pgettext_lazy("label", "Stage"), choices=Phase, method="live", empty_label=pgettext_lazy("filter", "All")
    )
    ends = df.ChoiceFilter(
        label=pgettext_lazy("appointment", "Ends"),
        choices=[("soon", _("Within 60 days"))],
        method="ending",
        empty_label=pgettext_lazy("filter", "All"),
    )
    role = df.ChoiceFilter(
        label=pgettext_lazy("label", "Role"), choices=Role, empty_label=pgettext_lazy("filter", "All")
    )
    organisation = df.ModelChoiceFilter(
        label=pgettext_lazy("label", "Organization"),
        queryset=lambda request: _offices_of(visible_appointments(request.actor)),
        to_field_name="slug",
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Appointment
        fields = ["phase", "ends", "organisation", "role", "q"]

    def find(self, queryset: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        """Keep those of people whose name or address, as far as the reader may see it, contains the value."""
        wanted = looks_for(value)
        shown = Q(user__email__contains=wanted) | Q(named_as__folded__contains=wanted)
        known = Q(user__name__folded__contains=wanted)
        if not is_coordinator(self.request.actor):
            known &= Q(approved_at__isnull=False)
        return queryset.filter(shown | known)

    def live(self, queryset: Any, name: str, value: str) -> QuerySet[Appointment]:
        """Keep those in one phase."""
        return queryset.in_phase(value)

    def ending(self, queryset: Any, name: str, value: str) -> QuerySet[Appointment]:
        """Keep those that stop giving rights soon unless they are confirmed or extended."""
        return queryset.ending_soon()


class DirectoryFilters(df.FilterSet):
    """Words of a person's or an organisation's name, role, organisation; never an address, which may be hidden."""

    q = df.CharFilter(
        label=pgettext_lazy("person", "Name"), method="find", widget=forms.TextInput(attrs={"type": "search"})
    )
    role = df.ChoiceFilter(
        label=pgettext_lazy("label", "Role"),
        choices=[(r.value, r.label) for r in TOLD_ROLES],
        empty_label=pgettext_lazy("filter", "All"),
    )
    organisation = df.ModelChoiceFilter(
        label=pgettext_lazy("label", "Organization"),
        queryset=lambda request: _offices_of(Appointment.objects.listed()),
        to_field_name="slug",
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Appointment
        fields = ["q", "role", "organisation"]

    def find(self, queryset: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        """Keep those of people, or at organisations, whose name contains the value."""
        named = Organisation.objects.named_like(value).order_by().values("pk")
        return queryset.filter(Q(user__name__folded__contains=looks_for(value)) | Q(organisation__in=named))
