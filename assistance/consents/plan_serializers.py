"""Serializers of release plans: drafts, proposals awaiting a colleague, published plans; for the State's people."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from assistance.consents.kinds import kinds, lines_in_order
from assistance.consents.models import PlanLine, ReleasePlan
from assistance.consents.serializers import words_by_audience
from assistance.consents.states import ReleasePlanStatus
from assistance.rest.fields import Prose, VersionedWriteSerializer, WriteSerializer
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer
from entities.actors import Actor
from web.texts import REMARK_MAX


class LineSerializer(serializers.Serializer):
    """One section or need of a plan: to whom, until when, and the version of the text that was read."""

    id = serializers.UUIDField()
    audience = serializers.ListField(child=serializers.CharField(), help_text="As in a request: words and slugs.")
    until = serializers.DateField(allow_null=True)
    version_read = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, among them one id for each kind of row, called like its model; all but one are null."""
        fields = super().get_fields()
        own = {kind.name: serializers.UUIDField(allow_null=True) for kind in kinds()}
        return {"id": fields.pop("id"), **own, **fields}


class ReleasePlanSerializer(WorkSerializer):
    """A release plan of a State's people; only the consents made from it give access."""

    model = ReleasePlan
    joins = ("state", "proposed_by", "published_by")

    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    status = serializers.ChoiceField(ReleasePlanStatus.choices)
    visit = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    lines = LineSerializer(many=True)
    consents = serializers.ListField(child=serializers.UUIDField(), help_text="What it became once published.")
    proposed_by = serializers.CharField(allow_null=True)
    proposed_at = serializers.DateTimeField(allow_null=True)
    published_by = serializers.CharField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return the lines and the consents: whoever sees a plan may see all of them."""
        return (Prefetch("lines", lines_in_order(PlanLine.objects.all())), "consents")

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own: the keywords of their audiences."""
        keys = [line.released_to_id for row in rows for line in row.lines.all()]
        return {**super().context_for(actor, rows), "words": words_by_audience(keys)}

    def to_representation(self, plan: ReleasePlan) -> Shown:
        """Return the plan as its readers see it."""
        return {
            **self.head(plan),
            "state": plan.state.iso3,
            "status": plan.status,
            "visit": plan.visit_id,
            "reason": plan.remark,
            "lines": [
                {
                    "id": line.pk,
                    **{kind.name: getattr(line, f"{kind.name}_id") for kind in kinds()},
                    "audience": self.context["words"].get(line.released_to_id, []),
                    "until": line.until,
                    "version_read": line.version_read,
                }
                for line in plan.lines.all()
            ],
            "consents": sorted(consent.pk for consent in plan.consents.all()),
            "proposed_by": plan.proposed_by and str(plan.proposed_by),
            "proposed_at": plan.proposed_at,
            "published_by": plan.published_by and str(plan.published_by),
            "published_at": plan.published_at,
        }


class ReleasePlanDetailSerializer(ReleasePlanSerializer, PageSerializer):
    """One plan, with who can see it and its history."""

    def to_representation(self, plan: ReleasePlan) -> Shown:
        """Return the plan as its page shows it."""
        return {**super().to_representation(plan), **self.page(plan)}


class LineWriteSerializer(WriteSerializer):
    """The body that names a line of a plan."""

    line = serializers.UUIDField(help_text="Its id, as in `lines`.")


class PublishWriteSerializer(VersionedWriteSerializer):
    """A remark for CTED and the State, and the note verbale, as multipart/form-data."""

    remark = Prose(required=False, allow_blank=True, max_length=REMARK_MAX)
    note_verbale = serializers.FileField(
        required=False, allow_null=True, allow_empty_file=True, help_text="PDF, JPEG, PNG, DOCX, XLSX or PPTX."
    )
