"""What is particular to releases of rounds: they are named by number, and the team of the programme reads them anyway."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy, ngettext, npgettext

from assistance.consultations.models import Round
from assistance.consultations.names import numbered
from assistance.registry import ReleaseSpec
from web.lists import joined


def _named(rows: Sequence[Round]) -> str:
    text = ngettext("round of consultations %(numbers)s", "rounds of consultations %(numbers)s", len(rows))
    return text % {"numbers": _numbers(rows)}


def _listed(rows: Sequence[Round]) -> str:
    text = npgettext("alone", "Round of consultations %(numbers)s", "Rounds of consultations %(numbers)s", len(rows))
    return text % {"numbers": _numbers(rows)}


def _numbers(rows: Sequence[Round]) -> str:
    return joined(row.reference for row in rows)


def _count(number: int) -> str:
    return ngettext("%(count)d round of consultations", "%(count)d rounds of consultations", number) % {"count": number}


ROUNDS = ReleaseSpec(
    heading=numbered,
    named=_named,
    listed=_listed,
    counted=_count,
    order=("consultation_id", "number"),
    related=("state", "programme"),
    readable_today=gettext_lazy("Today, only your State, CTED, UNOCT and the team of the programme can read %(what)s."),
    after_withdrawal=gettext_lazy(
        "Consent withdrawn. Only your State, CTED, UNOCT and the team of the programme can now read it."
    ),
    kept_to=gettext_lazy("your State, CTED, UNOCT and the team of the programme only"),
    kept_to_state=gettext_lazy("only the State, CTED, UNOCT and the team of the programme"),
    not_counted=gettext_lazy(
        "The numbers show the selection when the page was last saved. Your State, CTED, UNOCT and the team of the programme "
        "have access to everything and are not counted."
    ),
)
