"""What all views of the API share: query parameters are known, and given once where one value is read."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework.request import Request
from rest_framework.views import APIView

from web.exceptions import BadParameters, Text
from web.filter_backend import MOST_VALUES, takes_several

NAMED_AT_MOST = 20  # parameters named in one refusal, so that a request of many costs no more than one of few


class KnownParameters(APIView):
    """The base of every view of the API: refuses query parameters that it would ignore (400).

    A list knows its filters and those of its pages; other views know the parameters in `query_parameters`. A parameter
    is repeated only where the filter takes several values, of which one must apply.
    """

    query_parameters: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the sign-in and the rights, then the parameters. Raises BadParameters naming each.

        A method that the address does not have is answered as such, whatever its parameters.
        """
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if method not in self.http_method_names or not hasattr(self, method):
            return
        known = dict(_known(self))
        problems = {
            name[:100]: [problem]
            for name, values in request.query_params.lists()
            if (problem := _problem(known, name, len(values)))
        }
        if problems:
            raise BadParameters(dict(list(problems.items())[:NAMED_AT_MOST]))


def _known(view: Any) -> Iterator[tuple[str, int]]:
    """Yield the name of each parameter that a view reads, and how often it can be given."""
    yield from ((name, 1) for name in view.query_parameters)
    if getattr(view, "action", "") != "list":
        return
    yield from ((one["name"], 1) for one in view.paginator.get_schema_operation_parameters(view))
    for backend in view.filter_backends:
        rows = None if getattr(view, "filterset_class", None) else view.get_queryset()
        filterset = backend().get_filterset_class(view, rows)
        for name, kind in filterset.base_filters.items() if filterset else ():
            yield name, MOST_VALUES if takes_several(kind) else 1


def _problem(known: dict[str, int], name: str, times: int) -> Text | None:
    if name not in known:
        return _("Unknown parameter. Remove it or correct its name.")
    if times <= known[name]:
        return None
    if known[name] == 1:
        return _("Give this parameter only once.")
    text = ngettext(
        "Give this parameter at most %(most)s time.", "Give this parameter at most %(most)s times.", known[name]
    )
    return text % {"most": known[name]}
