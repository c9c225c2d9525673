"""The log: each line contains the id of its request; bodies, titles and keys of one-time links are never logged."""

import logging
import re
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

from gunicorn.glogging import Logger

from accounts.url_secrets import masked

request_id: ContextVar[str] = ContextVar("request_id", default="-")
# What could begin a new line, move the cursor of a terminal or show letters in another order.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class RequestIdFilter(logging.Filter):
    """Adds the id of the current request to each line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class OneLine(logging.Formatter):
    """Writes a message on one line, with control characters escaped, so that no request can forge a line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name is that of logging)
        """Return the line without its traceback."""
        record.message = CONTROLS.sub(_escaped, record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line and its traceback, without secrets of URLs."""
        return masked(super().format(record))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


class WebLogger(Logger):
    """The logs of gunicorn, written like all others."""

    def setup(self, cfg: Any) -> None:
        """Configure both logs."""
        super().setup(cfg)
        for log, form in ((self.error_log, self.error_fmt), (self.access_log, self.access_fmt)):
            for handler in log.handlers:
                handler.setFormatter(OneLine(form, self.datefmt))

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> dict[str, Any]:
        """Return the parts of a line of the access log, with the path in percent-encoding, as it was sent."""
        path = environ.get("PATH_INFO", "").encode("latin-1", errors="replace")
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {**found, "U": quote(path, safe="/:@!$&'()*+,;=~")}
