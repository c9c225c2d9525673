"""What lists can be narrowed by: the same names and codes in the address of a page and of the API."""

from datetime import UTC
from typing import Any

import django_filters as df
from django import forms
from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField

from accounts.models import User
from assistance import accesses, policy
from assistance.consents.models import Consent
from assistance.consents.states import Decision
from assistance.documents.models import PARENTS, Document
from assistance.needs.models import SEARCH_CONFIGS, Match, Need
from assistance.needs.states import MatchStatus, NeedStatus, Priority
from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from assistance.projects.models import Project
from assistance.projects.states import ProjectStatus
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitKind
from audit.kinds import Kind
from audit.models import Entry
from entities.appointments import is_coordinator
from entities.forms import Day
from entities.models import Appointment, Instrument, Organisation, Pillar, Region, Theme


def states(request: object = None) -> QuerySet[Organisation]:
    """Return the States a list can be narrowed to, by name in the reader's language."""
    return Organisation.objects.states().by_name()


def providers(request: Any = None) -> QuerySet[Organisation]:
    """Return the providers of offers the reader sees: an offer hidden from them does not give its provider away."""
    if request is None:
        return Organisation.objects.none()
    seen = policy.visible(request.actor, Offer).values("provider")
    return Organisation.objects.filter(pk__in=seen).by_name()


def inside(region: Region, *paths: str) -> Q:
    """Return a condition: one of these relations leads to the region or to one that lies in it, three deep as in M49."""
    found = Q()
    for path in paths:
        for step in ("", "__parent", "__parent__parent"):
            found |= Q(**{f"{path}{step}": region})
    return found


class SearchFilter(df.CharFilter):
    """Words in any of the six languages: stemmed where PostgreSQL has a stemmer, as a piece of text otherwise."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        query = SearchQuery(value, config="simple", search_type="websearch")
        for config in SEARCH_CONFIGS.values():
            query = query | SearchQuery(value, config=config, search_type="websearch")
        return qs.filter(Q(search=query) | Q(plain__icontains=value))


class TextFilter(df.CharFilter):
    """A piece of text in the title or description, in any language."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        columns = [
            f"{name}_{code.replace('-', '_')}" for name in ("title", "description") for code, _n in settings.LANGUAGES
        ]
        found = Q(reference__iexact=value)
        for column in columns:
            found |= Q(**{f"{column}__icontains": value})
        return qs.filter(found)


class CodeChoice(df.ModelChoiceFilter):
    """A choice from a vocabulary, written in the address by its code and refused when there is no such code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("All"))
        super().__init__(*args, **kwargs)


class Moment(IsoDateTimeField):
    """A moment in any zone, in UTC from here on: PostgreSQL refuses offsets of sixteen hours and more."""

    def clean(self, value: Any) -> Any:
        """Return the moment or None. Raises ValidationError."""
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:  # next to the first or the last day there is
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


CHANGED_SINCE = _("Changed since")


class Since(df.IsoDateTimeFilter):
    """Rows changed, or by another field made, at or after a moment: for clients that pull, hidden on pages."""

    field_class = Moment

    def __init__(self, field_name: str = "modified_at", label: Any = CHANGED_SINCE) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte", label=label, widget=forms.HiddenInput)


class ListFilter(df.FilterSet):
    """The base of all."""

    modified_since = Since()


class NeedFilter(ListFilter):
    q = SearchFilter(label=_("Search"), max_length=200)
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3")
    region = CodeChoice(label=_("Region"), queryset=Region.objects.all(), method="in_region")
    pillar = CodeChoice(label=_("Pillar"), queryset=Pillar.objects.all())
    theme = CodeChoice(label=_("Theme"), queryset=Theme.objects.all())
    instrument = CodeChoice(label=_("Instrument"), queryset=Instrument.objects.all(), to_field_name="symbol")
    priority = df.ChoiceFilter(label=_("Priority"), choices=Priority.choices, empty_label=_("All"))
    status = df.ChoiceFilter(label=_("Status"), choices=NeedStatus.choices, empty_label=_("All"))
    assistance_type = df.ChoiceFilter(
        label=_("Type of assistance"), choices=AssistanceType.choices, empty_label=_("All")
    )

    class Meta:
        model = Need
        fields: list[str] = []

    def in_region(self, queryset: QuerySet[Need], name: str, value: Region) -> QuerySet[Need]:
        return queryset.filter(inside(value, "state__region"))


class VisitFilter(ListFilter):
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3")
    region = CodeChoice(label=_("Region"), queryset=Region.objects.all(), method="in_region")
    kind = df.ChoiceFilter(label=_("Kind"), choices=VisitKind.choices, empty_label=_("All"))

    class Meta:
        model = Visit
        fields: list[str] = []

    def in_region(self, queryset: QuerySet[Visit], name: str, value: Region) -> QuerySet[Visit]:
        return queryset.filter(inside(value, "state__region"))


class SectionFilter(ListFilter):
    visit = df.UUIDFilter(field_name="visit_id", label=_("Visit"))
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3", field_name="visit__state")

    class Meta:
        model = Section
        fields: list[str] = []


class ConsentFilter(df.FilterSet):
    modified_since = Since("given_at", _("Given since"))
    need = df.UUIDFilter(field_name="needs", label=_("Need"), widget=forms.HiddenInput)
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3")
    decision = df.ChoiceFilter(label=_("Decision"), choices=Decision.choices, empty_label=_("All"))

    class Meta:
        model = Consent
        fields: list[str] = []


class OfferFilter(ListFilter):
    q = TextFilter(label=_("Search"), max_length=200)
    provider = CodeChoice(label=_("Provider"), queryset=providers, to_field_name="slug")
    theme = CodeChoice(label=_("Theme"), queryset=Theme.objects.all(), field_name="themes")
    assistance_type = df.ChoiceFilter(
        label=_("Type of assistance"), choices=AssistanceType.choices, empty_label=_("All"), method="of_type"
    )
    status = df.ChoiceFilter(label=_("Status"), choices=OfferStatus.choices, empty_label=_("All"))

    class Meta:
        model = Offer
        fields: list[str] = []

    def of_type(self, queryset: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        return queryset.filter(assistance_types__contains=[value])


class MatchFilter(ListFilter):
    whose = df.ChoiceFilter(
        label=_("Whose"),
        choices=[("mine", _("My organisations'")), ("asked", _("Waiting for my answer"))],
        empty_label=_("All"),
        method="of_mine",
    )
    need = df.UUIDFilter(field_name="need_id", label=_("Need"), widget=forms.HiddenInput)
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3", field_name="need__state")
    status = df.ChoiceFilter(label=_("Status"), choices=MatchStatus.choices, empty_label=_("All"))

    class Meta:
        model = Match
        fields: list[str] = []

    def of_mine(self, queryset: QuerySet[Match], name: str, value: str) -> QuerySet[Match]:
        """Keep the matches the reader's organisations have a part in, or whose answer is theirs to give."""
        actor = self.request.actor
        if value == "asked":
            mine = list(actor.acting_for)
            provider = Q(status=MatchStatus.SUGGESTED, provider__in=mine)
            return queryset.filter(provider | Q(status=MatchStatus.PROPOSED, need__state__in=mine))
        mine = [organisation.pk for organisation in actor.organisations]
        return queryset.filter(Q(provider__in=mine) | Q(need__state__in=mine))


class ProjectFilter(ListFilter):
    q = TextFilter(label=_("Search"), max_length=200)
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3", field_name="states")
    region = CodeChoice(label=_("Region"), queryset=Region.objects.all(), method="in_region")
    theme = CodeChoice(label=_("Theme"), queryset=Theme.objects.all(), field_name="themes")
    status = df.ChoiceFilter(label=_("Status"), choices=ProjectStatus.choices, empty_label=_("All"))
    origin = df.ChoiceFilter(
        label=_("Origin"),
        choices=[("here", _("Kept here")), ("imported", _("Imported"))],
        empty_label=_("All"),
        method="of_origin",
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def in_region(self, queryset: QuerySet[Project], name: str, value: Region) -> QuerySet[Project]:
        found = Project.objects.filter(inside(value, "states__region", "regions"))
        return queryset.filter(pk__in=found.values("pk"))

    def of_origin(self, queryset: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return queryset.filter(origin="") if value == "here" else queryset.exclude(origin="")


class AccessFilter(df.FilterSet):
    """By record, person, kind and day; the record is named by its reference and found only if the reader may know it."""

    record = df.CharFilter(label=_("Record (reference number)"), max_length=40, method="of_record")
    person = df.CharFilter(label=_("Person"), max_length=100, method="of_person")
    kind = df.ChoiceFilter(label=_("What happened"), choices=Kind.choices, empty_label=_("All"))
    whose = df.ChoiceFilter(
        label=_("By whom"), choices=[("others", _("Other organisations"))], empty_label=_("All"), method="by_others"
    )
    since = df.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"), widget=Day)
    until = df.DateFilter(field_name="at", lookup_expr="date__lte", label=_("Until"), widget=Day)

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actor = getattr(self.request, "actor", None)
        if actor is not None and not is_coordinator(actor):
            # On the field, not in `extra`: the schema makes the class's own field, and a copy of that ignores `extra`.
            self.filters["kind"].field.choices = [(kind.value, kind.label) for kind in accesses.TOLD_TO_STATES]

    def of_record(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return accesses.about(self.request.actor, queryset, value)

    def of_person(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        people = User.objects.filter(name__icontains=value).values("pk")
        return queryset.filter(Q(who__in=people) | Q(viewed_by__in=people))

    def by_others(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep what others did, those among them who looked as one of the reader's own people."""
        own = [organisation.pk for organisation in self.request.actor.organisations]
        posts = list(Appointment.objects.filter(organisation__in=own).values_list("pk", flat=True))
        return queryset.filter(Q(viewed_by__isnull=False) | ~Q(appointments__overlap=posts))


class DocumentFilter(df.FilterSet):
    modified_since = Since("attached_at", _("Attached since"))
    vars().update({name: df.UUIDFilter(field_name=f"{name}_id", label=name) for name in PARENTS})

    class Meta:
        model = Document
        fields: list[str] = []
