"""Every route of the project with values for its parameters; a route without values makes the suite fail."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern


@dataclass(frozen=True)
class Route:
    """A URL pattern from the root: its text with ``{name}`` for each parameter, and its name with namespaces."""

    template: str
    name: str

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)


def routes(resolver: URLResolver | None = None, prefix: str = "/", names: tuple[str, ...] = ()) -> Iterator[Route]:
    """Yield every route, including those of the administration."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = prefix + as_template(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(here, ":".join((*names, pattern.name or "")))
        else:
            yield from routes(pattern, here, (*names, pattern.namespace) if pattern.namespace else names)


def as_template(pattern: object) -> str:
    """Return ``needs/{pk}/`` for ``needs/<uuid:pk>/`` and for ``^needs/(?P<pk>[^/.]+)/$``."""
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern))
    assert isinstance(pattern, RegexPattern)
    text = str(pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", text)
    return text.replace("/?", "/").replace("\\", "")


class NoRow(AssertionError):
    """No values are known for a route's parameters."""


def fill(route: Route, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the URLs of a route; `values` is keyed by "<segment before>/{parameter}" or by "{parameter}".

    Raises NoRow for an unknown parameter.
    """
    addresses = [""]
    rest, segment = route.template, ""
    while match := re.search(r"{(\w+)}", rest):
        before, rest = rest[: match.start()], rest[match.end() :]
        segment = before.rstrip("/").rsplit("/", 1)[-1] or segment
        key = next((k for k in (f"{segment}/{{{match[1]}}}", f"{{{match[1]}}}") if k in values), None)
        if key is None:
            raise NoRow(f"{route.template} ({route.name}): no values for {{{match[1]}}} after “{segment}”")
        addresses = [address + before + value for address in addresses for value in values[key]]
    yield from (address + rest for address in addresses)
