"""Scopes over the whole API: closed unless declared, no token extends itself, and none is read from a URL."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.mail import outbox
from accounts.models import ApiToken, Delivery, User
from accounts.tokens.scopes import ANY, collections, is_read_only, reads, scopes
from assistance.tests.cast import PASSWORD, Cast, appoint
from entities.models import Role
from portal.tests.api import ApiClient, token_of
from portal.tests.leak_world import BACKEND
from portal.tests.routes import as_template

OPEN = {"/api/v1/", "/api/v1/schema/", "/api/v1/docs/"}
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")


def api_views(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, type]]:
    """Yield every URL of the API with the class that serves it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = prefix + as_template(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern, here)
        elif isinstance(pattern, URLPattern) and here.startswith("/api/"):
            yield here, getattr(pattern.callback, "cls", getattr(pattern.callback, "view_class", None))


VIEWS = dict(api_views())


def test_every_address_of_the_api_says_which_collection_it_belongs_to() -> None:
    assert len(VIEWS) > 40
    unnamed = {path for path, view in VIEWS.items() if getattr(view, "scope", None) not in (*collections(), ANY)}
    assert not unnamed, "name the collection in `scope`, and register it (accounts/tokens/scopes.py) if it is new"
    assert {view.scope for view in VIEWS.values() if hasattr(view, "scope")} == {*collections(), ANY}
    assert {path for path, view in VIEWS.items() if getattr(view, "scope", None) == ANY} == OPEN


@pytest.mark.turns(15)
@pytest.mark.parametrize("path", sorted(set(VIEWS) - OPEN))
def test_a_token_without_the_scope_is_refused_whatever_it_asks(cast: Cast, path: str) -> None:
    scope = VIEWS[path].scope
    without = [each for each in scopes() if not each.startswith(f"{scope}:")]
    address = path.replace("{iso3}", "XCA").replace("{number}", "1").replace("{", "x").replace("}", "x")
    reader = ApiClient(token_of(cast.users["carana"], [f"{scope}:read"]))
    stranger = ApiClient(token_of(cast.users["carana"], without))
    for method in METHODS:
        answer = getattr(stranger.client, method)(address)
        assert answer.status_code == 403, (method, answer.status_code)
        assert method == "head" or answer.json()["errors"][0]["code"] == "scope_missing"
        if method in ("post", "put", "patch", "delete") and not is_read_only(scope):
            assert getattr(reader.client, method)(address).json()["errors"][0]["code"] == "scope_missing"
        else:
            read = getattr(reader.client, method)(address)  # what only an office reads refuses carana for that
            code = read.json()["errors"][0]["code"] if read.status_code == 403 and method != "head" else ""
            assert code != "scope_missing", method


def test_a_view_that_forgot_its_scope_is_closed_to_tokens_and_open_to_sessions(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = VIEWS["/api/v1/needs/"]
    api_client = ApiClient(token_of(cast.users["cted"]))
    assert api_client.get("needs/").status_code == 200
    monkeypatch.delattr(view, "scope")
    assert api_client.get("needs/").json()["errors"][0]["code"] == "scope_missing"
    session = Client()
    session.force_login(cast.users["cted"])
    assert session.get("/api/v1/needs/").status_code == 200


@pytest.mark.turns(days=3)
def test_each_scope_opens_its_own_collection_alone(cast: Cast) -> None:
    shortest_last = sorted(VIEWS.items(), key=lambda item: -len(item[0]))  # the list itself, not what is below it
    lists = {view.scope: path for path, view in shortest_last if "{" not in path and view and view.scope != ANY}
    assert set(lists) == set(collections())
    for name in collections():
        api_client = ApiClient(token_of(cast.users["carana"], [f"{name}:read"]))
        opened = {other for other, path in lists.items() if api_client.get(path).status_code == 200}
        assert opened == {name}


@pytest.mark.known_leak
def test_no_token_makes_lists_or_widens_tokens(cast: Cast) -> None:
    # Peers 59: a token widens its own scope (Nextcloud CVE-2021-32688), changes its owner (NetBox 20476).
    secret = token_of(cast.users["cted"])
    before = list(ApiToken.objects.values("digest", "scopes", "expiry", "user_id", "appointments"))
    client = Client(headers={"Authorization": f"Token {secret}", "Fresh-Proof": PASSWORD})
    uid = ApiToken.objects.get().uid
    for path in ("/me/tokens/", "/me/tokens/new/", f"/me/tokens/{uid}/revoke/", "/me/", "/account/password/change/"):
        for method in ("get", "post"):
            answer = getattr(client, method)(path, {"name": "x", "days": 90, "read_all": "on"})
            assert answer.status_code == 302 and "/account/login/" in answer["Location"], path
    for path, view in VIEWS.items():
        assert "token" not in path and "token" not in view.__name__.lower()
    sent = {
        "scopes": scopes(),
        "token": {"scopes": ["*"]},
        "expiry": "2099-01-01",
        "user": str(cast.users["unoct"].pk),
    }
    client.patch("/api/v1/me/", json.dumps(sent), "application/json")
    assert list(ApiToken.objects.values("digest", "scopes", "expiry", "user_id", "appointments")) == before


@pytest.mark.known_leak
def test_no_request_writes_what_makes_a_person_more_than_they_are(cast: Cast) -> None:
    # Peers 60: mass assignment of is_staff, owner, permissions, is_active (paperless-ngx GHSA-59xh-5vwx-4c4q, NetBox 22819).
    user = cast.users["unodc"]
    kept = User.objects.filter(pk=user.pk).values().get()
    sent = {
        "is_staff": True, "is_superuser": True, "is_active": False, "email": "root@example.org", "password": "x",
        "groups": [1], "user_permissions": [1], "id": str(cast.users["cted"].pk), "name": "Root", "last_login": "",
        "appointments": [{"organisation": "unoct", "role": "coordinator"}],
    }  # fmt: skip
    ApiClient(token_of(user)).patch("me/", sent)
    session = Client()
    session.force_login(user)
    session.post("/me/", {**sent, "language": "fr", "time_zone": "UTC", "mail_rhythm": "daily"})
    changed = User.objects.filter(pk=user.pk).values().get()
    differing = {name for name in kept if kept[name] != changed[name]}
    assert differing <= {"language", "mail_rhythm", "last_login", "last_visit_at", "previous_visit_at"}


def test_a_person_is_changed_by_a_token_that_may_write_me_alone(cast: Cast) -> None:
    reader = ApiClient(token_of(cast.users["cted"], reads()))
    assert reader.patch("me/", {"language": "fr"}).status_code == 403
    assert ApiClient(token_of(cast.users["cted"], ["me:write"])).patch("me/", {"language": "fr"}).status_code == 200


NAMES = ["token", "access_token", "Token", "apikey", "API-Key", "api_token", "authorization", "key", "Bearer"]


@pytest.mark.parametrize("name", NAMES)
def test_a_token_in_the_address_is_never_read(cast: Cast, name: str) -> None:
    secret = token_of(cast.users["cted"])
    used = ApiToken.objects.filter(last_used_at=None)
    for api_client in (ApiClient(), ApiClient(secret)):
        answer = api_client.get(f"needs/?{name}={secret}")
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["field"]) == (422, name) and "revoke" in error["message"]
        assert secret not in answer.content.decode() and used.exists()


def test_the_description_names_the_scope_of_every_operation(cast: Cast) -> None:
    schema = ApiClient(token_of(cast.users["cted"])).get("schema/").json()
    named = {
        operation.get("x-token-scope") for operations in schema["paths"].values() for operation in operations.values()
    }
    assert named - {None} == set(scopes())
    assert schema["paths"]["/api/v1/needs/{id}/share/"]["post"]["x-token-scope"] == "needs:write"
    assert not any(is_read_only(scope.partition(":")[0]) for scope in named - {None} if scope.endswith(":write"))


def test_a_token_is_not_told_what_its_person_learns_by_a_later_appointment(cast: Cast) -> None:
    person = cast.users["iom"]
    before, need = token_of(person), cast.need("shared", audience=["unodc"])
    appoint(person, cast.org("unodc"), Role.FOCAL_POINT)
    Delivery.objects.all().delete()
    outbox.enqueue(
        event=uuid4(), source="assistance", subject=f"need:{need.pk}", message="need_shared", values={},
        path=f"/needs/{need.pk}/", recipients=[outbox.Recipient(person)],
    )  # fmt: skip
    for token, told in ((before, 0), (token_of(person), 1)):
        assert len(ApiClient(token).get("notifications/").json()["results"]) == told


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asked_for_with_a_token_says_that_it_is_lost(cast: Cast, client: Client, name: str) -> None:
    secret = token_of(cast.users["carana"])
    for who in ("nobody", "carana"):
        if who == "carana":
            client.force_login(cast.users[who], backend=BACKEND)
        answer = client.get(f"/needs/?{name}={secret}")
        assert answer.status_code == 422 and "revoke this one" in answer.content.decode()
        assert secret not in answer.content.decode()
    assert client.get("/needs/?q=token").status_code == 200
