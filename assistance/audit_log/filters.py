"""Filters of the access log."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from assistance.audit_log import queries
from audit.kinds import Kind
from audit.models import Entry
from entities.appointments import is_coordinator
from entities.models import Appointment
from web.folding import looks_for
from web.forms import DateInput


class AccessFilter(df.FilterSet):
    """Filters by record, person, kind and day; a record is found by its reference, if the reader may know it."""

    record = df.CharFilter(label=_("Record (reference number)"), max_length=40, method="of_record")
    person = df.CharFilter(label=pgettext_lazy("label", "Person"), max_length=100, method="of_person")
    kind = df.ChoiceFilter(
        label=pgettext_lazy("label", "Event"), choices=Kind.choices, empty_label=pgettext_lazy("filter", "All")
    )
    whose = df.ChoiceFilter(
        label=pgettext_lazy("label", "Performed by"),
        choices=[("others", _("Other organizations"))],
        empty_label=pgettext_lazy("filter", "All"),
        method="by_others",
    )
    since = df.DateFilter(
        field_name="at", lookup_expr="date__gte", label=pgettext_lazy("date", "From"), widget=DateInput
    )
    until = df.DateFilter(
        field_name="at", lookup_expr="date__lte", label=pgettext_lazy("date", "Until"), widget=DateInput
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actor = getattr(self.request, "actor", None)
        if "kind" in self.filters and actor is not None and not is_coordinator(actor):
            # Set on the field, not in `extra`: the schema builds the class's default field, whose copy ignores `extra`.
            self.filters["kind"].field.choices = [(kind.value, kind.label) for kind in queries.TOLD_TO_STATES]

    def of_record(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return queries.about(self.request.actor, queryset, value)

    def of_person(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        people = User.objects.filter(name__folded__contains=looks_for(value)).values("pk")
        return queryset.filter(Q(who__in=people) | Q(viewed_by__in=people))

    def by_others(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep entries of other people, including those who viewed as one of the reader's own people."""
        own = [organisation.pk for organisation in self.request.actor.organisations]
        posts = list(Appointment.objects.filter(organisation__in=own).values_list("pk", flat=True))
        return queryset.filter(Q(viewed_by__isnull=False) | ~Q(appointments__overlap=posts))
