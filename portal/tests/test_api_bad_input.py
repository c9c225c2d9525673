"""Bad input to the API: every answer names the field in the error format, and none is an internal error."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from drf_spectacular.generators import SchemaGenerator

from assistance import registry
from assistance.access import policy
from assistance.needs.models import Need
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import Cast
from portal import wsgi
from portal.tests.api import ROOT, ApiClient, ApiClients, fields
from portal.tests.test_api_journey import NEED

LISTED = [cases for cases in all_cases() if registry.of(cases.model).viewset is not None]
WRITTEN = [cases for cases in LISTED if cases.body is not None]
EDITED = [cases for cases in WRITTEN if registry.of(cases.model).edit is not None]
STEPS = [(cases, step) for cases in LISTED for step in cases.runs]
WRONG: tuple[Any, ...] = (
    None, "", [], {"a": [{}]}, True, -1.5, 10**30, "a\0b", "\ud800", "x" * 60_000, "٣", "2026-02-30", [{}, None, "\ud800"],
)  # fmt: skip


def every(place: int) -> Sequence[Any]:
    return WRONG


def some(place: int, count: int = 4) -> list[Any]:
    """Return a few of the values, different ones for each field; together the fields of a row cover all of them."""
    return [WRONG[(count * place + i) % len(WRONG)] for i in range(count)]


def body_of(cases: Cases, cast: Cast) -> dict[str, Any]:
    assert cases.body is not None
    return cases.body(cast)


def names_to_write(cases: Cases) -> list[str]:
    """Return the fields of a body that creates or changes a row."""
    return list(registry.of(cases.model).viewset.write_serializer_class().get_fields())


@cache
def described() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def names_to_run(cases: Cases, step: str) -> list[str]:
    """Return the fields of a body that runs a transition."""
    asked = described()["paths"][f"{ROOT}/{cases.collection}/{{id}}/{step}/"]["post"]["requestBody"]["content"]
    name = asked["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    return list(described()["components"]["schemas"][name]["properties"])


def test_what_can_be_written_and_run_is_in_the_cases() -> None:
    assert {cases.model for cases in LISTED if cases.recorders} == {cases.model for cases in WRITTEN}
    assert {cases.model: set(cases.runs) for cases in LISTED} == {
        cases.model: set(registry.of(cases.model).transitions) for cases in LISTED
    }


@pytest.mark.turns(12)
@pytest.mark.parametrize("values", [some, pytest.param(every, marks=pytest.mark.prove)])
@pytest.mark.parametrize("cases", WRITTEN, ids=name_of)
def test_every_field_of_a_new_row_stands_every_value(
    cast: Cast, api_clients: ApiClients, cases: Cases, values: Callable[[int], Sequence[Any]]
) -> None:
    api_client, good = getattr(api_clients, cases.recorders[0]), body_of(cases, cast)
    for place, name in enumerate(names_to_write(cases)):
        for value in values(place):
            answer = api_client.post(f"{cases.collection}/", {**good, name: value})
            assert answer.status_code in (201, 409, 422), (name, value, answer.status_code)
            if answer.status_code == 422:
                named = {field.split(".")[0] for field in fields(answer)}
                related = {*cases.related.get(name, ()), *cases.related.get("", ())}
                assert named <= {name, *related}, (name, value, answer.content)


@pytest.mark.turns(12)
@pytest.mark.parametrize("cases", EDITED, ids=name_of)
def test_every_field_of_a_change_stands_every_value(cast: Cast, api_clients: ApiClients, cases: Cases) -> None:
    """Each field is sent to a row in another state, in turn."""
    who = cases.editors[0]
    rows = [row for row in (case.make(cast) for case in cases.seen_by(who)) if policy.may_edit(getattr(cast, who), row)]
    for place, name in enumerate(names_to_write(cases)):
        path = f"{cases.collection}/{rows[place % len(rows)].pk}/"
        for value in some(place):
            answer = getattr(api_clients, who).patch(path, {name: value})
            assert answer.status_code in (200, 409, 422), (name, value, answer.status_code)


@pytest.mark.turns(12)
@pytest.mark.parametrize(("cases", "step"), STEPS, ids=lambda v: v if isinstance(v, str) else v.name)
def test_every_field_of_a_step_stands_every_value(cast: Cast, api_clients: ApiClients, cases: Cases, step: str) -> None:
    who, state = cases.runs[step]
    row = cases.in_state(state).make(cast)
    api_client, path = getattr(api_clients, who), f"{cases.collection}/{row.pk}/{step}/"
    for place, name in enumerate(names_to_run(cases, step)):
        for value in some(place):
            answer = api_client.post(path, {name: value})
            assert answer.status_code in (200, 409, 422), (name, value, answer.status_code)
    for sent in WRONG:
        if not isinstance(sent, dict):
            answer = api_client.post(path, json.dumps(sent), content_type="application/json", format=None)
            assert answer.status_code in (200, 422)


# ── What the field errors say ────────────────────────────────────────────────
@pytest.mark.turns(4)
@pytest.mark.parametrize(
    ("cases", "change", "named"),
    [(cases, *refusal) for cases in WRITTEN for refusal in cases.refused],
    ids=lambda v: v.name if isinstance(v, Cases) else "-".join(sorted(v)),
)
def test_the_message_is_at_the_field(
    cast: Cast, api_clients: ApiClients, cases: Cases, change: dict[str, Any], named: set[str]
) -> None:
    sent = {**body_of(cases, cast), **change}
    assert fields(getattr(api_clients, cases.recorders[0]).post(f"{cases.collection}/", sent)) == named


def test_a_share_beyond_what_is_open_is_refused_at_its_field(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    cast.match("accepted", need=need, share=70)
    assert fields(api_clients.iom.post("matches/", {"need": str(need.pk), "share": 31})) == {"share"}
    assert api_clients.iom.post("matches/", {"need": str(need.pk), "share": "٣٠"}).status_code == 201


def test_messages_are_in_the_language_of_the_request(api_clients: ApiClients) -> None:
    spoken = {
        language: api_clients.cted.get("needs/", {"state": "zzz"}, HTTP_ACCEPT_LANGUAGE=language).json()["errors"][0][
            "message"
        ]
        for language in ("en", "fr", "zh")
    }
    assert len(set(spoken.values())) == 3


def test_a_number_beyond_all_bounds_is_refused_at_its_field(cast: Cast, api_clients: ApiClients) -> None:
    body = f'{{"need": "{cast.need("shared").pk}", "share": 1e999999}}'
    assert fields(api_clients.unodc.post("matches/", body, content_type="application/json", format=None)) == {"share"}


# ── Invalid bodies ───────────────────────────────────────────────────────────
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "body",
    ["{", "nul", "{'a': 1}", '{"a": NaN}', "\x00", "\ufeff{}", DEEP, '{"a":' * 5000, b"\xff\xfe\x00",
     '{"share": ' + "9" * 5000 + "}"],
    ids=lambda body: str(body)[:12],
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(api_clients: ApiClients, body: str | bytes) -> None:
    answer = api_clients.cted.post("needs/", body, content_type="application/json", format=None)
    assert answer.status_code == 400
    odd = api_clients.cted.post("needs/", body, content_type="application/json; charset=utf-16", format=None)
    assert odd.status_code == 400


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("application/json; charset=zlib", "application/json"),
        ("multipart/form-data; Charset=hex; boundary=x", "multipart/form-data; boundary=x"),
        ("application/json", "application/json"),
        ("", ""),
    ],
)
def test_a_codec_a_client_names_never_reaches_django(monkeypatch: pytest.MonkeyPatch, sent: str, read: str) -> None:
    seen: list[str] = []
    monkeypatch.setattr(wsgi, "django", lambda environ, start: seen.append(environ["CONTENT_TYPE"]) or [])
    wsgi.application({"CONTENT_TYPE": sent}, lambda *_more: None)
    assert seen == [read]


@pytest.mark.parametrize("body", ["[]", '"text"', "5", "null", "true", "[{}]"])
def test_a_body_that_is_no_object_is_refused_as_a_whole(api_clients: ApiClients, body: str) -> None:
    answer = api_clients.cted.post("needs/", body, content_type="application/json", format=None)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "kind", ["text/xml", "application/x-www-form-urlencoded", "text/plain", "x", "application/json+x"]
)
def test_an_unknown_kind_of_body_is_refused(api_clients: ApiClients, kind: str) -> None:
    answer = api_clients.cted.post("needs/", "a=1", content_type=kind, format=None)
    assert answer.status_code == 415


def test_a_form_without_its_boundary_is_refused(api_clients: ApiClients) -> None:
    answer = api_clients.carana.post("consents/", b"x", content_type="multipart/form-data", format=None)
    assert answer.status_code == 400


def test_a_form_is_read_only_where_a_file_can_be_sent(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("agreed")
    for path in ("needs/", f"needs/{need.pk}/agree/", f"needs/{need.pk}/withdraw/"):
        assert api_clients.cted.post(path, {"title": "x"}, format="multipart").status_code in (403, 415), path
    assert api_clients.cted.post("needs/", {"title": "x"}, format="multipart").status_code == 415


def test_a_body_too_large_is_refused_before_it_is_read(api_clients: ApiClients, settings: Any) -> None:
    body = json.dumps({**NEED, "description": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert api_clients.cted.post("needs/", body, content_type="application/json", format=None).status_code == 413
    assert not Need.objects.exists()


def test_a_form_too_large_is_refused_in_json(cast: Cast, api_clients: ApiClients, settings: Any) -> None:
    need = cast.need("agreed")
    body = {"audience": "compact", "reason": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    answer = api_clients.carana.post(f"needs/{need.pk}/share/", body, format="multipart")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "too_large")


def test_more_fields_than_a_form_may_have_are_refused(api_clients: ApiClients) -> None:
    query = "&".join(f"a{n}=1" for n in range(1001))
    assert api_clients.cted.get(f"needs/?{query}").status_code == 413


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.pdf", b""), ("page.pdf", b"<html>"), ("note.exe", b"MZ"), ("large.pdf", b"%PDF-" + b"0" * 11_000_000)],
)
def test_a_file_that_is_not_taken_is_refused_at_its_field(
    cast: Cast, api_clients: ApiClients, name: str, content: bytes
) -> None:
    need = cast.need("agreed")
    body = {"audience": "compact", "note_verbale": SimpleUploadedFile(name, content)}
    assert fields(api_clients.carana.post(f"needs/{need.pk}/share/", body, format="multipart")) == {"note_verbale"}
    need.refresh_from_db()
    assert need.status == "agreed"


def test_a_form_names_several_by_repeating(cast: Cast, api_clients: ApiClients) -> None:
    need, other = cast.need("agreed"), cast.need("agreed")
    body = {"audience": ["iom", "unodc"], "needs": [str(need.pk), str(other.pk)], "until": "2099-12-31"}
    answer = api_clients.carana.post("consents/", body, format="multipart")
    assert answer.status_code == 201 and answer.json()["audience"] == ["iom", "unodc"]
    assert api_clients.unodc.ids("needs") and len(api_clients.iom.ids("needs")) == 2


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_method_a_collection_does_not_know_is_refused(api_clients: ApiClients, method: str) -> None:
    for cases in LISTED:
        assert api_clients.cted.call(method, f"{cases.collection}/", {}).status_code == 405


@pytest.mark.known_leak(24)  # the browsable API listed hidden rows in its selects: DRF 1906, 1985, 3905
@pytest.mark.parametrize("kind", ["text/html", "application/xml", "x"])
def test_every_answer_is_json(api_clients: ApiClients, kind: str) -> None:
    for path in ("needs/", "me/", "schema/x/", "needs/x/"):
        assert api_clients.unodc.get(path, HTTP_ACCEPT=kind)["Content-Type"] == "application/json"


def test_nobody_gets_further_than_the_sign_in(cast: Cast) -> None:
    for body in ("{", "[]", DEEP):
        assert ApiClient().post("needs/", body, content_type="application/json", format=None).status_code == 401
