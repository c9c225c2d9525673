"""The API's schema: valid, complete, and matched by the responses."""

from typing import Any

import pytest
from django.core.management import call_command

from assistance import registry
from assistance.tests.cases import cases_of
from assistance.tests.cast import Cast
from portal.tests.api import ROOT, ApiClient, ApiClients

VIEWS = [aggregate.viewset for aggregate in registry.aggregates() if aggregate.viewset is not None]
Schema = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Schema:
    from drf_spectacular.generators import SchemaGenerator

    found: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return found


@pytest.mark.turns(days=2)
def test_the_description_is_valid_and_complete(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_operation_has_a_name_a_tag_and_its_refusals(description: Schema) -> None:
    names = []
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            assert operation["tags"] == [path.removeprefix(f"{ROOT}/").split("/")[0]]
            assert {"400", "401", "403"} <= set(operation["responses"])
            writes = method in ("post", "put", "patch")
            assert ("409" in operation["responses"]) == writes
            assert ("422" in operation["responses"]) == (writes or "parameters" in operation)
            if writes:
                assert {"409", "413", "415"} <= set(operation["responses"])
            if "{" in path:
                assert "404" in operation["responses"]
    assert len(names) == len(set(names))


def test_every_step_of_the_tables_is_an_address_with_a_described_body(description: Schema) -> None:
    for view in VIEWS:
        collection = registry.of(view.model).collection
        steps = {
            path.split("/")[-2]: ways for path, ways in description["paths"].items() if f"/{collection}/{{id}}/" in path
        }
        posted = {name for name, ways in steps.items() if "post" in ways}
        own = set(registry.of(view.model).transitions)
        assert own <= posted
        for name in own:
            assert "$ref" in steps[name]["post"]["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.turns(days=3)
def test_only_people_and_programs_let_in_read_it(cast: Cast, api_clients: ApiClients) -> None:
    assert ApiClient().get("schema/").status_code == 401
    assert api_clients.unodc.get("schema/").json()["openapi"].startswith("3.")
    yaml = api_clients.unodc.get("schema/", HTTP_ACCEPT="application/vnd.oai.openapi")
    assert yaml.content.startswith(b"openapi: 3.")


# ── The responses match it ───────────────────────────────────────────────────
def strict(node: Any) -> Any:
    """Return an OpenAPI 3.0 schema as JSON Schema that forbids undocumented properties."""
    if isinstance(node, list):
        return [strict(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    found = {name: strict(value) for name, value in node.items() if name != "nullable"}
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") else found


def check(description: Schema, path: str, body: Any, method: str = "get", status: str = "200") -> None:
    from jsonschema import Draft202012Validator  # seconds to import, for each process that collects this file

    described = description["paths"][f"{ROOT}/{path}"][method]["responses"][status]["content"]["application/json"][
        "schema"
    ]
    whole = {**strict(described), "components": strict(description["components"])}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)


@pytest.mark.turns(12)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.scope)
def test_answers_are_as_described(cast: Cast, api_clients: ApiClients, description: Schema, view: Any) -> None:
    for case in cases_of(view.model).rows:
        row = case.make(cast)
        for kind in (view.list_serializer_class, view.detail_serializer_class):
            (shown,) = kind.show(cast.carana, kind.load(cast.carana, view.model._default_manager.filter(pk=row.pk)))
            assert set(shown) == set(kind().fields), (kind, case.state)
    path = registry.of(view.model).collection
    for turn, api_client in enumerate((api_clients.cted, api_clients.carana, api_clients.unodc)):
        page = api_client.get(f"{path}/").json()
        check(description, f"{path}/", page)
        found = page["results"]
        for row in found[turn % len(found or [0]) :: 3]:  # each row by one of them
            check(description, f"{path}/{{id}}/", api_client.get(f"{path}/{row['id']}/").json())


def test_other_answers_are_as_described(cast: Cast, api_clients: ApiClients, description: Schema) -> None:
    need = cast.need("shared")
    cast.offer()
    cast.project(is_restricted=True, themes=[cast.theme], planned_start="2026-01-01")
    cast.project(is_restricted=True, themes=[cast.theme], planned_end="2026-01-01")
    for api_client in (api_clients.cted, api_clients.carana, api_clients.unodc):
        for collection in ("notifications", "themes", "pillars", "regions"):
            check(description, f"{collection}/", api_client.get(f"{collection}/").json())
        check(description, "me/", api_client.get("me/").json())
        check(description, "needs/{id}/offers/", api_client.get(f"needs/{need.pk}/offers/").json())
        outlines = api_client.get("member-states/XCA/restricted-projects/").json()
        check(description, "member-states/{iso3}/restricted-projects/", outlines)


def test_refusals_are_as_described(cast: Cast, api_clients: ApiClients, description: Schema) -> None:
    need = cast.need("draft")
    check(description, "needs/", api_clients.cted.post("needs/", {"title": 5}).json(), "post", "422")
    unreadable = api_clients.cted.post("needs/", "{", content_type="application/json", format=None)
    check(description, "needs/", unreadable.json(), "post", "400")
    check(description, "needs/{id}/", api_clients.iom.get(f"needs/{need.pk}/").json(), "get", "404")
    check(description, "needs/{id}/agree/", api_clients.cted.post(f"needs/{need.pk}/agree/").json(), "post", "409")
    stale = api_clients.cted.patch(f"needs/{need.pk}/", {"title": "x", "version": 99})
    check(description, "needs/{id}/", stale.json(), "patch", "409")
