"""Keyset pagination for pages and for the API: the last page costs as much as the first.

No list counts all its rows; `capped_count` counts up to a limit.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from web.exceptions import Invalid

NEWEST = ("-modified_at", "-id")
PAGE_SIZE, PAGE_SIZE_MAX = 50, 200
CURSOR_PARAM, SIZE_PARAM = "cursor", "page_size"
FORWARD, BACK = "f", "b"

Row = Model | dict[str, Any]


class InvalidCursor(ValueError):
    """The cursor was not issued by this list, or not by this site."""


@dataclass(frozen=True)
class Page:
    """The rows of one page, with the cursors and URLs of its neighbours (None where there are none)."""

    rows: list[Any]
    next: str | None = None
    previous: str | None = None
    next_url: str | None = None
    previous_url: str | None = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def row_is(operator: str, fields: Sequence[str], values: Sequence[Value]) -> Func:
    """Return SQL that compares the ordered fields, as one row value, with the values: after (`>`) or before (`<`)."""
    left = Func(*[F(name) for name in fields], function="ROW", output_field=BooleanField())
    right = Func(*values, function="ROW", output_field=BooleanField())
    return Func(left, right, template="(%(expressions)s)", arg_joiner=f" {operator} ", output_field=BooleanField())


def box(salt: str) -> AESSIV:
    """Return the cipher for the cursors of one list: unencrypted, they would reveal the number of an audit entry.

    The encryption is deterministic, so that the same request always has the same answer.
    """
    return AESSIV(salted_hmac(salt, "", algorithm="sha512").digest())


class Source(Protocol):
    """The rows of a list without filters, whose statement the process keeps (web/statements.py)."""

    model: type[Model]

    def rows(self, key: object, ordered: Callable[..., QuerySet[Any]], values: Sequence[Any], limit: int) -> list[Any]:
        """Return the first rows of `ordered(queryset, *values)`; with the same key only the values differ."""


class Keyset:
    """The ordering of one list; all fields sort in the same direction and none is ever null."""

    def __init__(self, queryset: "QuerySet[Any] | Source", ordering: Sequence[str] = NEWEST) -> None:
        if len({name.startswith("-") for name in ordering}) != 1:
            raise ValueError("All fields of a keyset order must go in the same direction.")
        self.queryset = queryset
        self.fields = [name.removeprefix("-") for name in ordering]
        self.descending = ordering[0].startswith("-")
        self.box = box(f"cursor:{queryset.model._meta.label}:{','.join(ordering)}")

    def page(self, size: int, cursor: str | None = None) -> Page:
        """Return one page of at most `size` rows. Raises InvalidCursor; runs one statement."""
        way, values = self.read(cursor) if cursor else (FORWARD, None)
        down = self.descending == (way == FORWARD)

        def ordered(queryset: QuerySet[Any], *values: Any) -> QuerySet[Any]:
            queryset = queryset.order_by(*[f"-{name}" if down else name for name in self.fields])
            after = [Value(one, output_field=kind) for kind, one in zip(self._types(), values, strict=False)]
            return queryset.filter(row_is("<" if down else ">", self.fields, after)) if values else queryset

        if isinstance(self.queryset, QuerySet):
            rows = list(ordered(self.queryset, *(values or ()))[: size + 1])
        else:
            rows = self.queryset.rows((*self.fields, down, values is not None), ordered, values or (), size + 1)
        more, rows = len(rows) > size, rows[:size]
        if way == BACK:
            rows.reverse()
        has_next = more if way == FORWARD else True
        has_previous = more if way == BACK else values is not None
        return Page(
            rows,
            next=self.write(FORWARD, rows[-1]) if rows and has_next else None,
            previous=self.write(BACK, rows[0]) if rows and has_previous else None,
        )

    def write(self, way: str, row: Row) -> str:
        """Return the encrypted cursor of a row; clients can neither read it nor make one up."""
        values = [row[name] if isinstance(row, dict) else getattr(row, name) for name in self.fields]
        sealed = self.box.encrypt(json.dumps([way, *map(_plain, values)]).encode(), None)
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[str, list[Any]]:
        """Return direction and values of a cursor made by `write`. Raises InvalidCursor."""
        try:
            way, *values = json.loads(self.box.decrypt(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), None))
            return way, [field.to_python(value) for field, value in zip(self._types(), values, strict=True)]
        except (InvalidTag, ValidationError, ValueError) as error:
            raise InvalidCursor(str(error)) from error

    def _types(self) -> list[Any]:
        if not isinstance(self.queryset, QuerySet):
            return [self.queryset.model._meta.get_field(name) for name in self.fields]
        query = self.queryset.query.chain()
        return [query.resolve_ref(name).output_field for name in self.fields]


def _plain(value: Any) -> str | int | float:
    if isinstance(value, (str, int, float)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def page_size(raw: str | None, default: int = PAGE_SIZE, most: int = PAGE_SIZE_MAX) -> int:
    """Return the page size asked for, between 1 and `most`; the default if `raw` is not a number."""
    if not raw:
        return default
    digits = raw.strip()[:20]
    return max(1, min(int(digits), most)) if digits.isdecimal() else default


def exact_page_size(raw: str | None, default: int = PAGE_SIZE, most: int = PAGE_SIZE_MAX) -> int:
    """Return the page size asked for by an API client. Raises Invalid unless it is a number from 1 to `most`."""
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 10 and 1 <= int(raw) <= most):
        raise Invalid({SIZE_PARAM: [_("Enter a whole number from 1 to %(most)s.") % {"most": most}]})
    return int(raw)


def page_of(
    queryset: QuerySet[Any], request: HttpRequest, size: int = PAGE_SIZE, ordering: Sequence[str] = NEWEST
) -> Page:
    """Return the page an HTML list is asked for; an invalid cursor gives the first page. One statement, no count."""
    keyset = Keyset(queryset, ordering)
    size = page_size(request.GET.get(SIZE_PARAM), default=size)
    try:
        page = keyset.page(size, request.GET.get(CURSOR_PARAM))
    except InvalidCursor:
        page = keyset.page(size)
    here = request.get_full_path()
    return _with_addresses(page, here)


def _with_addresses(page: Page, here: str) -> Page:
    return Page(
        page.rows,
        page.next,
        page.previous,
        next_url=replace_query_param(here, CURSOR_PARAM, page.next) if page.next else None,
        previous_url=replace_query_param(here, CURSOR_PARAM, page.previous) if page.previous else None,
    )


def capped_count(queryset: QuerySet[Any], cap: int = 1000) -> tuple[int, bool]:
    """Return how many rows there are, at most `cap`, and whether there are more. Reads at most `cap` + 1 rows."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return min(found, cap), found > cap


class Cursor(BasePagination):
    """The same pages for the API: `{"next", "previous", "results"}`. A view may set `paging_order`."""

    ordering: Sequence[str] = NEWEST
    size = PAGE_SIZE
    page: Page

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return the rows of the page asked for. Raises Invalid for a wrong size or an unknown cursor."""
        keyset = Keyset(queryset, getattr(view, "paging_order", self.ordering))
        size = exact_page_size(request.query_params.get(SIZE_PARAM), default=self.size)
        try:
            page = keyset.page(size, request.query_params.get(CURSOR_PARAM))
        except InvalidCursor as error:
            raise Invalid(
                {CURSOR_PARAM: [_("The position in the list is not valid. Start from the first page.")]}
            ) from error
        self.page = _with_addresses(page, request.build_absolute_uri())
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.page.next_url, "previous": self.page.previous_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the two query parameters as OpenAPI describes them."""
        return [
            {"name": CURSOR_PARAM, "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": SIZE_PARAM,
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": self.size},
            },
        ]
