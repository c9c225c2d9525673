"""The form with which a State withdraws a release, and fields of audiences."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.pages.forms import ActorForm
from entities.actors import CTED
from entities.models import Kind, Organisation
from web.forms import PlainText
from web.phrases import with_remark
from web.texts import REMARK_MAX

KINDS = {
    Kind.COMPACT_ENTITY: _("Entities of the Compact"),
    Kind.SECURITY_COUNCIL_BODY: _("Security Council bodies"),
    Kind.PARTNER: pgettext_lazy("organization type", "Partners"),
    Kind.MEMBER_STATE: _("Member States"),
    Kind.OBSERVER_STATE: _("Observer States"),
}


class OrganisationTicks(forms.CheckboxSelectMultiple):
    """Organisations to tick, in a collapsed section for each kind; a kind with ticked organisations is expanded."""

    template_name = "assistance/consents/share_organisations.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["kinds"] = [
            {"label": kind, "options": options, "ticked": sum(option["selected"] for option in options)}
            for kind, options, _index in context["widget"]["optgroups"]
        ]
        return context


class WithdrawForm(ActorForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        required=False,
        max_length=REMARK_MAX,
        help_text=_("Only CTED and your State can read it."),
    )


def organisations_by_kind(
    states: Iterable[object], *, cted_reads: bool = True
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the organisations a State may name, by kind and name; not itself, nor CTED where it sees everything anyway."""
    rows = Organisation.objects.exclude(pk__in=set(states)).by_name()
    rows = rows.exclude(slug=CTED) if cted_reads else rows
    ordered = sorted(rows, key=lambda row: list(KINDS).index(Kind(row.kind)))
    return [
        (
            with_remark(KINDS[Kind(kind)], len(found)),
            [(o.slug, f"{o.acronym} – {o.name}" if o.acronym and o.acronym != o.name else str(o.name)) for o in found],
        )
        for kind, group in groupby(ordered, key=lambda row: row.kind)
        if (found := list(group))
    ]
