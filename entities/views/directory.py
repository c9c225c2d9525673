"""The directory of focal points: who acts for whom now, contact details, deputies, and the last confirmation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.preferences import confirm_details
from entities.access import AppointmentRequiredMixin, MemberRequest
from entities.actors import Actor
from entities.collation import Fold, sort_key
from entities.filters import DirectoryFilters
from entities.local_days import today_at
from entities.models import HALF_A_YEAR, Absence, Appointment, Role
from web import cells
from web.sorting import SortKey, by_day, by_rank
from web.views import Column, FilteredListView

ORDER = ("sort_name", "role", "id")

CONTACT = "entities/cells/contact.html"  # the cell that only some readers see


def people() -> QuerySet[Appointment]:
    """Return the running appointments with listed roles, by organisation; the same for every member.

    Each has `deputy_name`, and `away_until`, the last day of an absence that runs now. One statement.
    """
    today = today_at("appointment__organisation__time_zone")
    away = Absence.objects.filter(appointment=OuterRef("pk"), since__lte=today, until__gte=today)
    rows = Appointment.objects.listed().with_deputy().select_related("user", "organisation")
    by_name = sort_key("organisation__name", get_language() or "en", "organisation__pinyin")
    return rows.annotate(away_until=Subquery(away.values("until")[:1]), sort_name=by_name).order_by(*ORDER)


def may_contact(actor: Actor) -> bool:
    """Return whether this user may read addresses and telephone numbers: only who acts for a State or Compact entity.

    Partners and observers read names and roles only, so that nobody collects addresses.
    """
    return any(
        one.role != Role.OBSERVER and (one.organisation.in_compact or one.organisation.is_state)
        for one in actor.appointments
    )


def contact(actor: Actor, row: Appointment) -> dict[str, str]:
    """Return a person's address and telephone number as far as this reader may see them; one's own always."""
    if may_contact(actor) or row.user_id == actor.user.pk:
        return {"email": row.user.email, "phone": row.user.phone}
    return {"email": "", "phone": ""}


def languages_of(user: User) -> list[str]:
    """Return the codes of a person's working languages: those they named, else the language of their mail."""
    return user.spoken or [user.language]


def is_stale(user: User) -> bool:
    """Return whether a person has not confirmed their details for half a year."""
    return timezone.now() - (user.details_confirmed_at or user.joined_at) > HALF_A_YEAR


def shown(actor: Actor, row: Any) -> dict[str, Any]:
    """Return one entry for this reader."""
    return {
        "appointment": row,
        **contact(actor, row),
        "languages": languages_of(row.user),
        "away_until": row.away_until,
        "stale": is_stale(row.user),
        "own": row.user_id == actor.user.pk,
    }


class Directory(AppointmentRequiredMixin, FilteredListView):
    """The list of focal points, the same for every member; contact details only for those who may read them."""

    model = Appointment
    template_name = "entities/directory.html"
    filterset_class = DirectoryFilters
    columns: ClassVar[Sequence[Column]] = (
        Column(
            pgettext_lazy("label", "Organization"), "appointment.organisation", "entities/cells/organisation.html",
            sort="organisation", width="wide", card="line",
        ),
        Column(
            pgettext_lazy("label", "Person"), template="entities/cells/person.html", row_heading=True, sort="person", card="title"
        ),
        Column(pgettext_lazy("label", "Role"), "appointment.get_role_display", sort="role", card="line"),
        Column(pgettext_lazy("label", "Languages"), "languages", "entities/cells/languages.html", width="short"),
        Column(pgettext_lazy("label", "Contact"), template=CONTACT, card="foot"),
        Column(pgettext_lazy("label", "Deputy"), "appointment.deputy_name", cells.name),
        Column(
            gettext_lazy("Last confirmed"), template="entities/cells/last_confirmed.html", sort="confirmed",
            numeric=True, card="labelled",
        ),
    )  # fmt: skip
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "organisation": ORDER,
        "person": ("person_key", "id"),
        "role": ("role_key", "id"),
        "confirmed": ("confirmed_key", "id"),
    }
    sort_keys: ClassVar[Mapping[str, SortKey]] = {
        "person_key": lambda descending: Fold(F("user__name")),
        "role_key": by_rank("role", Role),
        "confirmed_key": by_day("user__details_confirmed_at__date"),
    }
    default_order = "organisation"

    def get_queryset(self) -> QuerySet[Appointment]:
        return people()

    def get_columns(self) -> list[Column]:
        """Return the columns; contact details only for those who may read them."""
        return [column for column in self.columns if may_contact(self.actor) or column.template != CONTACT]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = [shown(self.actor, row) for row in context["object_list"]]
        return {**context, "entries": entries, "may_contact": may_contact(self.actor)}


@require_POST
def details_confirm(request: MemberRequest) -> HttpResponse:
    """Record that the reader has confirmed the details shown of them."""
    confirm_details(request.actor.user)
    messages.success(request, _("Your details have been confirmed as of today."))
    return redirect("directory" if request.actor.appointments else "my-appointments")
