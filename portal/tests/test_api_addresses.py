"""Addresses of the API: their methods, their last slash, and their query parameters."""

from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.response import Response

from assistance.needs.models import Need
from assistance.tests.cast import Cast
from entities.models import Theme
from portal.tests.api import ROOT, ApiClient, ApiClients, fields
from portal.tests.test_api_bad_input import described


def test_options_tell_nothing_but_the_methods(cast: Cast, api_clients: ApiClients) -> None:
    hidden = cast.need("agreed").pk
    for path in ("needs/", f"needs/{hidden}/", f"needs/{uuid4()}/", "me/", "themes/", "schema/", "", "notifications/"):
        answer = api_clients.unodc.call("options", path)
        assert (answer.status_code, answer.json()) == (200, {}), path
    assert ApiClient().call("options", "needs/").status_code == 401


def test_every_method_an_address_announces_is_answered(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared").pk
    for path in (
        "needs/",
        f"needs/{need}/",
        f"needs/{need}/offers/",
        f"needs/{need}/agree/",
        "me/",
        "themes/border/",
        "",
    ):
        announced = api_clients.unodc.call("options", path)["Allow"].split(", ")
        for method in announced:
            assert ask(api_clients, method, path) != 405, (path, method)
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - set(announced):
            assert ask(api_clients, method, path) == 405, (path, method)


def ask(api_clients: ApiClients, method: str, path: str) -> int:
    """Return the status of the answer to a method."""
    return int(
        api_clients.unodc.client.generic(method, f"{ROOT}/{path}", "{}", content_type="application/json").status_code
    )


@pytest.mark.turns(days=3)
def test_me_names_every_collection_one_may_add_to(cast: Cast, api_clients: ApiClients) -> None:
    """Attaching a document depends on its row, returning a spreadsheet on its table: each of these says it, not the person."""
    for name in ("cted", "carana", "unodc", "unoct", "partner", "observer"):
        may = set(getattr(api_clients, name).get("me/").json()["may"])
        for path in {path for path, ways in described()["paths"].items() if "post" in ways and path.count("/") == 4}:
            collection = path.split("/")[3]
            if collection not in ("documents", "spreadsheets"):
                refused = getattr(api_clients, name).post(path, {}).status_code == 403
                assert refused == (collection not in may), (name, collection)


# ── The address ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_without_its_last_slash_no_address_redirects(cast: Cast, api_clients: ApiClients, method: str) -> None:
    draft, seen = cast.need("draft"), set()
    for path in ("needs", f"needs/{draft.pk}", f"needs/{uuid4()}", f"needs/{draft.pk}/put-to-state", "nothing", "me"):
        answer = api_clients.cted.call(method, path, {"title": "Other"})
        assert answer.status_code == 404
        seen.add(answer.content)
    assert len(seen) == 1 and b"slash" in seen.pop()
    assert Need.objects.get().title == draft.title


def test_a_page_is_redirected_only_to_be_read(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["cted"])
    assert client.get("/needs")["Location"] == "/needs/"
    assert client.post("/needs/new").status_code == 404


# ── Query parameters ─────────────────────────────────────────────────────────
def refused(answer: Response) -> dict[str, str]:
    """Return what a refusal of query parameters says of each."""
    assert answer.status_code == 400, (answer.status_code, answer.content[:500])
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def read_paths() -> list[str]:
    """Return the paths of all operations of the description that read."""
    return [path for path, ways in described()["paths"].items() if "get" in ways]


@pytest.mark.turns(days=3)
def test_an_unknown_parameter_is_refused_everywhere(cast: Cast, api_clients: ApiClients) -> None:
    assert len(read_paths()) > 40
    for path in [*read_paths(), f"{ROOT}/"]:
        answer = api_clients.carana.get(f"{path.format(id=uuid4(), **CODES)}?no_such=1&State=XCA")
        assert set(refused(answer)) == {"no_such", "State"}, path
    for path, ways in described()["paths"].items():
        for method in {"post", "put", "patch"} & set(ways):
            answer = api_clients.cted.call(method, f"{path.format(id=uuid4(), **CODES)}?version=1", {})
            assert set(refused(answer)) == {"version"}, path


CODES = {"code": "x", "slug": "x", "iso3": "XCA", "number": "1", "sheet": "reply", "of": "x"}


@pytest.mark.parametrize("address", ["needs/?theme=border", "directory/?q=x", "access-log/?kind=read", "me/?x=1"])
@pytest.mark.parametrize("method", ["trace", "put", "delete"])
def test_a_method_that_an_address_does_not_have_is_told_before_its_parameters(
    cast: Cast, api_clients: ApiClients, method: str, address: str
) -> None:
    answer = api_clients.unoct.client.generic(method.upper(), f"{ROOT}/{address}")
    assert answer.status_code == 405, answer.content


def test_a_parameter_that_takes_one_value_is_given_once(cast: Cast, api_clients: ApiClients) -> None:
    for query in ("page_size=2&page_size=3", "q=a&q=b", "modified_since=2026-01-01&modified_since=2026-01-01"):
        assert set(refused(api_clients.cted.get(f"needs/?{query}"))) == {query.split("=")[0]}
    assert set(refused(api_clients.cted.get("notifications/?unread=true&unread=true"))) == {"unread"}
    assert set(refused(api_clients.cted.get("needs/?" + "status=draft&" * 21))) == {"status"}
    assert len(refused(api_clients.cted.get("needs/?" + "&".join(f"a{n}=" for n in range(60))))) == 20


def test_a_filter_by_code_takes_several_values(cast: Cast, api_clients: ApiClients) -> None:
    draft, put, agreed = (cast.need(stage) for stage in ("draft", "put", "agreed"))
    other = cast.need("draft", state=cast.org("sumora"))
    ask = api_clients.cted.ids
    assert set(ask("needs", status=["draft", "put_to_state"])) == {str(row.pk) for row in (draft, put, other)}
    assert set(ask("needs", status=["draft", "agreed"], state="XCA")) == {str(draft.pk), str(agreed.pk)}
    assert set(ask("needs", state=["XCA", "XSU"], status=["draft", "draft"])) == {str(draft.pk), str(other.pk)}
    assert fields(api_clients.cted.get("needs/", {"status": ["draft", "nothing"]})) == {"status"}
    offer = cast.offer()
    offer.themes.add(Theme.objects.create(code="other", name="Other"))
    assert api_clients.unodc.ids("offers", theme=["border", "border"]) == [str(offer.pk)]
    assert api_clients.unodc.ids("offers", theme=["border", "other"]) == [str(offer.pk)]
    hidden = [str(uuid4()), str(draft.pk)]
    assert api_clients.unodc.ids("matches", need=hidden) == []


def test_a_page_ignores_what_it_does_not_know(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["cted"])
    assert client.get("/needs/?utm_source=letter&status=draft&status=agreed").status_code == 200
