"""What the current user follows and has muted, in the API."""

from collections.abc import Mapping

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assistance.workflow.follow_choices import CHOICES, choices_of, choose
from entities.actors import Actor
from web.rest import KnownParameters


class FollowedSerializer(serializers.Serializer):
    """One topic with the choice made about it."""

    topic = serializers.CharField(
        source="value", help_text="`<kind>:<key>` of a record, `state:<key>`, `theme:<code>`."
    )
    choice = serializers.ChoiceField([value for value, _label in CHOICES])
    text = serializers.CharField(source="name", help_text="What it is called, in the language of the request.")
    url = serializers.CharField(help_text="Its page, as a path; empty without one.")


class FollowingView(KnownParameters, APIView):
    """What the current user follows and has muted, as far as they see it."""

    http_method_names = ["get", "patch", "head", "options"]

    @extend_schema(responses=FollowedSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return the topics that are followed or muted: records, then States, then themes."""
        return Response(FollowedSerializer(choices_of(actor_in(request)), many=True).data)

    @extend_schema(
        request={
            "application/json": {
                "type": "object",
                "additionalProperties": {"enum": [value for value, _label in CHOICES]},
            }
        },
        responses=FollowedSerializer(many=True),
    )
    def patch(self, request: Request) -> Response:
        """Choose for some topics; the others stay as they are, and `usual` takes a choice back. Returns all of them."""
        sent = request.data if isinstance(request.data, Mapping) else {}
        choose(actor_in(request), {str(topic): str(choice) for topic, choice in sent.items()})
        return self.get(request)


def actor_in(request: Request) -> Actor:
    """Return the actor of a request, limited by its token."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor
