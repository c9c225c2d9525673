"""The image without a container engine: the Dockerfile's steps are run in a folder, then its command as its user.

Both the checkout and the steps have a umask that closes new files to other users.
"""

import json
import os
import re
import shlex
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.db import connection

from devserver.layout import PROJECT
from devserver.testing import LAYOUT
from devserver.tests.test_devserver import free_port
from portal.tests.production import SAFE

pytestmark = [pytest.mark.slow, pytest.mark.turns(days=4)]  # WhiteNoise compresses all static files
UMASK = 0o077
AS_ROOT = os.geteuid() == 0
UID, GID = (10001, 10001) if AS_ROOT else (os.getuid(), os.getgid())
DROP = ["setpriv", f"--reuid={UID}", f"--regid={GID}", "--clear-groups", "--"] if AS_ROOT else []
STARTS_WITHIN = 60.0  # seconds
NOT_REPLAYED = ("FROM", "USER", "VOLUME", "EXPOSE")


@dataclass
class Image:
    """A folder that represents the root of the image, and what the Dockerfile says of its processes."""

    root: Path
    environment: dict[str, str]
    folder: Path
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def inside(self, text: str) -> str:
        """Return a line of the Dockerfile with its paths below the folder, and with UID and GID for its user."""
        text = re.sub(r"(?<![\w.])/(?=(?:srv|var)/)", f"{self.root}/", text)
        return text.replace("-o portal -g 101", f"-o {UID} -g {101 if AS_ROOT else GID}")

    def by_user(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command as the image's user."""
        if command[0] == "python":  # found by its full path, also where its own folder is closed to that user
            command = [sys.executable, *command[1:]]
        command, environment = [*DROP, *command], self.environment
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Yield the instructions of the last stage."""
    lines = [line for line in dockerfile.splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", "")
    last = whole[whole.rindex("\nFROM ") :]
    for line in filter(None, last.splitlines()):
        word, _blank, rest = line.partition(" ")
        yield word, rest


def copy_context(target: Path) -> None:
    """Copy what .dockerignore allows, closed to other users."""
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    everywhere = [pattern.removeprefix("**/") for pattern in patterns if pattern.startswith("**/")]
    at_the_top = [pattern for pattern in patterns if not pattern.startswith("**/")]
    assert not any("/" in pattern or pattern.startswith("!") for pattern in (*everywhere, *at_the_top)), patterns

    def left_out(folder: str, names: list[str]) -> set[str]:
        here = [*everywhere, *(at_the_top if Path(folder) == PROJECT else ())]
        return {name for name in names if any(fnmatch(name, pattern) for pattern in here)}

    shutil.copytree(PROJECT, target, symlinks=True, ignore=left_out, dirs_exist_ok=True)
    subprocess.run(["chmod", "-R", "go-rwx", target], check=True)


def build(root: Path) -> Image:
    """Run the last stage of the Dockerfile below a folder."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    image = Image(root, {"PATH": path, "LANG": "C.UTF-8"}, root)
    for word, rest in instructions((PROJECT / "Dockerfile").read_text()):
        if word == "ENV":
            assignments = (each.split("=", 1) for each in shlex.split(image.inside(rest)))
            image.environment |= {name: value for name, value in assignments if name != "PATH"}
        elif word == "WORKDIR":
            image.folder = Path(image.inside(rest))
            image.folder.mkdir(parents=True)
        elif word == "COPY" and rest == ". .":
            copy_context(image.folder)
        elif word == "RUN" and rest.startswith("useradd "):
            home = Path(image.inside(shlex.split(rest)[shlex.split(rest).index("--home-dir") + 1]))
            home.mkdir(parents=True)
            os.chown(home, UID, GID)
        elif word == "RUN":
            step = ["sh", "-c", image.inside(rest)]
            subprocess.run(step, cwd=image.folder, env=image.environment, umask=UMASK, check=True)
        elif word == "CMD":
            image.command = json.loads(rest)
        elif word == "HEALTHCHECK":
            image.health = json.loads(rest[rest.index("[") :])
        else:
            assert word in NOT_REPLAYED or rest.startswith("--from="), f"not replayed: {word} {rest}"
    return image


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """Yield the image, in a folder that every user can traverse."""
    root = Path(tempfile.mkdtemp(prefix="portal-image-"))
    root.chmod(0o755)
    try:
        yield build(root)
    finally:
        shutil.rmtree(root)


class Tunnel(socketserver.ThreadingTCPServer):
    """A TCP port forwarded to the test database's Unix socket: the socket's folder is closed to the image's user."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, end: Path) -> None:
        super().__init__(("127.0.0.1", 0), Passage)
        self.end = str(end)


class Passage(socketserver.BaseRequestHandler):
    """One connection, forwarded both ways until one side ends."""

    server: Tunnel

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as far:
            far.connect(self.server.end)
            back = threading.Thread(target=self.carry, args=(far, self.request), daemon=True)
            back.start()
            self.carry(self.request, far)
            back.join()

    @staticmethod
    def carry(source: socket.socket, target: socket.socket) -> None:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def database(transactional_db: None) -> Iterator[str]:
    """Yield the URL of the test run's database for its working role, as one that any user can reach."""
    if "DATABASE_URL" not in os.environ["PORTAL_TEST_SERVICES"]:
        yield os.environ["DATABASE_URL"]
        return
    with Tunnel(LAYOUT.sockets / ".s.PGSQL.5432") as tunnel:
        threading.Thread(target=tunnel.serve_forever, daemon=True).start()
        yield f"postgres://portal_app@127.0.0.1:{tunnel.server_address[1]}/{connection.settings_dict['NAME']}"
        tunnel.shutdown()


@pytest.fixture
def port(image: Image, database: str) -> Iterator[int]:
    """Start the image's command as its user; yield the port where it answers."""
    probe = image.by_user(["python", "-c", "import django, gunicorn, psycopg2"])
    if probe.returncode:
        pytest.skip(f"an ordinary user cannot run this Python: {probe.stderr}")
    port = free_port()
    services = {"DATABASE_URL": database, "REDIS_URL": os.environ["REDIS_URL"]}
    image.environment |= SAFE | services | {"BIND": f"127.0.0.1:{port}"}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*DROP, *image.command], cwd=image.folder, env=image.environment, stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + STARTS_WITHIN
            while not answers(port):
                assert process.poll() is None and time.monotonic() < until, log.seek(0) or log.read()
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as link:
        return link.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, path: str) -> tuple[int, str]:
    """Return status and encoding of a response, requested as by the proxy in front."""
    headers = {"Host": "portal.example.org", "X-Forwarded-Proto": "https", "Accept-Encoding": "br"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 (our own server)
        return answer.status, answer.headers.get("Content-Encoding", "")


def test_everybody_reads_the_static_files_and_the_code(image: Image) -> None:
    static = Path(image.environment["PORTAL_VAR"]) / "static"
    assert (static / "staticfiles.json").exists() and list(static.rglob("*.css.br"))
    for top in (static, image.folder):
        for path in (top, *top.rglob("*")):
            wanted = 0o555 if path.is_dir() else 0o444
            assert path.stat().st_mode & wanted == wanted, path


def test_the_user_of_the_image_writes_only_what_people_upload(image: Image) -> None:
    if not AS_ROOT:
        pytest.skip("needs root: here the image's files belong to the only user there is")
    files = Path(image.environment["PORTAL_VAR"]) / "files"
    assert image.by_user(["touch", str(files / "one")]).returncode == 0
    for closed in (image.folder / "portal" / "settings.py", files.with_name("static") / "staticfiles.json"):
        assert image.by_user(["cat", str(closed)]).returncode == 0
        assert image.by_user(["test", "-w", str(closed)]).returncode == 1


def test_the_proxy_reads_what_people_upload_and_nobody_else_does(image: Image) -> None:
    if not AS_ROOT:
        pytest.skip("needs root: only root gives files to the group of nginx")
    files = Path(image.environment["PORTAL_VAR"]) / "files"
    store = (
        "import django; django.setup(); from django.core.files.base import ContentFile; "
        "from django.core.files.storage import default_storage as s; s.save('ab/abcd', ContentFile(b'x'))"
    )
    given = SAFE | {"FILES_ACCEL_PREFIX": "/kept-files/", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    image.environment |= given
    done = image.by_user(["python", "-c", store])
    assert done.returncode == 0, done.stderr
    for path, mode in ((files / "ab" / "abcd", 0o040), (files / "ab", 0o050)):
        found = path.stat()
        assert (found.st_mode & mode, found.st_uid, found.st_gid) == (mode, UID, 101), path
    assert files.stat().st_mode & 0o777 == 0o750, "nobody else enters"


def test_the_web_server_of_the_image_answers(image: Image, port: int) -> None:
    manifest = json.loads((Path(image.environment["PORTAL_VAR"]) / "static" / "staticfiles.json").read_text())
    for name in ("web/portal.css", "web/portal.js", "web/vendor/bootstrap/bootstrap.rtl.min.css"):
        assert get(port, f"/static/{manifest['paths'][name]}") == (200, "br")
    health = [part.replace(":8000/", f":{port}/") for part in image.health]
    checked = image.by_user(health)
    assert checked.returncode == 0, checked.stderr
