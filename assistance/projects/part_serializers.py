"""Serializers of the parts of a project: indicators, periods and sessions; and of the steps about a period."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import Line
from assistance.delivery.states import MOST, TRAINED
from assistance.measures import IndicatorUnit
from assistance.projects.models import Indicator, Period, Project, TrainingSession
from assistance.projects.states import VALUE_MAX, PeriodStatus
from assistance.projects.targets import Target
from assistance.rest.fields import (
    CodeField,
    Prose,
    RowField,
    VersionedWriteSerializer,
    WriteSerializer,
    organisations,
    required_values,
)
from assistance.rest.serializers import Shown

TYPED = "As the unit of the indicator asks: a number with a point, “yes” or “no”, or a text."


class IndicatorSerializer(serializers.Serializer):
    """An indicator of a project, in the language of the project."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(IndicatorUnit.choices)
    baseline = serializers.CharField(help_text=TYPED)
    target = serializers.CharField(help_text=TYPED)
    lower_is_better = serializers.BooleanField()

    def to_representation(self, row: Indicator) -> Shown:
        """Return the indicator."""
        return {
            "id": row.pk,
            "name": row.name,
            "unit": row.unit,
            "baseline": row.baseline,
            "target": row.target,
            "lower_is_better": row.lower_is_better,
        }


class TargetSerializer(serializers.Serializer):
    """The priority of a round behind an indicator, and what the State reported of it."""

    indicator = serializers.UUIDField()
    parameter = serializers.UUIDField()
    round = serializers.UUIDField()
    baseline = serializers.CharField(help_text=TYPED)
    target = serializers.CharField(help_text=TYPED)
    target_by = serializers.DateField(allow_null=True)
    reported_by_state = serializers.CharField(help_text="The value reported last of a step; empty for none.")
    differs = serializers.BooleanField(help_text="The State and the project report different values.")

    def to_representation(self, found: tuple[Any, Target]) -> Shown:
        """Return the target of an indicator."""
        key, one = found
        return {
            "indicator": key,
            "parameter": one.parameter.pk,
            "round": one.round.pk,
            "baseline": one.parameter.baseline,
            "target": one.parameter.target,
            "target_by": one.parameter.target_by,
            "reported_by_state": one.reported,
            "differs": one.differs,
        }


class LinkTargetWriteSerializer(VersionedWriteSerializer):
    """The indicator and the priority behind it; null removes the link."""

    indicator = serializers.UUIDField()
    parameter = serializers.UUIDField(required=False, allow_null=True)


class PeriodSerializer(serializers.Serializer):
    """The value of an indicator in a period."""

    id = serializers.UUIDField()
    indicator = serializers.UUIDField()
    organisation = serializers.CharField(help_text="Slug of the organization that reports.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    target = serializers.CharField(help_text=TYPED)
    actual = serializers.CharField(help_text="The value reported; empty until then.")
    comment = serializers.CharField()
    status = serializers.ChoiceField(PeriodStatus.choices)
    is_late = serializers.BooleanField(
        help_text="Whether its last day has passed without a report that can be accepted."
    )
    reported_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, row: Period) -> Shown:
        """Return the period; its organisation has been read with it."""
        return {
            "id": row.pk,
            "indicator": row.indicator_id,
            "organisation": row.organisation.slug,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "target": row.target,
            "actual": row.actual,
            "comment": row.comment,
            "status": row.status,
            "is_late": row.is_late,
            "reported_at": row.reported_at,
        }


class SessionSerializer(serializers.Serializer):
    """A session in which people were or will be trained."""

    id = serializers.UUIDField()
    held_on = serializers.DateField()
    place = serializers.CharField()
    trained_women = serializers.IntegerField()
    trained_men = serializers.IntegerField()
    trained_unknown = serializers.IntegerField(help_text="People whose sex was not recorded.")

    def to_representation(self, row: TrainingSession) -> Shown:
        """Return the session."""
        return {
            "id": row.pk,
            "held_on": row.held_on,
            "place": row.place,
            **{name: getattr(row, name) for name in TRAINED},
        }


# ── Bodies ───────────────────────────────────────────────────────────────────
class PartWriteSerializer(WriteSerializer):
    """A row of a project. With the `id` of one that the project has, that one is changed."""

    id = serializers.UUIDField(required=False)
    needed: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the row; what it needs is required even in a partial update of the project, unlike DRF's default."""
        return required_values(self, super().to_internal_value(data), self.needed)


class IndicatorWriteSerializer(PartWriteSerializer):
    """An indicator of a project."""

    needed = ("name", "unit")

    name = Line(max_length=VALUE_MAX, help_text="In the language of the project.")
    unit = serializers.ChoiceField(IndicatorUnit.choices)
    baseline = Line(max_length=VALUE_MAX, required=False, allow_blank=True, help_text=TYPED)
    target = Line(max_length=VALUE_MAX, required=False, allow_blank=True, help_text=TYPED)
    lower_is_better = serializers.BooleanField(required=False, help_text="By default false.")


class PeriodWriteSerializer(PartWriteSerializer):
    """A period in which the value of an indicator is reported."""

    needed = ("indicator", "organisation", "starts_on", "ends_on")

    indicator = serializers.UUIDField(help_text="The id of an indicator of the project.")
    organisation = CodeField(organisations, "slug", help_text="Slug of the lead or a partner, which reports the value.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    target = Line(max_length=VALUE_MAX, required=False, allow_blank=True, help_text=TYPED)


def _trained() -> serializers.Field:
    return serializers.IntegerField(required=False, min_value=0, max_value=MOST, help_text="By default 0.")


class SessionWriteSerializer(PartWriteSerializer):
    """A session in which people were or will be trained."""

    needed = ("held_on", "place")

    held_on = serializers.DateField()
    place = Line(max_length=200)
    trained_women = _trained()
    trained_men = _trained()
    trained_unknown = _trained()
    confirm_large = serializers.BooleanField(required=False, help_text="That numbers from 10,000 are right.")


class AcceptPeriodWriteSerializer(VersionedWriteSerializer):
    """The period whose report is accepted."""

    period = serializers.UUIDField(help_text="The id of a period of the project.")


class SameAsWriteSerializer(VersionedWriteSerializer):
    """The project of another publisher that is the same activity; null removes the link."""

    same = RowField(Project, allow_null=True)


class ReportPeriodWriteSerializer(AcceptPeriodWriteSerializer):
    """The value of a period that your organization reports."""

    actual = Line(max_length=VALUE_MAX, help_text=TYPED)
    comment = Prose(required=False, allow_blank=True)


class SendBackPeriodWriteSerializer(AcceptPeriodWriteSerializer):
    """The report that is sent back, with the reason."""

    reason = Prose()
