"""The needs identified at a visit as a spreadsheet: CTED edits those that can be edited, and adds others."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.forms import NeedLineForm
from assistance.needs.models import Need
from assistance.needs.states import NeedSource
from assistance.pages.sheets.spec import SheetRow, SheetSpec
from assistance.visits.models import Visit
from assistance.workflow import editing
from audit import log
from entities.actors import Actor
from entities.models import Appointment
from web.translated_text import localized

LOCKED = _("A need agreed with the State cannot be changed. Record a new need, or close this one.")


def allowed(actor: Actor, visit: Visit) -> Appointment:
    """Return the appointment by which CTED records needs. Raises Forbidden."""
    return policy.require(actor, "cted", visit)


def rows(actor: Actor, visit: Visit, language: str) -> list[SheetRow]:
    """Return a row for each need identified at a visit, by section; needs that the State has agreed are locked."""
    needs = policy.visible(actor, Need).filter(visit=visit).order_by("section__number", "reference")
    found = list(needs)
    log.read(found)
    return [
        SheetRow(
            key=need.pk,
            version=need.version,
            facts=(need.reference, need.get_status_display()),
            values=_values(need),
            locked="" if editing.changeable(need) else LOCKED,
        )
        for need in found
    ]


def _values(need: Need) -> dict[str, Any]:
    texts = {name: localized(need, name, need.language).value for name in need.translated}
    own = {
        name: getattr(need, f"{name}_id", None) or getattr(need, name)
        for name in NeedLineForm.LINE
        if name not in texts
    }
    return {**own, **texts}


def form(actor: Actor, visit: Visit) -> NeedLineForm:
    """Return the form that checks a row."""
    return NeedLineForm(actor=actor, visit=visit)


def save(actor: Actor, visit: Visit, key: UUID, values: Mapping[str, Any], version: int | None) -> Need:
    """Change a need, as its page does."""
    changed: Need = editing.edit(actor=actor, model=Need, pk=key, values=values, version=version)
    return changed


def add(actor: Actor, visit: Visit, values: Mapping[str, Any]) -> Need:
    """Record a need identified at the visit, as the page does."""
    known = {"state": visit.state, "visit": visit, "source": NeedSource.VISIT}
    added: Need = editing.create(actor=actor, model=Need, values={**known, **values})
    return added


NEEDS = SheetSpec(
    name="visit-needs",
    model=Visit,
    title=_("Needs identified"),
    guidance=_(
        "Enter one need per row. New needs are recorded as drafts; the State sees them once CTED sends them to it."
    ),
    headings=(pgettext_lazy("label", "Reference"), pgettext_lazy("label", "Status")),
    fields=NeedLineForm.LINE,
    allowed=allowed,
    rows=rows,
    form=form,
    save=save,
    add=add,
    page=lambda visit: f"{visit.get_absolute_url()}#needs",
)
SHEETS: Sequence[SheetSpec] = (NEEDS,)
