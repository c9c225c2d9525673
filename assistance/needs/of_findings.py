"""Needs that CTED drafts from findings of assessments and of rounds of consultations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.workflow import editing
from assistance.workflow.notifications import settle
from entities.actors import Actor
from entities.models import Pillar
from web.exceptions import Conflict, Invalid


def draft(actor: Actor, row: Any, finding: Any, pillar: Pillar | None, values: Mapping[str, Any]) -> None:
    """Draft a need from a finding of this row, with its theme, State and language, and keep it at the finding.

    Of a theme without a pillar, `pillar` is that of the need. Raises Invalid without one, Conflict for a finding of which
    a need was made.
    """
    if finding.need_id is not None:
        raise Conflict(_("A need has been made of this finding."), url=row.get_absolute_url())
    own = finding.theme.pillar or pillar
    if own is None:
        raise Invalid({"pillar": [_("The theme of the finding belongs to no pillar. Select the pillar of the need.")]})
    known = {"state": row.state, "language": row.language, "theme": finding.theme, "pillar": own}
    finding.need = editing.create(actor=actor, model=Need, values={**known, **values})
    finding.save(update_fields=["need"])


def need_stays(finding: Any) -> str:
    """Return why a finding of which a need was made cannot be removed; empty for others."""
    return _("A finding of which a need was made cannot be removed.") if finding.need_id is not None else ""


def follow(needs: Sequence[Need], findings: Any, parent: str, message: str) -> None:
    """Mark the request to CTED as done once the needs made of the findings of a row are no longer drafts.

    `findings` is the model of the findings, `parent` its relation to the row, `message` the request.
    """
    keys = [need.pk for need in needs if need.status != NeedStatus.DRAFT]
    if not keys:
        return
    own = findings._default_manager.all()
    rows = set(own.filter(need__in=keys).values_list(parent, flat=True))
    waiting = set(own.filter(**{f"{parent}__in": rows}, need__status=NeedStatus.DRAFT).values_list(parent, flat=True))
    if done := rows - waiting:
        model = findings._meta.get_field(parent).related_model
        settle(list(model._default_manager.filter(pk__in=done).only("pk")), [message])
