"""The table in which a State replies to the recommendations of a report, as a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.pages.sheets.spec import SheetRow, SheetSpec
from assistance.recommendations import answers, queries
from assistance.recommendations.forms import ResponseForm
from assistance.recommendations.models import Response
from assistance.visits.models import Visit
from audit import log
from entities.actors import Actor
from entities.models import Appointment
from web.translated_text import localized

FIELDS = ("said", "action", "on", "language")


def allowed(actor: Actor, visit: Visit) -> Appointment:
    """Return the appointment by which somebody replies for the State. Raises Forbidden, Conflict."""
    answers.require_replier(actor, visit)
    return policy.require(actor, "state", visit)


def rows(actor: Actor, visit: Visit, language: str) -> list[SheetRow]:
    """Return a row for each recommendation, with what was entered for the next reply or else said in the last one."""
    lines = queries.lines_of(actor, [visit])
    log.read([line.row for line in lines])
    return [
        SheetRow(
            key=line.row.pk,
            version=line.draft.version if line.draft else None,
            facts=(
                line.row.number,
                localized(line.row, "title").value,
                localized(line.row, "text").value,
                line.row.get_priority_display(),
                line.rating.get_rated_display() if line.rating else "",
            ),
            values=_values(line.said, language),
        )
        for line in lines
    ]


def _values(said: Response | None, language: str) -> dict[str, Any]:
    if said is None:
        return {"language": language}
    action = localized(said, "action", said.language).value
    return {"said": said.said, "action": action, "on": said.on, "language": said.language}


def form(actor: Actor, visit: Visit) -> ResponseForm:
    """Return the form that checks a row."""
    return ResponseForm(actor=actor)


def save(actor: Actor, visit: Visit, key: UUID, values: Mapping[str, Any], version: int | None) -> Response:
    """Save what the State says of one recommendation in its next reply, as the page does."""
    return answers.save(actor=actor, recommendation=key, version=version or 0, **values)  # 0: nothing stood there


def check(actor: Actor, visit: Visit, key: UUID | None, values: Mapping[str, Any]) -> None:
    """Raise Invalid for what the State cannot say of a recommendation."""
    answers.check(visit, values["said"], values["action"], values["on"])


REPLY = SheetSpec(
    name="reply",
    model=Visit,
    title=_("Reply to the recommendations"),
    guidance=_("Select a status for each recommendation, and say what was done, or why it is not accepted."),
    headings=(
        pgettext_lazy("field", "number"),
        pgettext_lazy("label", "Recommendation"),
        _("text of the recommendation"),
        pgettext_lazy("label", "Priority"),
        _("Rating by CTED"),
    ),
    fields=FIELDS,
    allowed=allowed,
    rows=rows,
    form=form,
    save=save,
    check=check,
    page=lambda visit: reverse("visit-reply", args=[visit.pk]),
    next_step=_("CTED sees your entries when you send the reply."),
)
SHEETS: Sequence[SheetSpec] = (REPLY,)
