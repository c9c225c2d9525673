"""What is particular to releases of assessments: they are named by title."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from assistance.assessments.models import Assessment
from assistance.registry import ReleaseSpec
from assistance.workflow.naming import matter_of
from web.lists import joined


def _named(rows: Sequence[Assessment]) -> str:
    text = ngettext("assessment %(titles)s", "assessments %(titles)s", len(rows))
    return text % {"titles": _titles(rows)}


def _listed(rows: Sequence[Assessment]) -> str:
    text = npgettext("alone", "Assessment %(titles)s", "Assessments %(titles)s", len(rows))
    return text % {"titles": _titles(rows)}


def _titles(rows: Sequence[Assessment]) -> str:
    return joined(_("“%(title)s”") % {"title": matter_of(row).inline} for row in rows)


def _count(number: int) -> str:
    return ngettext("%(count)d assessment", "%(count)d assessments", number) % {"count": number}


RELEASES = ReleaseSpec(
    named=_named,
    listed=_listed,
    counted=_count,
    related=("state", "entity"),
    cted_reads=False,
    readable_today=gettext_lazy("Today, only your State and the entity can read %(what)s."),
    after_withdrawal=gettext_lazy("Consent withdrawn. Only your State and the entity can now read it."),
    kept_to=gettext_lazy("your State and the entity only"),
    kept_to_state=gettext_lazy("only the State and the entity"),
    not_counted=gettext_lazy(
        "The numbers show the selection when the page was last saved. Your State and the entity have access to everything "
        "and are not counted."
    ),
    not_attached=gettext_lazy(
        "The State has released this assessment. Attach documents after it has withdrawn its consent."
    ),
)
