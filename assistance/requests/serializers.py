"""Serializers of requests: rows, bodies, the check, and the comparison of offers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from accounts.serializers import Line
from assistance import considerations
from assistance.needs.states import MatchStatus
from assistance.offers.eligibility import Fit
from assistance.offers.states import AssistanceType
from assistance.requests import queries, rules
from assistance.requests.editing import AskedRow
from assistance.requests.models import Asked, AssistanceRequest
from assistance.requests.parts import CONTACT
from assistance.requests.questions import thread
from assistance.requests.specificity import Check, check_of, missing_of
from assistance.requests.states import AskedOutcome
from assistance.requests.waiting import due_days, waiting
from assistance.rest.derived import STATES, Vocabulary, body_of, shown_of
from assistance.rest.fields import AudienceField, CodeField, VersionedWriteSerializer, WriteSerializer, organisations
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer, money
from entities.actors import Actor
from web.languages import to_wire

PARTIES_ONLY = "Empty for all but the State, UNOCT and CTED."
CHOSEN_ONLY = "Empty for all but the State, UNOCT, CTED and the providers that the State has chosen."
# What is between the State, UNOCT and CTED, with what others are shown instead.
BETWEEN: dict[str, Any] = {
    "note_number": "", "note_dated": None, "note_to_follow": False, "note_verbale": None, "audience_allowed": [],
    "until": None, "returned_parts": [], "returned_reason": "", "submitted_at": None, "authenticated_at": None,
    "acknowledged_at": None, "objection_until": None, "year_answer": "",
}  # fmt: skip
MOMENTS = ("submitted_at", "authenticated_at", "acknowledged_at", "circulated_at", "closed_at")


class AskedSerializer(serializers.Serializer):
    """Somebody else whom the State has asked."""

    organisation = serializers.CharField(allow_null=True, help_text="Slug; null for one not known here.")
    name = serializers.CharField()
    asked_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(AskedOutcome.choices)


class WaitsSerializer(serializers.Serializer):
    """What a request waits for."""

    who = serializers.ChoiceField(["state", "unoct", "providers"])
    text = serializers.CharField(help_text="In the language of the request.")
    by = serializers.DateField(allow_null=True)


class RequestSerializer(WorkSerializer):
    """What a State asks for. `needs` are those that were made of it and that the reader sees."""

    model = AssistanceRequest
    joins = ("state", "instrument", "note_verbale")
    fetch = ("needs",)

    vars().update(
        shown_of(
            AssistanceRequest, "status", "outcome", "objection_until", "returned_reason", "referred_to", "year_answer",
            *MOMENTS,
            state=STATES, status={"help_text": "Follows from facts; never sent."},
            audience_allowed={"child": serializers.CharField(), "help_text": PARTIES_ONLY},
            **{name: {"help_text": CHOSEN_ONLY} for name in CONTACT},
        )
    )  # fmt: skip
    contact_email = serializers.CharField(help_text=CHOSEN_ONLY)  # empty where it is not shown
    returned_parts = serializers.ListField(child=serializers.CharField(), help_text="Fields UNOCT asks to be changed.")
    note_verbale = serializers.CharField(allow_null=True, help_text=f"Name of the file. {PARTIES_ONLY}")
    asked_elsewhere = AskedSerializer(many=True)
    needs = serializers.ListField(child=serializers.UUIDField())
    waits_for = WaitsSerializer(allow_null=True)

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return the others who were asked."""
        return ("asked_elsewhere",)

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own: the days by which UNOCT acts."""
        return {**super().context_for(actor, rows), "days": due_days(actor, rows)}

    def to_representation(self, row: Any) -> Shown:
        """Return the request as this reader sees it."""
        actor = self.context["actor"]
        between = {name: getattr(row, name) for name in BETWEEN if name != "note_verbale"}
        between["note_verbale"] = str(row.note_verbale or "") or None
        found = waiting(row, self.context["days"].get(row.pk))
        return {
            **self.head(row),
            "status": row.status,
            "outcome": row.outcome,
            "state": row.state.iso3,
            **self.texts(row),
            "theme": row.theme_id,
            "pillar": row.pillar_id,
            "assistance_types": row.assistance_types,
            "deliverable": row.deliverable,
            "instrument": row.instrument.symbol if row.instrument else None,
            "provision": row.provision,
            "beneficiary": row.beneficiary,
            "delivery_languages": [to_wire(code) for code in row.delivery_languages],
            **{name: getattr(row, name) if rules.sees_contact(actor, row) else "" for name in CONTACT},
            "quantity": row.quantity,
            "unit": row.unit,
            "wanted_by": row.wanted_by,
            "baseline": row.baseline,
            "target": row.target,
            "earlier_help": row.earlier_help,
            "no_earlier_help": row.no_earlier_help,
            "asked_elsewhere": [self.asked(one) for one in row.asked_elsewhere.all()],
            "asked_nobody_else": row.asked_nobody_else,
            "conditions": row.conditions,
            "closes_for_offers": row.closes_for_offers,
            **considerations.shown(row),
            "circulated_at": row.circulated_at,
            "closed_at": row.closed_at,
            "referred_to": row.referred_to,
            **(between if rules.is_party(actor, row) else BETWEEN),
            "needs": self.keys(row, "needs"),
            "waits_for": found and {"who": found.who, "text": str(found.text), "by": found.due},
        }

    def asked(self, one: Asked) -> Shown:
        """Return somebody else who was asked: by the name as entered, else by that of the organisation."""
        known = self.organisation_of(one.organisation_id) if one.organisation_id else None
        name = one.name or (str(known) if known else "")
        slug = known.slug if known else None
        return {"organisation": slug, "name": name, "asked_on": one.asked_on, "outcome": one.outcome}


# ── Its page ─────────────────────────────────────────────────────────────────
class CheckLineSerializer(serializers.Serializer):
    """One line of the check."""

    name = serializers.CharField()
    field = serializers.CharField(help_text="Where to change it.")
    label = serializers.CharField()  # type: ignore[assignment]
    is_met = serializers.BooleanField()
    why = serializers.CharField()
    example = serializers.CharField()


class SpecificitySerializer(serializers.Serializer):
    """How specific a request is. `missing` are the fields without which it cannot be submitted."""

    met = serializers.IntegerField()
    of = serializers.IntegerField()
    lines = CheckLineSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())


class SameThemeSerializer(serializers.Serializer):
    """Another open request of the same State on the same theme."""

    id = serializers.UUIDField()
    reference = serializers.CharField()


class CheckedSerializer(SpecificitySerializer):
    """How specific a draft is, and which other requests of its State are open on its theme."""

    same_theme = SameThemeSerializer(many=True)


def same_theme_of(actor: Actor, row: AssistanceRequest) -> list[Shown]:
    """Return the other open requests of the State on the theme of this one as the API sends them; for its parties alone."""
    return [{"id": other.pk, "reference": other.reference} for other in queries.same_theme(actor, row)]


def specificity(check: Check, missing: Sequence[str]) -> Shown:
    """Return a check as the API sends it."""
    lines = [
        {
            "name": line.name,
            "field": line.field,
            "label": str(line.label),
            "is_met": line.is_met,
            "why": str(line.why),
            "example": line.example,
        }
        for line in check.lines
    ]
    warnings = [str(text) for text in check.warnings]
    return {"met": check.met, "of": check.of, "lines": lines, "warnings": warnings, "missing": list(missing)}


class QuestionSerializer(serializers.Serializer):
    """A question of a provider, and the State's answer."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField(allow_null=True, help_text="Slug; null for other providers.")
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class QuestionsSerializer(serializers.Serializer):
    """The thread of a request, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = QuestionSerializer(many=True)


def questions_of(actor: Actor, row: AssistanceRequest) -> list[Shown]:
    """Return the thread of a request as the API sends it."""
    return [
        {
            "id": one["question"].pk,
            "text": one["question"].text,
            "asked_at": one["question"].asked_at,
            "asked_by": one["asked_by"].slug if one["asked_by"] else None,
            "answer": one["question"].answer,
            "answered_at": one["question"].answered_at,
        }
        for one in thread(actor, row)
    ]


class RequestDetailSerializer(RequestSerializer, PageSerializer):
    """One request, with its check, its thread, who can see it and its history."""

    specificity = SpecificitySerializer(allow_null=True, help_text="Null for all but the State, UNOCT and CTED.")
    same_theme = SameThemeSerializer(
        many=True, help_text=f"Other open requests of the State on the same theme. {PARTIES_ONLY}"
    )
    questions = QuestionSerializer(many=True)
    choice_declines_others = serializers.BooleanField(
        help_text="Whether the choice that awaits a colleague declines other offers; false for all but the State."
    )

    def to_representation(self, row: AssistanceRequest) -> Shown:
        """Return the request as its page shows it."""
        actor = self.context["actor"]
        is_party = rules.is_party(actor, row)
        return {
            **super().to_representation(row),
            "specificity": specificity(check_of(row), missing_of(row)) if is_party else None,
            "same_theme": same_theme_of(actor, row),
            "questions": questions_of(actor, row),
            "choice_declines_others": row.choice_declines_others and rules.is_of_state(actor, row),
            **self.page(row),
        }


class ComparedSerializer(serializers.Serializer):
    """One offer, as the State compares it with others."""

    match = serializers.UUIDField()
    need = serializers.UUIDField()
    assistance_type = serializers.ChoiceField(AssistanceType.choices)
    provider = serializers.CharField(help_text="Slug.")
    offer = serializers.UUIDField(allow_null=True)
    project = serializers.UUIDField(allow_null=True, help_text="The project that carries it, if you see it.")
    status = serializers.ChoiceField(MatchStatus.choices)
    share = serializers.IntegerField(help_text="In per cent of the need.")
    message = serializers.CharField()
    opens_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField(allow_null=True)
    lead_time_days = serializers.IntegerField(allow_null=True, help_text="Days from the acceptance to the first day.")
    working_languages = serializers.ListField(child=serializers.CharField())
    reserved_places = serializers.IntegerField(allow_null=True, help_text="Of the places of the offer, for this match.")
    reserved_expert_days = serializers.IntegerField(allow_null=True)
    reserved_amount = serializers.CharField(allow_null=True, help_text="In the currency of the offer.")
    places = serializers.IntegerField(allow_null=True, help_text="Of the offer as a whole.")
    expert_days = serializers.IntegerField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    cost_to_state = serializers.CharField()
    cost_note = serializers.CharField()
    conditions = serializers.CharField()
    eligible = serializers.ChoiceField(
        Fit.choices,
        allow_null=True,
        help_text="By the groups of States that the offer names; null where it names none.",
    )
    is_chosen = serializers.BooleanField(help_text="Part of a choice that awaits a colleague.")
    past_work = serializers.IntegerField(help_text="Verified matches of this provider in the State.")

    def to_representation(self, one: queries.Compared) -> Shown:
        """Return one row of the comparison."""
        match, offer = one.match, one.offer
        return {
            "match": match.pk,
            "need": match.need_id,
            "assistance_type": one.need.assistance_type,
            "provider": match.provider.slug,
            "offer": match.offer_id,
            "project": one.project.pk if one.project else None,
            "status": match.status,
            "share": match.share,
            "message": match.message,
            "opens_on": offer.opens_on if offer else None,
            "closes_on": offer.closes_on if offer else None,
            "lead_time_days": offer.lead_time_days if offer else None,
            "eligible": one.eligible.fit if one.eligible else None,
            "working_languages": [to_wire(code) for code in offer.working_languages] if offer else [],
            "reserved_places": match.reserved_places,
            "reserved_expert_days": match.reserved_expert_days,
            "reserved_amount": money(match.reserved_amount),
            "places": offer.places if offer else None,
            "expert_days": offer.expert_days if offer else None,
            "amount": money(offer.amount) if offer else None,
            "currency": offer.currency if offer else "",
            "cost_to_state": offer.cost_to_state if offer else "",
            "cost_note": offer.cost_note if offer else "",
            "conditions": offer.conditions if offer else "",
            "is_chosen": one.is_chosen,
            "past_work": one.past,
        }


class ComparisonSerializer(serializers.Serializer):
    """All offers for a request, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ComparedSerializer(many=True)


# ── Bodies ───────────────────────────────────────────────────────────────────
class AskedWriteSerializer(WriteSerializer):
    """Somebody else who was asked: an organisation, or a name; whole also where only some values are changed."""

    organisation = CodeField(organisations, "slug", required=False, allow_null=True, help_text="Slug.")
    name = Line(required=False, allow_blank=True, max_length=300)
    asked_on = serializers.DateField(required=False, allow_null=True)
    outcome = serializers.ChoiceField(AskedOutcome.choices)

    def to_internal_value(self, data: Any) -> Any:
        """Return the row as it is edited."""
        values = super().to_internal_value(data)
        if "outcome" not in values:  # a change of some values asks for none
            raise serializers.ValidationError({"outcome": [self.error_messages["required"]]}, "required")
        return AskedRow(values.get("organisation"), values.get("name", ""), values.get("asked_on"), values["outcome"])


class RequestWriteSerializer(VersionedWriteSerializer):
    """A draft; texts are in `language`, by default the writer's own. Only the title is required before submission."""

    vars().update(
        body_of(
            AssistanceRequest,
            state=Vocabulary(STATES.rows, STATES.column, "By default the only State you act for.", STATES.many),
        )
    )
    audience_allowed = AudienceField(required=False, help_text="Who may read it; a keyword, or keywords and slugs.")
    asked_elsewhere = serializers.ListField(child=AskedWriteSerializer(), required=False, max_length=100)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; the State can be left out."""
        fields = super().get_fields()
        fields["state"].required = False
        return fields
