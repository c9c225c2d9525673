"""Every request one user can send to the portal, and the parts of a response that may differ by chance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import django_filters as df
from django.db import transaction
from django.test import Client
from django.urls import resolve

from assistance import registry
from assistance.tests.world import World
from portal.tests.api import token_of
from portal.tests.hidden_rows import Hidden
from portal.tests.leak_world import BACKEND, SKIPPED, WRITES, addresses, collection_of, content_of
from portal.tests.routes import Route, fill, routes

VOCABULARY = ("border", "II", "002", "XCA", "XSU", "carana", "sumora", "unodc", "iom", "searcct", "absent")
CHANCE = re.compile(
    r"""value="[A-Za-z0-9]{64}"|nonce="[^"]+"|'nonce-[^']+'|csrftoken=\w+"""
    r"""|\bSP-[0-9A-Z]{4}-[0-9A-Z]{4}|\.eJ[\w-]{20,}:[\w:-]+"""  # the number of a spreadsheet, and what it carries signed
)
# Pages with a secret of the reader's own, a new one at each request.
NEW_EACH_TIME = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
OWN_HEADERS = {"X-Request-ID"}

Question = tuple[str, str]


@dataclass(frozen=True)
class Answer:
    """Status, headers and body, without what differs between two equal requests."""

    status: int
    headers: str
    body: bytes
    next_page: str = ""


class Asker:
    """One user with a session, and a token for the API; all changes are rolled back."""

    def __init__(self, world: World, name: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers: dict[str, str] = {}
        if name in world.cast.users:
            self.client.force_login(world.cast.users[name], backend=BACKEND)
            self.headers = {"Authorization": f"Token {token_of(world.cast.users[name])}"}

    def ask(self, method: str, address: str) -> Answer:
        """Return the response to one request, whose changes are rolled back."""
        headers = self.headers if address.startswith("/api/") else {}
        body = {"data": "{}", "content_type": "application/json"} if method == "post" and headers else {}
        with transaction.atomic():
            response = getattr(self.client, method)(address, headers=headers, **body)
            transaction.set_rollback(True)
        content = content_of(response)
        said = "\n".join(f"{name}: {value}" for name, value in response.headers.items() if name not in OWN_HEADERS)
        said += "\n".join(morsel.OutputString() for morsel in response.cookies.values())
        text = CHANCE.sub("", content.decode("utf-8", "replace"))
        return Answer(response.status_code, CHANCE.sub("", said), text.encode(), next_page(address, response, text))

    def all(self, questions: list[Question]) -> dict[Question, Answer]:
        """Return request → response, following each list to its last page."""
        found: dict[Question, Answer] = {}
        waiting = list(questions)
        for question in waiting:
            if question not in found:
                found[question] = self.ask(*question)
                if found[question].next_page:
                    waiting.append(("get", found[question].next_page))
        return found


def next_page(address: str, response: Any, text: str) -> str:
    """Return the URL of the next page in a small page of a list, or an empty string."""
    if response.status_code != 200 or "page_size=" not in address:
        return ""
    links = re.findall(r'"next":\s?"([^"]+)"', text) or re.findall(r'rel="next"[^>]*href="([^"]+)"', text)
    links = links or re.findall(r'href="([^"]*cursor=[^"]+)"[^>]*rel="next"', text)
    split = urlsplit(links[0].replace("&amp;", "&")) if links else urlsplit("")
    return f"{split.path or urlsplit(address).path}?{split.query}" if split.query else ""


def questions(world: World, hidden: Hidden) -> list[Question]:
    """Return all requests: each page of each kind of row, visible, hidden or absent, and lists with every parameter."""
    found: list[Question] = []
    for route in routes():
        if route.name in SKIPPED | NEW_EACH_TIME or route.template.startswith("/admin/"):
            continue
        both = [*addresses(world, route), *hidden_addresses(hidden, route)]
        found += [("get", address) for address in both]
        found += [("head", address) for address in both[::5]]
        if WRITES.search(route.name) or (route.template.startswith("/api/") and "{transition}" in route.template):
            found += [("post", address) for address in both[::2]]
        if "{" not in route.template and attribute(route, "filterset_class") is not None:
            found += [("get", f"{route.template}?{query}") for query in queries(world, hidden, route)]
    return list(dict.fromkeys(found))


def hidden_addresses(hidden: Hidden, route: Route) -> Iterator[str]:
    """Yield a route's URLs for rows that exist in one of the two worlds only."""
    for kind, keys in hidden.ids.items():
        aggregate, collection = registry.named(kind), collection_of(kind)
        if f"/{collection}/{{" in route.template:
            steps = list(aggregate.transitions) if aggregate else []
            more = {"{transition}": steps, "{format}": ["json"], "{number}": ["1", "2"], "{of}": keys[:1]}
            yield from fill(route, {f"{collection}/{{{route.parameters[0]}}}": keys[:3], **more})


def attribute(route: Route, name: str) -> Any:
    """Return an attribute of the class of a route's view or viewset, None without one."""
    view = resolve(route.template).func
    return getattr(getattr(view, "view_class", None) or getattr(view, "cls", None), name, None)


def queries(world: World, hidden: Hidden, route: Route) -> Iterator[str]:
    """Yield every way to filter, sort, search, page and count a list."""
    orders, filters = attribute(route, "orders"), attribute(route, "filterset_class")
    narrowed = [
        urlencode({name: value})
        for name, filter_ in (filters.base_filters.items() if filters else ())
        for value in values_of(filter_, world, hidden)
    ]
    yield from narrowed
    yield from (f"{query}&part=count" for query in ("", *narrowed) if orders is not None)
    yield from (f"{query}&page_size=1" for query in narrowed[::4])
    for order in orders or ():
        yield from (f"sort={order}", f"sort=-{order}", f"sort={order}&page_size=1", f"sort=-{order}&page_size=2")
    yield from ("page_size=1", "page_size=2", "page_size=3", "cursor=absent", "ordering=title_en", "sort=absent")


def values_of(filter_: df.Filter, world: World, hidden: Hidden) -> Iterator[str]:
    """Yield possible values of a filter, including words and keys of hidden rows."""
    if "choices" in filter_.extra:
        choices = filter_.extra["choices"]
        yield from (str(value) for value, _label in (choices.choices if hasattr(choices, "choices") else choices))
    elif isinstance(filter_, df.ModelChoiceFilter):
        yield from VOCABULARY
    elif isinstance(filter_, df.UUIDFilter):
        yield from (key for keys in hidden.ids.values() for key in keys[:2])
        yield from (key for keys in world.ids.values() for key in keys[:2])
    elif isinstance(filter_, df.IsoDateTimeFilter):
        yield from ("2020-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2036-01-01T00:00:00Z")
    elif isinstance(filter_, df.BooleanFilter):
        yield from ("true", "false")
    else:
        yield from ("canary", "Hidden", "border", "Training", "حدود", "x", *hidden.references[:4])
