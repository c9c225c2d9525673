"""The administration of who is who; rows from the reference lists are read-only.

No appointment is made here, as that needs nomination and approval. Ending one is possible, with a reason.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from entities import appointments
from entities.collation import LANGUAGES, in_language
from entities.forms import REASON_MAX
from entities.models import Appointment, Instrument, Organisation, Pillar, Programme, Region, Theme, WorkingGroup
from entities.models.organisation import GROUP_OF_ORGANISATION, GROUP_OF_WORKING_GROUP
from entities.reauthentication import require_recent_login
from web.exceptions import DomainError
from web.forms import OVERRIDES, PlainText, name_nothing

NAMES = [in_language("name", code) for code in LANGUAGES]
ACRONYMS = [in_language("acronym", code) for code in LANGUAGES]
ORGANISATION_FIELDS = [
    "slug",
    "kind",
    *ACRONYMS,
    *NAMES,
    "in_compact",
    "is_donor",
    "iso3",
    "region",
    "website",
    "areas",
    "iati_ref",
]
DECIDED_BY_TWO = ["in_compact", "is_donor", "memberships"]
KEPT_BY_TWO = ["members", "memberships"]
APPOINTMENT_FIELDS = [
    "user",
    "organisation",
    "role",
    "since",
    "until",
    "nominated_by",
    "approved_by",
    "approved_at",
    "ended_at",
    "ended_by",
]


def proved_to_write(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an admin page so that a POST request needs a recent proof of identity; reading does not.

    A NUL in a filter, which the database cannot search for, raises BadRequest.
    """

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise BadRequest
        if request.method == "POST":
            require_recent_login(request)
        return view(request, *args, **kwargs)

    return gate


def page_of_site(view: Any, cacheable: bool = False) -> Any:
    """Return an admin page as Django wraps it, with the check for a recent proof, except for the logout page."""
    return _page_of_site(view if view == admin.site.logout else proved_to_write(view), cacheable)


# For the whole site and not for each form: several forms close, promote and unlock accounts.
_page_of_site = admin.site.admin_view
admin.site.admin_view = page_of_site  # type: ignore[method-assign]


class NoDelete(admin.ModelAdmin):
    """No deletion, because other rows refer to these.

    No link to the page of the row either: an administrator without an appointment may not open it.
    """

    formfield_overrides = OVERRIDES
    view_on_site = False

    def formfield_for_dbfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return the field of a column; the empty entry of its list is named as in forms."""
        field = super().formfield_for_dbfield(*args, **kwargs)
        name_nothing(field)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WithMemberships(NoDelete):
    """A link to the pages on which two people decide what an organisation belongs to."""

    @admin.display(description=pgettext_lazy("page", "Memberships"))
    def memberships(self, obj: Model) -> str:
        """Return the link."""
        return format_html('<a href="{}">{}</a>', reverse("memberships"), _("Propose a membership"))


class ReadOnly(NoDelete):
    """Read-only: the rows are maintained by `load_reference`."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


admin.site.register([Region, Pillar, Theme, Instrument, Programme], ReadOnly)


@admin.register(Organisation)
class OrganisationAdmin(WithMemberships):
    """Organisations; those from the reference lists are read-only."""

    list_display = ["slug", "name", "kind", "in_compact", "is_donor", "is_demo"]
    list_filter = ["kind", "in_compact", "is_donor", "is_demo"]
    search_fields = ["slug", *ACRONYMS, *NAMES]
    fields = [*ORGANISATION_FIELDS, "memberships"]

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> list[str]:
        """Return the read-only fields: all fields of a listed organisation, and slug and kind of any other.

        What lets its people see more takes two people (entities/memberships.py).
        """
        if obj is None:
            return [*DECIDED_BY_TWO]
        return [*ORGANISATION_FIELDS, "memberships"] if obj.provenance else ["slug", "kind", *DECIDED_BY_TWO]

    def save_model(self, request: HttpRequest, obj: Organisation, form: forms.ModelForm, change: bool) -> None:
        """Save the organisation, a new one together with its group."""
        if not change:
            obj.group = Group.objects.create(name=GROUP_OF_ORGANISATION.format(obj.slug))
        super().save_model(request, obj, form, change)


@admin.register(WorkingGroup)
class WorkingGroupAdmin(WithMemberships):
    """Working groups; chairs can be changed. Members take two people (entities/memberships.py)."""

    list_display = ["slug", "name", "pillar"]
    fields = ["slug", *NAMES, "pillar", "chairs", "members", "memberships", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: WorkingGroup | None = None) -> list[str]:
        """Return the read-only fields: those that come from the reference list."""
        if obj is None:
            return [*KEPT_BY_TWO]
        return ["slug", *NAMES, "pillar", "note", *KEPT_BY_TWO] if obj.provenance else ["slug", *KEPT_BY_TWO]

    def save_model(self, request: HttpRequest, obj: WorkingGroup, form: forms.ModelForm, change: bool) -> None:
        """Save the working group, a new one together with its group."""
        if not change:
            obj.group = Group.objects.create(name=GROUP_OF_WORKING_GROUP.format(obj.slug))
        super().save_model(request, obj, form, change)


class EndingForm(forms.ModelForm):
    """The reason why an appointment ends; saving the form ends it."""

    end_reason = PlainText(max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Appointment
        fields = ["end_reason"]


@admin.register(Appointment)
class AppointmentAdmin(NoDelete):
    """Appointments: read-only, and can be ended."""

    form = EndingForm
    list_display = ["user", "organisation", "role", "since", "until", "approved_at", "ended_at"]
    list_filter = ["role", "organisation__kind"]
    search_fields = ["user__name", "user__email", "organisation__slug"]
    readonly_fields = [*APPOINTMENT_FIELDS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        """Return all appointments, with their users and organisations."""
        return super().get_queryset(request).select_related("user", "organisation")

    def get_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        """Return the fields, with the reason to be given; that of an ended one is for organisation and UNOCT only."""
        return APPOINTMENT_FIELDS if obj and obj.ended_at else [*APPOINTMENT_FIELDS, "end_reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return bool(request.user.is_superuser) and (obj is None or obj.ended_at is None)

    def save_model(self, request: HttpRequest, obj: Appointment, form: forms.ModelForm, change: bool) -> None:
        """End the appointment; a refusal is shown in place of the form."""
        try:
            appointments.end_by_administrator(
                administrator=cast(User, request.user), appointment=obj, reason=form.cleaned_data["end_reason"]
            )
        except DomainError as refusal:
            self.message_user(request, str(refusal), "ERROR")
