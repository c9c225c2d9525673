"""Forms of projects."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import considerations
from assistance.access import policy
from assistance.needs.models import Need
from assistance.pages.fields import RegionsField, StatesField, ThemesField, TicksField
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.projects.links import parents_for
from assistance.projects.models import Project
from assistance.projects.part_forms import STEPS
from assistance.projects.rules import may_restrict
from assistance.projects.states import PartyRole
from entities.models import Kind, Organisation
from web.forms import NOTHING, fields_of
from web.lists import enumerated
from web.phrases import with_remark

EXTRA_ROWS, MOST_ROWS = 3, 100
ROW = re.compile(r"partner_(\d{1,3})_[01]")


class PartnerWidget(forms.MultiWidget):
    """An organisation and its role, side by side."""

    def __init__(self, organisations: Any, roles: Any) -> None:
        widgets = [
            forms.Select({"aria-label": pgettext_lazy("label", "Organization")}, choices=organisations),
            forms.Select({"aria-label": pgettext_lazy("label", "Role")}, choices=roles),
        ]
        super().__init__(widgets)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else ["", ""]


class PartnerField(forms.MultiValueField):
    """One partner: (slug, role), or None for an empty row."""

    def __init__(self, organisations: Any, **kwargs: Any) -> None:
        roles = [("", NOTHING), *PartyRole.choices]
        fields = (forms.ChoiceField(choices=organisations), forms.ChoiceField(choices=roles))
        widget = PartnerWidget(organisations, roles)
        super().__init__(fields, widget=widget, required=False, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> tuple[str, str] | None:
        chosen = [part or "" for part in (value or ["", ""])]
        if not any(chosen):
            return None
        if not all(chosen):
            raise ValidationError(_("Select both the organization and its role."))
        slug, role = (field.clean(part) for field, part in zip(self.fields, chosen, strict=True))
        return slug, role


class ProjectForm(RecordForm):
    """A project of an organisation the actor acts for, with one row for each partner and a few empty ones."""

    vars().update(
        fields_of(
            Project, "lead", "title", "description", "status", "states", "regions", "places", "parent", "mode", "themes", "needs",
            "planned_start", "planned_end", "actual_start", "actual_end", "budget", "currency", "results",
            *considerations.FIELDS, "is_restricted",
            labels={"is_restricted": _("Only the lead and the partners see this project")},
            states=StatesField, regions=RegionsField, themes=ThemesField, needs=TicksField,
        )
    )  # fmt: skip
    field_order = ["lead", "language", "title", "description"]
    groups = (
        (_("The project"), ("lead", "language", "title", "description", "status", "themes", "needs")),
        (_("Where and with whom"), ("states", "regions", "places", "parent", "mode", "partner_")),
        (
            _("When and how much"),
            (
                "planned_start",
                "planned_end",
                "actual_start",
                "actual_end",
                "budget",
                "currency",
                "results",
                "is_restricted",
            ),
        ),
        (considerations.HEADING, ()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.actor.providers()
        self.fields["lead"].queryset = Organisation.objects.filter(pk__in=[o.pk for o in own])  # type: ignore[attr-defined]
        self.fields["lead"].required = True
        for name in ("states", "regions"):
            self.fields[name].sort()  # type: ignore[attr-defined]
        self.fields["needs"].queryset = policy.visible(self.actor, Need)  # type: ignore[attr-defined]
        self.limit_parents(own)
        if len(own) == 1:
            self.fields["lead"].empty_label = None  # type: ignore[attr-defined]
            self.initial.setdefault("lead", own[0].pk)
        if not any(map(may_restrict, own)) and not (self.instance and self.instance.is_restricted):
            del self.fields["is_restricted"]
        self.add_partner_rows()

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the initial values; of the needs, only those this actor sees. A parent that is not seen stays as it is."""
        if instance.parent_id and not policy.visible(self.actor, Project).filter(pk=instance.parent_id).exists():
            del self.fields["parent"]
        seen = policy.visible(self.actor, Need).filter(projects=instance)
        return {**super().initial_of(instance), "needs": list(seen)}

    def limit_parents(self, own: list[Organisation]) -> None:
        """Offer the projects of which this one can be a part, and the one of which it is."""
        if "parent" not in self.fields:
            return
        parents = parents_for(self.actor, own, self.instance.parent_id if self.instance else None)
        rest = parents.exclude(pk=self.instance.pk) if self.instance else parents
        self.fields["parent"].queryset = rest  # type: ignore[attr-defined]

    # ── Partners ──
    def add_partner_rows(self) -> None:
        """Add a field for each existing or submitted partner, and a few empty ones."""
        now = list(self.instance.parties.select_related("organisation")) if self.instance is not None else []
        self.organisations = {o.slug: o for o in Organisation.objects.by_name()}
        choices = self.organisation_choices()
        rows = rows_sent(self.data) if self.is_bound else len(now) + EXTRA_ROWS
        for i in range(rows):
            self.fields[f"partner_{i}"] = PartnerField(choices, label=_("Partner %(number)d") % {"number": i + 1})
        for i, party in enumerate(now):
            self.initial[f"partner_{i}"] = (party.organisation.slug, party.role)
        self.order_fields([*self.before_partners(), *(f"partner_{i}" for i in range(rows))])

    def before_partners(self) -> list[str]:
        names = [name for name in self.fields if not name.startswith("partner_")]
        return names[: names.index("mode") + 1]

    def organisation_choices(self) -> list[Any]:
        """Return the organisations as grouped choices, entities first; built once for all rows."""
        order = (Kind.COMPACT_ENTITY, Kind.SECURITY_COUNCIL_BODY, Kind.PARTNER, Kind.MEMBER_STATE, Kind.OBSERVER_STATE)
        groups = [
            (kind.label, [(slug, o.name) for slug, o in self.organisations.items() if o.kind == kind]) for kind in order
        ]
        return [("", NOTHING), *((label, rows) for label, rows in groups if rows)]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data, with the partner rows as one list of (organisation, role), without duplicates."""
        filled = {name: value for name, value in self.cleaned_data.items() if not name.startswith("partner_")}
        chosen = [value for name, value in self.cleaned_data.items() if name.startswith("partner_") and value]
        partners = [(self.organisations[slug], role) for slug, role in dict.fromkeys(chosen)]
        return {**filled, "partners": partners}

    def differences(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the differences, with all partners in one row."""
        rows = super().differences(theirs, {name: value for name, value in yours.items() if name != "partners"})
        stored = {value for name, value in theirs.items() if name.startswith("partner_")}
        mine = {(organisation.slug, role) for organisation, role in yours.get("partners", ())}
        if stored != mine:
            rows.append(
                {
                    "label": pgettext_lazy("project", "Partners"),
                    "yours": self.in_words(mine),
                    "theirs": self.in_words(stored),
                }
            )
        return rows

    def in_words(self, partners: Collection[tuple[str, str]]) -> str:
        named = [with_remark(self.organisations[slug].name, PartyRole(role).label) for slug, role in partners]
        return enumerated(sorted(named))


def rows_sent(data: Mapping[str, Any]) -> int:
    """Return how many partner rows a browser submitted, up to a limit."""
    numbers = [int(found[1]) for name in data if (found := ROW.fullmatch(name))]
    return min(max(numbers, default=EXTRA_ROWS - 1) + 1, MOST_ROWS)


FORMS: dict[str, type[ActorForm]] = {"confirm": EmptyForm, **STEPS}
