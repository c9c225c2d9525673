"""The parser of API request bodies: JSON of limited size and depth, always in UTF-8."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSON(JSONParser):
    """JSON no larger than a form may be; DRF's own parser reads a body of any size into memory."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the parsed body. Raises RequestDataTooBig (413) or ParseError (400)."""
        context = dict(parser_context or {})
        length = context["request"].META.get("CONTENT_LENGTH") or "0"
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length.isdecimal() and int(length) > (most or 0):
            raise RequestDataTooBig
        try:
            return super().parse(stream, media_type, {**context, "encoding": "utf-8"})
        except RecursionError as error:
            raise ParseError(_("The data are nested too deeply.")) from error
