"""API clients for tests: everybody of the cast with a real token of their own."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from accounts.tokens.scopes import scopes as all_scopes
from assistance import registry
from assistance.tests.cast import PASSWORD, Cast

ROOT = "/api/v1"
COLLECTIONS = tuple(aggregate.collection for aggregate in registry.aggregates() if aggregate.viewset is not None)


def token_of(user: User, scopes: Iterable[str] | None = None) -> str:
    """Return the secret of a new token under all appointments the user ever had, the worst case of a stolen token."""
    under = user.appointments.values_list("pk", flat=True)
    wanted = all_scopes() if scopes is None else scopes
    return ApiToken.issue(user=user, name="test", days=1, scopes=wanted, appointments=under)[1]


class ApiClient:
    """The API client of one user: ``api_client.get("needs/")``; it checks that every refusal has the error format."""

    def __init__(self, token: str = "", **headers: str) -> None:
        self.client = APIClient()
        if token:
            headers["HTTP_AUTHORIZATION"] = f"Token {token}"
        self.client.credentials(**headers)

    def call(self, method: str, path: str, data: Any = None, **more: Any) -> Response:
        """Return the response, after checking its format."""
        path = path if path.startswith(("/", "http")) else f"{ROOT}/{path}"
        if method != "get" and more.setdefault("format", "json") == "json":
            # Encoded here, as a client might: DRF's own test client cannot encode a lone surrogate.
            data, more = json.dumps(data if data is not None else {}), {**more, "content_type": "application/json"}
            del more["format"]
        answer = getattr(self.client, method)(path, data, **more)
        if answer.status_code >= 400:
            check_refusal(answer)
        return answer

    def get(self, path: str, data: Any = None, **more: Any) -> Response:
        return self.call("get", path, data, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> Response:
        return self.call("post", path, data, **more)

    def patch(self, path: str, data: Any = None, **more: Any) -> Response:
        return self.call("patch", path, data, **more)

    def put(self, path: str, data: Any = None, **more: Any) -> Response:
        return self.call("put", path, data, **more)

    def ids(self, collection: str, **query: Any) -> list[str]:
        """Return the ids of the first page of a collection."""
        return [row["id"] for row in self.get(f"{collection}/", query).json()["results"]]


class ApiClients:
    """One API client for everybody of the cast: ``api_clients.unodc``."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.tokens: dict[str, str] = {}

    def token(self, name: str) -> str:
        """Return a token of that user, issued once."""
        if name not in self.tokens:
            self.tokens[name] = token_of(self.cast.users[name])
            # Recently used, so that saving the use, once a minute, is not among the statements a test counts.
            ApiToken.objects.filter(last_used_at=None).update(last_used_at=timezone.now())
        return self.tokens[name]

    @cache  # noqa: B019 (lives as long as its test)
    def __getattr__(self, name: str) -> ApiClient:
        if name.startswith("_"):
            raise AttributeError(name)
        return ApiClient(self.token(name), HTTP_FRESH_PROOF=PASSWORD)


def check_refusal(answer: Response) -> None:
    """Assert that a refusal is JSON in the error format, and not an internal error (503 asks to come back later)."""
    assert answer.status_code < 500 or answer.status_code == 503, answer.content[:2000]
    assert answer["Content-Type"] == "application/json", answer["Content-Type"]
    body = answer.json()
    assert set(body) <= {"errors", "theirs", "yours"} and body["errors"]
    for error in body["errors"]:
        assert set(error) == {"field", "code", "message"}
        assert all(isinstance(text, str) for text in error.values()) and error["code"] and error["message"]


def fields(answer: Response) -> set[str]:
    """Return the fields named in a refusal."""
    assert answer.status_code == 422, (answer.status_code, answer.content[:500])
    return {error["field"] for error in answer.json()["errors"]}
