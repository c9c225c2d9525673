"""The API against its own schema: valid and invalid cases generated from it, sent with a token of the cast."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from drf_spectacular.generators import SchemaGenerator
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from assistance import registry
from assistance.tests.cast import PASSWORD
from assistance.tests.world import World
from portal.wsgi import application

Schema = dict[str, Any]
# What a schema cannot express: relations between fields and rows, the user's own choices, allowed characters, how
# small a decimal number written as text may be, that a text of blanks alone (to Python, other control characters are
# blanks as well) counts as empty.
RULES = {
    "invalid", "blank", "does_not_exist", "empty", "invalid_choice", "min_value",
    "null_characters_not_allowed", "surrogate_characters_not_allowed", "more",
}  # fmt: skip
UNREADABLE = {"parse_error", "malformed", "bad_parameter"}  # the codes for what could not be read at all


class Quiet(WSGIRequestHandler):
    """Logs no requests, and closes connections that stay idle."""

    timeout = 5.0

    def log_message(self, *_said: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    """The portal as a web server runs it; when it closes, no thread keeps a connection to the database."""

    daemon_threads = False

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), TimeoutError):
            super().handle_error(request, client_address)


@contextmanager
def served() -> Iterator[str]:
    """Yield the URL at which the portal answers on this machine."""
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# ── The schema, with existing codes and rows ─────────────────────────────────
def description(world: World) -> Schema:
    """Return the portal's schema, with each code and id limited to those that exist in this world."""
    whole: Schema = deepcopy(SchemaGenerator().get_schema(request=None, public=True))
    states, regions, slugs = ["XCA", "XSU"], ["002"], ["unodc", "iom", "cted", "unoct", "searcct"]
    known = {
        "state": states, "for_states": states, "states": states, "region": regions, "for_regions": regions,
        "regions": regions, "pillar": ["II"], "theme": ["border"], "themes": ["border"], "provider": slugs,
        "lead": slugs, "organisation": slugs, "delegation": slugs, "audience": slugs,
    }  # fmt: skip
    kinds = {one.name: one.collection for one in registry.aggregates() if one.name in world.ids}
    known |= {word: world.ids[name] for name, collection in kinds.items() for word in (name, collection)}
    for name, schema in whole["components"]["schemas"].items():
        for prop, inner in schema.get("properties", {}).items() if name.endswith("Request") else ():
            narrow(inner, known.get(prop))
    for path, operations in whole["paths"].items():
        collection = path.split("/")[3]
        aggregate = registry.in_collection(collection)
        rows = world.ids.get(aggregate.name) if aggregate else None
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                own = rows if parameter["in"] == "path" and parameter["name"] == "id" else known.get(parameter["name"])
                narrow(parameter["schema"], own)
    return whole


def narrow(schema: Schema, values: list[str] | None) -> None:
    """Limit a text, or each entry of a list of texts, to these values."""
    if values and schema.get("type") == "string" and "enum" not in schema:
        schema["enum"] = [*values, None] if schema.get("nullable") else list(values)
        schema.pop("format", None)
    for inner in (*([schema["items"]] if "items" in schema else []), *schema.get("oneOf", ())):
        narrow(inner, values)


# ── Running the cases ────────────────────────────────────────────────────────
@dataclass
class Findings:
    """The number of requests sent, and violations of the contract."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)


@schemathesis.check
def acceptance_of_what_fits(ctx: Any, response: Any, case: Any) -> None:
    """Report a refusal of a case that fits the schema, unless it names a rule between fields or rows."""
    fits = case.meta is not None and case.meta.generation.mode.is_positive
    if fits and response.status_code in (400, 413, 415, 422):
        codes = codes_of(response)
        assert codes <= RULES, f"Refused although it fits the description: {response.content!r}"


@schemathesis.check
def status_of_a_refusal(ctx: Any, response: Any, case: Any) -> None:
    """Report a 400 for a readable body, and a 422 for an unreadable one."""
    if response.status_code in (400, 422):
        read = not codes_of(response) & UNREADABLE
        assert read == (response.status_code == 422), f"{response.status_code} is not its status: {response.content!r}"


def codes_of(response: Any) -> set[str]:
    """Return the codes in a refusal."""
    return {error["code"] for error in response.json()["errors"]}


def attack(
    told: Schema, address: str, token: str, *, examples: int, phase: str = "fuzzing", only: str | None = None
) -> Findings:
    """Send cases with this token, check each response with every check, and return the findings.

    `phase` is fuzzing (`examples` cases of each operation) or coverage (each bound of each field); `only` is a pattern
    of URLs.
    """
    settings = {
        "base-url": address,
        "headers": {"Authorization": f"Token {token}", "Fresh-Proof": PASSWORD},
        "continue-on-failure": True,
        "checks": {"positive_data_acceptance": {"enabled": False}},
        "generation": {
            "max-examples": examples, "mode": "all", "database": "none", "deterministic": True, "no-shrink": True,
        },
        "phases": {name: {"enabled": name == phase} for name in ("examples", "coverage", "fuzzing", "stateful")},
    }  # fmt: skip
    schema = schemathesis.openapi.from_dict(told, config=SchemathesisConfig.from_dict(settings))
    if only:
        schema = schema.include(path_regex=only)
    found = Findings()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            note(event.recorder, found)
        elif isinstance(event, events.NonFatalError):
            found.failures[f"{event.label}: not tested"] = str(event.value)
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found


def note(recorder: Any, found: Findings) -> None:
    """Add the findings of one scenario."""
    found.cases += len(recorder.interactions)
    answers = {key: each.response for key, each in recorder.interactions.items() if each.response is not None}
    found.statuses.update(answer.status_code for answer in answers.values())
    for key, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                said = answers[key].content[:500] if key in answers else b""
                what = f"{recorder.label}: {check.name}: {failure.title}"
                found.failures.setdefault(what, f"{check.failure_info.code_sample}\n{failure.message}\n{said!r}")
