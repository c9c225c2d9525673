"""Base of the API collections whose rows a State releases: releasing one row, and withdrawing its release."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assistance import registry
from assistance.access import policy
from assistance.consents import plans
from assistance.consents import transitions as consents
from assistance.consents.models import Consent, ReleasePlan
from assistance.rest.fields import AudienceField, Prose, VersionedWriteSerializer, WriteSerializer
from assistance.rest.serializers import RowSerializer
from assistance.rest.viewsets import ReadOnlyViewSet, describes_transition
from assistance.workflow.transition import Transition
from entities.actors import Actor
from entities.reauthentication import require_recent_login
from web.texts import REMARK_MAX


def proposed(actor: Actor, made: Consent | ReleasePlan) -> Response | None:
    """Return the response 202 with the plan, where a colleague has to confirm it; None for what is in force."""
    if isinstance(made, Consent):
        return None
    out = registry.of(made).viewset.list_serializer_class
    return Response(out.show(actor, out.load(actor).filter(pk=made.pk))[0], status=202)


class Released(ReadOnlyViewSet):
    """A collection whose rows a State releases."""

    def release(self, pk: object) -> Response:
        """Release the row as given in the body; return it as it is now."""
        row = self.require_state(pk)
        values = {**self.validated_data(ShareWriteSerializer), "rows": [row]}
        version = self.version(values)
        values["versions"] = {} if version is None else {str(pk): version}
        require_recent_login(self.request)
        made = plans.submit(actor=self.actor, **values)
        return proposed(self.actor, made) or self.detail_response(pk)

    def take_back(self, pk: object) -> Response:
        """Withdraw the release of the row; return it as it is now."""
        row = self.require_state(pk)
        values = {**self.validated_data(WithdrawWriteSerializer), "rows": [row]}
        version = self.version(values)
        values["versions"] = {} if version is None else {str(pk): version}
        require_recent_login(self.request)
        consents.withdraw(actor=self.actor, **values)
        return self.detail_response(pk)

    def require_state(self, pk: object) -> Any:
        """Return the row, before the body is validated. Raises NotVisible, Forbidden for another organisation."""
        row = policy.get(self.actor, self.model, pk)
        policy.require(self.actor, "state", row)
        return row


class ReleaseWriteSerializer(WriteSerializer):
    """The audience and end of a release. A file is sent as multipart/form-data."""

    audience = AudienceField(required=False, help_text="By default “compact”: UNOCT and Compact focal points.")
    until = serializers.DateField(
        required=False, allow_null=True, help_text="The last day; without it, until withdrawn."
    )
    reason = Prose(required=False, allow_blank=True, max_length=REMARK_MAX)
    note_verbale = serializers.FileField(
        required=False, allow_null=True, allow_empty_file=True, help_text="PDF, JPEG, PNG, DOCX, XLSX or PPTX."
    )


class ShareWriteSerializer(ReleaseWriteSerializer, VersionedWriteSerializer):
    """The release of one row, at the version that was read."""


class WithdrawWriteSerializer(VersionedWriteSerializer):
    """Why a release is withdrawn."""

    reason = Prose(required=False, allow_blank=True, max_length=REMARK_MAX)


def release_action(taken: Transition, page: type[RowSerializer]) -> Any:
    """Return the action of a `Released` collection that releases one row and returns it."""

    def share(self: Released, request: Request, pk: str) -> Response:
        return self.release(pk)

    return describes_transition(taken, page, ShareWriteSerializer)(share)


def withdraw_action(taken: Transition, page: type[RowSerializer]) -> Any:
    """Return the action of a `Released` collection that withdraws the release of one row and returns it."""

    def withdraw(self: Released, request: Request, pk: str) -> Response:
        return self.take_back(pk)

    return describes_transition(taken, page, WithdrawWriteSerializer)(withdraw)
