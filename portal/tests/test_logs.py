"""The logs show no key of a one-time link, and no request can add a line to them."""

import http.client
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.sign_in.lockout import unlock_key
from accounts.url_secrets import MASK, masked
from portal.logs import OneLine

KEY = "eyJ1c2VyIjoiNDIifQ:1vN3Xk:7gqZkqXnJ0TqYw1C3m9X0bq3w4r5t6y7u8i9o0pAsDf"
RESET = "3k2j1h-cx9z2q-0123456789abcdef0123456789abcdef"
FORGED = "%0a2026-01-01 00:00:00 ERROR portal [-] forged%0d%0aforged too%1b[2K%e2%80%ae"


# Answers like the portal: with an error for one path.
APPLICATION = """
def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/unlock/fails"):
        raise RuntimeError("no")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Start the real web server with its real configuration; yield its port and its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "web.log"
    (tmp_path / "answering.py").write_text(APPLICATION)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "gunicorn.conf.py",
        "--pythonpath",
        str(tmp_path),
        "answering",
    ]
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=out)
    try:
        _wait(port)
        yield port, log
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _wait(port: int) -> None:
    for _n in range(150):
        try:
            get(port, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server does not answer.")


def get(port: int, path: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.putrequest("GET", path, skip_accept_encoding=True)
    link.endheaders()
    return link.getresponse().status


def test_the_web_server_logs_paths_without_keys_and_on_one_line(web: tuple[int, Path]) -> None:
    port, log = web
    asked = [
        f"/unlock/{KEY}/", f"/unlock/{KEY}", f"//unlock//{KEY}/", f"/UNLOCK/{KEY}/", f"/%75nlock/{KEY}/", f"/unlock%2f{KEY}/",
        f"/account/password/reset/key/{RESET}/", f"/account/password/reset/key/{RESET}", f"/x{KEY}/", f"/x/?token={KEY}",
        f"/unlock/fails{KEY}/", f"/needs/{FORGED.replace(' ', '%20')}/", f"/unlock/{FORGED.replace(' ', '%20')}/{KEY}/",
    ]  # fmt: skip
    for path in asked:
        get(port, path)
    get(port, "/needs/0b0e5b8a-1111-4222-8333-444455556666/")
    time.sleep(0.3)
    text = log.read_text()
    assert KEY not in text and KEY[:30] not in text and RESET not in text and RESET[-32:] not in text
    assert text.count(MASK) >= len(asked) - 2
    lines = [line for line in text.splitlines() if " GET /" in line]
    assert len(lines) == len(asked) + 2, "one line for each request, with that of the wait"
    assert not any(line.startswith(("2026-01-01 00:00:00", "forged")) for line in text.splitlines())
    assert "\x1b" not in text and "\u202e" not in text
    assert "/needs/0b0e5b8a-1111-4222-8333-444455556666/" in text


def test_the_lines_of_django_show_no_key(db: None, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    key = unlock_key(User.objects.create_user("amal@example.org", "correct horse", name="Amal"))
    console = logging.StreamHandler(sys.stdout)
    console.setFormatter(OneLine("{levelname} {message}", style="{"))
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf")]
    for logger in loggers:
        logger.addHandler(console)
    try:
        refused = Client(enforce_csrf_checks=True).post(f"/unlock/{key}/")
        client.get(f"/unlock/x{key}/")
        client.get(f"/nowhere/{FORGED}")
    finally:
        for logger in loggers:
            logger.removeHandler(console)
    text = capsys.readouterr().out
    assert refused.status_code == 403 and "/unlock/" in text
    assert key not in text and key[:20] not in text and MASK in text
    assert not any(line.startswith(("2026", "forged")) for line in text.splitlines())


def test_every_handler_of_the_settings_writes_so() -> None:
    assert {form["()"] for form in settings.LOGGING["formatters"].values()} == {"portal.logs.OneLine"}
    assert all(
        handler["formatter"] in settings.LOGGING["formatters"] for handler in settings.LOGGING["handlers"].values()
    )
    for name in ("django", "django.server"):
        assert "handlers" not in settings.LOGGING["loggers"][name]


def routes(patterns: Any, prefix: str = "") -> Iterator[str]:
    for each in patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield route


def test_every_route_with_a_key_is_masked() -> None:
    """A new kind of one-time link has to be added to `ONE_TIME_LINKS`, or to have a long key."""
    found = [
        route
        for route in routes(get_resolver().url_patterns)
        if re.search(r"key|token|secret", route.partition("<")[2])
    ]
    assert len(found) >= 2
    for route in found:
        path = "/" + re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)|<[^>]*>", "a1B2c3", route).replace(
            "^", ""
        ).replace("$", "")
        assert "a1B2c3" not in masked(path) or "2fa" in path or "confirm-email" in path, route
    assert masked(reverse("unlock", args=["abc"])) == f"/unlock/{MASK}"
