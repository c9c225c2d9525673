"""How consultations are recorded and edited, and the contents of their rounds."""

from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from assistance.consultations.contents import PARTS
from assistance.consultations.models import Consultation, Round
from assistance.consultations.states import RoundStatus
from assistance.workflow.editing import EditSpec, Values, check_order
from assistance.workflow.parts import check_parts, parts_move, write_parts
from web.exceptions import Conflict, Invalid


def check(row: Consultation, values: Values) -> None:
    """Raise Invalid for values that contradict each other.

    An organization that is no State, a programme without parts, or a change of these or of the requirement once a
    round exists.
    """
    if not row.state.is_state:
        raise Invalid({"state": [_("Select a State for the consultation.")]})
    if not row.programme.parts.exists():
        raise Invalid({"programme": [_("Select a programme whose team is known.")]})
    now: dict[str, Any] = {
        "state": row.state_id, "programme": row.programme_id, "instrument": row.instrument_id, "provision": row.provision,
    }  # fmt: skip
    before = Consultation.objects.filter(pk=row.pk).values(*now).first()
    changed = [name for name, value in now.items() if before and before[name] != value]
    if changed and row.rounds.exists():
        problem = _("State, programme and requirement can be changed only before the first round.")
        raise Invalid({changed[0]: [problem]})


def check_round(row: Round, values: Values) -> None:
    """Raise Invalid for another consultation, dates out of order, and findings or priorities that are not complete.

    A new round gets its number, programme and State. Raises Conflict for a second open round.
    """
    if row._state.adding:
        _number(row)
    elif Round.objects.filter(pk=row.pk).exclude(consultation=row.consultation_id).exists():
        raise Invalid({"consultation": [_("A round cannot be moved to another consultation.")]})
    check_order(row, "starts_on", "ends_on")
    check_parts(PARTS, row, values)


def _number(row: Round) -> None:
    consultation = Consultation.objects.select_for_update().select_related(None).get(pk=row.consultation_id)
    if consultation.rounds.filter(status=RoundStatus.OPEN).exists():
        raise Conflict(_("A round is open. Close it before you open another one."))
    row.number = (consultation.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    row.programme, row.state = row.consultation.programme, row.consultation.state


def check_open(row: Round) -> None:
    """Raise Conflict for a round that was closed."""
    if row.status != RoundStatus.OPEN:
        raise Conflict(_("A round that was closed cannot be changed. Open another one."))


def relate(row: Round, values: Values) -> None:
    """Write the findings and priorities of a round."""
    write_parts(PARTS, row, values)


CONSULTATION = EditSpec(recorded="consultation_recorded", edited="consultation_edited", check=check)
ROUND = EditSpec(
    recorded="round_opened",
    edited="round_edited",
    check=check_round,
    may_change=check_open,
    relate=relate,
    relates=partial(parts_move, PARTS),
)
