"""Base viewsets of the API: parse the request, get the row by policy, call one transition or query, return the row."""

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, FileField
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.rest.fields import WriteSerializer
from assistance.rest.serializers import ALL, NONE, Languages, RowSerializer
from assistance.workflow import editing
from assistance.workflow.engine import run_transition
from assistance.workflow.transition import Transition
from audit import log
from entities.access import HasAppointment
from entities.actors import Actor
from entities.reauthentication import require_recent_login
from web.exceptions import Forbidden, Invalid, StaleSave
from web.filter_backend import StrictFilterBackend
from web.languages import to_wire
from web.pagination import Cursor
from web.rest import KnownParameters

Answer = Callable[..., Response]
LANGUAGES_PARAM = "languages"
_CODE = f"({'|'.join(map(to_wire, ALL))})"
IN_LANGUAGES = OpenApiParameter(
    LANGUAGES_PARAM,
    {"type": "string", "pattern": f"^(all|{_CODE}(,{_CODE})*)$"},
    description="In which languages `translations` has the texts: “all”, or codes with commas between.",
)
FORMS: list[Any] = [*api_settings.DEFAULT_PARSER_CLASSES, MultiPartParser]


class ReadOnlyViewSet(KnownParameters, GenericViewSet):
    """A read-only collection: one serializer for rows of the list, one for a single row; tokens need the scope `scope`."""

    scope: ClassVar[str]
    model: ClassVar[type[Restricted]]
    list_serializer_class: ClassVar[type[RowSerializer]]
    detail_serializer_class: ClassVar[type[RowSerializer]]
    permission_classes = [IsAuthenticated, HasAppointment]
    pagination_class = Cursor
    filter_backends = [StrictFilterBackend]

    @classmethod
    def is_written(cls) -> bool:
        """Return whether any request to this collection changes something."""
        extra: list[Any] = cls.get_extra_actions()
        methods = {method for one in extra for method in one.mapping}
        return bool(methods - {"get"}) or hasattr(cls, "create")

    @property
    def query_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """The parameters of rows that are read: the languages of their texts, if they have any."""
        shows_texts = {"list": self.model.translated, "retrieve": self.detail_serializer_class.has_texts()}
        return (LANGUAGES_PARAM,) if shows_texts.get(self.action) else ()

    @property
    def actor(self) -> Actor:
        """The current actor; without appointments while the schema is generated."""
        return getattr(self.request, "actor", None) or Actor(User())

    def get_queryset(self) -> QuerySet[Any]:
        """Return the visible rows, with the data needed to show them."""
        return self.list_serializer_class.load(self.actor, languages=self.languages())

    def get_serializer_class(self) -> type[RowSerializer]:
        """Return the default serializer for the schema; request bodies and responses are set by `document_schema`."""
        return self.list_serializer_class

    def list(self, request: Request) -> Response:
        """Return one page of the rows you see, newest change first."""
        languages, kind = self.languages(), self.list_serializer_class
        plain = (
            StrictFilterBackend().plain(request, self.model._default_manager.none(), self) if self.is_filtered() else []
        )
        rows: Any = (
            self.filter_queryset(self.get_queryset()) if plain is None else kind.kept_rows(self.actor, languages, plain)
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(kind.show(self.actor, page or [], languages))

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one row with its full content."""
        return self.detail_response(pk)

    # ── For subclasses ──
    def is_filtered(self) -> bool:
        """Return whether the request has a filter of this list."""
        filters = getattr(self, "filterset_class", None)
        return filters is not None and any(name in self.request.query_params for name in filters.base_filters)

    def languages(self) -> Languages:
        """Return the languages in which texts are shown besides that of the reader: those asked for.

        By default none in a list, nor of the rows within one that has no texts itself, else all. Raises Invalid.
        """
        by_default = NONE if self.action == "list" or not self.model.translated else ALL
        asked = self.request.query_params.get(LANGUAGES_PARAM) if self.query_parameters else None
        return by_default if asked is None else languages_named(asked)

    def detail_response(self, pk: object, status: int = 200) -> Response:
        """Return the response with the row as it is now. Raises NotVisible."""
        languages = self.languages()
        row = self.list_serializer_class.kept_rows(self.actor, languages).get(policy.key_of(pk))
        log.read([row])
        shown = self.detail_serializer_class.show(self.actor, [row], languages)[0]
        answer = Response(shown, status=status)
        if status == 201:
            answer["Location"] = self.request.build_absolute_uri(f"{self.request.path}{row.pk}/")
        if hasattr(row, "version"):
            answer.add_post_render_callback(tag_with(row.version))
        return answer

    def validated_data(self, body: type[WriteSerializer], *, partial: bool = False) -> dict[str, Any]:
        """Return the validated values of the request's body. Raises ValidationError, naming the invalid fields."""
        sent = body(data=self.request.data, partial=partial, context={"actor": self.actor})
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def version(self, values: dict[str, Any]) -> int | None:
        """Return the version the caller has read, removed from the body or taken from If-Match. Raises Invalid.

        Of an ETag only the version counts: what else an answer shows is not what a change would overwrite.
        """
        sent: int | None = values.pop("version", None)
        header = self.request.headers.get("If-Match", "*").strip()
        if header == "*":
            return sent
        digits = header.removeprefix("W/").strip('"').partition("-")[0]
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
            raise Invalid({"version": [_("If-Match must contain the ETag of the row that you read.")]})
        if sent is not None and sent != int(digits):
            raise Invalid(
                {"version": [_("The body and If-Match contain different versions. Send the same version in both.")]}
            )
        return int(digits)


class EditableViewSet(ReadOnlyViewSet):
    """A collection whose rows can also be recorded and edited."""

    write_serializer_class: ClassVar[type[WriteSerializer]]
    default_organisation: ClassVar[str] = ""

    def create(self, request: Request) -> Response:
        """Record a row."""
        if not policy.may_create(self.actor, self.model):
            raise Forbidden
        values = self.validated_data(self.write_serializer_class)
        values.pop("version", None)
        row = editing.create(actor=self.actor, model=self.model, values=self.completed(values))
        return self.detail_response(row.pk, 201)

    def completed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a new row with defaults: the writer's language and organisation."""
        if "language" in self.write_serializer_class._declared_fields:
            values.setdefault("language", self.request.user.language)  # type: ignore[union-attr]
        name = self.default_organisation
        if name and name not in values:
            own = self.actor.providers()
            if len(own) != 1:
                raise Invalid({name: [_("You act for more than one organization. Specify one of them.")]})
            values[name] = own[0]
        return values

    def update(self, request: Request, pk: str) -> Response:
        """Change a row; required values must be present, other values left out stay."""
        return self.edit(pk, partial=False)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the given values of a row."""
        return self.edit(pk, partial=True)

    def edit(self, pk: object, *, partial: bool) -> Response:
        """Call the edit function; if somebody else saved first, the error carries both texts as serialized."""
        row = policy.get(self.actor, self.model, pk)
        editing.require_editor(self.actor, row)
        values = self.validated_data(self.write_serializer_class, partial=partial)
        version = self.version(values)
        try:
            editing.edit(actor=self.actor, model=self.model, pk=pk, values=values, version=version)
        except StaleSave as error:
            theirs = self.list_serializer_class.show(self.actor, self.get_queryset().filter(pk=row.pk))[0]
            error.theirs = {name: theirs.get(name) for name in ("version", *error.yours)}
            sent: Any = self.request.data
            error.yours = {name: sent.get(name) for name in error.yours}
            raise
        return self.detail_response(pk)


def in_one_page(rows: Any, kind: Any) -> Response:
    """Return all these rows in one page."""
    return Response({"next": None, "previous": None, "results": kind(rows, many=True).data})


def languages_named(asked: str) -> Languages:
    """Return the languages that a parameter names: “all”, or codes with commas between. Raises Invalid."""
    codes = {to_wire(code): code for code in ALL}
    named = set(codes) if asked == "all" else set(asked.split(","))
    if not named <= set(codes):
        raise Invalid({LANGUAGES_PARAM: [_("Enter a value of the described type, or omit the parameter.")]})
    return tuple(code for wire, code in codes.items() if wire in named)


def tag_with(version: int) -> Callable[[Any], None]:
    """Return a function that sets the ETag of a rendered answer: the version, and a digest of what was answered.

    The version alone would not change with what a row shows of others, such as its transitions or who can see it.
    """

    def tag(answer: Any) -> None:
        answer["ETag"] = f'"{version}-{hashlib.sha256(answer.content).hexdigest()[:20]}"'

    return tag


def takes_file(body: type[WriteSerializer]) -> bool:
    """Return whether this body has a file field, so that it may be sent as a form."""
    return any(isinstance(field, FileField) for field in body._declared_fields.values())


def transition_action(taken: Transition, page: type[RowSerializer], body: type[WriteSerializer]) -> Answer:
    """Return the action that runs a transition and returns the row."""

    def act(self: ReadOnlyViewSet, request: Request, pk: str) -> Response:
        row = policy.get(self.actor, self.model, pk)
        policy.require(self.actor, taken.who, row)
        values = self.validated_data(body)
        if taken.needs_proof:
            require_recent_login(self.request)
        run_transition(taken.name, self.model, pk, actor=self.actor, version=self.version(values), **values)
        return self.detail_response(pk)

    return describes_transition(taken, page, body)(act)


def describes_transition(
    taken: Transition, page: type[RowSerializer], body: type[WriteSerializer]
) -> Callable[[Answer], Answer]:
    """Return a decorator that routes a method to POST …/{id}/{name}/ and describes the transition in the schema."""

    def decorate(act: Answer) -> Answer:
        act.__name__ = taken.name.replace("-", "_")
        describe = extend_schema(
            summary=f"Step: {taken.name}",
            description=str(taken.consequence),
            request=body,
            responses={200: page},
        )
        ways: dict[str, Any] = {"parser_classes": FORMS} if takes_file(body) else {}
        return describe(action(detail=True, methods=["post"], url_path=taken.name, **ways)(act))

    return decorate


def document_schema(kind: type[ReadOnlyViewSet]) -> type[ReadOnlyViewSet]:
    """Describe the bodies and responses of a collection in the schema. Returns the class."""
    shown: type[BaseSerializer] = kind.detail_serializer_class
    texts = [IN_LANGUAGES]
    told = {
        "list": extend_schema(
            responses=kind.list_serializer_class(many=True), parameters=texts if kind.model.translated else None
        ),
        "retrieve": extend_schema(
            responses=shown, parameters=texts if kind.detail_serializer_class.has_texts() else None
        ),
    }
    body = getattr(kind, "write_serializer_class", None)
    if body is not None:
        told["create"] = extend_schema(request=body, responses={201: shown})
        told["update"] = extend_schema(request=body, responses={200: shown})
        told["partial_update"] = extend_schema(request=body, responses={200: shown})
    for name, way in vars(kind).items():
        if getattr(way, "url_path", "") == name.replace("_", "-") and "post" in getattr(way, "mapping", ()):
            told[name] = extend_schema(operation_id=f"{kind.scope}_{name}")
    return extend_schema_view(**{name: how for name, how in told.items() if hasattr(kind, name)})(kind)
