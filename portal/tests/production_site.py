"""Installs the portal by the commands of docs/operations/install.md and walks through it.

Run as root in namespaces of its own (mount, network, process): the commands write to /etc, /srv and /var and use ports
443 and 5432, and nothing of that is seen outside or outlives this process. `python -m portal.tests.production_site`.
"""

import base64
import hmac
import io
import json
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import requests

from accounts.tests.smtp import Sink

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = PROJECT / "docs/operations/install.md"
BLOCK = re.compile(r"^```sh ?(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SITE = "portal.example.org"
URL, CERTIFICATE = f"https://{SITE}", "/etc/portal/tls/fullchain.pem"
PASSWORD = "correct horse battery staple"
# Not run: packages are there, libraries are those of this environment, people are the cast, and nothing is updated.
LEFT_OUT = ("packages", "libraries", "people", "update")
PEOPLE = """
import json
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from assistance.tests.cast import Cast
cast = Cast()
need = cast.need("agreed")
secrets = {}
for name in ("carana", "unodc"):
    secrets[name] = generate_totp_secret()
    TOTP.activate(cast.users[name], secrets[name])
print("PEOPLE", json.dumps({"need": str(need.pk), "secrets": secrets}))
"""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def code_of(secret: str) -> str:
    """Return the code that an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 10**6:06}"


# ── A machine as after its installation ──────────────────────────────────────
def lay_out() -> None:
    """Mount empty folders over those that the commands write to, with what Debian's packages put there."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    copy = tempfile.mkdtemp(prefix="portal-etc-")
    subprocess.run(["cp", "-a", "/etc/.", copy], check=True)
    for folder in ("/etc", "/srv", "/run", "/var/log", "/var/lib", "/opt"):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder], check=True)
    subprocess.run(["cp", "-a", f"{copy}/.", "/etc"], check=True)
    shutil.rmtree(copy)
    for owner in ("postgres", "redis"):
        places = {"postgres": ("lib/postgresql", "log/postgresql"), "redis": ("lib/redis", "log/redis")}[owner]
        subprocess.run(["install", "-d", "-o", owner, "-g", owner, *(f"/var/{place}" for place in places)], check=True)
    subprocess.run(["install", "-d", "-m", "2775", "-o", "postgres", "-g", "postgres", "/run/postgresql"], check=True)
    subprocess.run(["install", "-d", "-o", "redis", "-g", "redis", "/run/redis"], check=True)
    Path("/var/log/nginx").mkdir()
    Path("/var/lib/nginx").mkdir()
    with Path("/etc/hosts").open("a") as hosts:
        hosts.write(f"\n127.0.0.1 {SITE}\n")
    open_ways(Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    version = max(os.listdir("/usr/lib/postgresql"), key=int)
    shutil.rmtree("/etc/postgresql", ignore_errors=True)
    subprocess.run(["pg_createcluster", version, "main"], check=True, stdout=subprocess.DEVNULL)
    Path("/opt/bin").mkdir()
    stand_in = Path("/opt/bin/systemctl")
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} {PROJECT}/portal/tests/systemctl.py "$@"\n')
    stand_in.chmod(0o755)
    os.environ["PATH"] = f"/opt/bin:{os.environ['PATH']}"


def open_ways(*paths: Path) -> None:
    """Let ordinary users reach these folders, also below a closed one, which is covered by an empty folder then."""
    closed: dict[Path, list[Path]] = {}
    for path in paths:
        way = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001]
        closed.setdefault(way[0], []).append(path) if way else None
    for folder, kept in closed.items():
        aside = [Path(tempfile.mkdtemp(prefix="portal-kept-", dir="/run")) for _path in kept]
        for path, place in zip(kept, aside, strict=True):
            subprocess.run(["mount", "--bind", path, place], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder], check=True)
        for path, place in zip(kept, aside, strict=True):
            path.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "--bind", place, path], check=True)


def script(mail_port: int) -> str:
    """Return the commands of the guide, in order, with the values of this site in its first block."""
    blocks = BLOCK.findall(GUIDE.read_text())
    values = {"SITE": SITE, "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}", "REPOSITORY": f"file://{PROJECT}"}
    kept = [text for name, text in blocks if name not in LEFT_OUT]
    assert {name for name, _text in blocks} == {"", "certificate", *LEFT_OUT}
    for name, value in values.items():
        kept[0], count = re.subn(rf"^{name}=.*$", f"{name}={value}", kept[0], flags=re.MULTILINE)
        assert count == 1, name
    link = "ln -s " + str(Path(sys.prefix).resolve()) + " /srv/portal/venv"
    kept[1] += f"{link}\n"
    kept.append(f"owner shell --verbosity 0 --command '{PEOPLE}'\n")
    return "\n".join(["set -euo pipefail", *kept])


def install(mail_port: int) -> dict[str, Any]:
    """Run the guide; return the need and the secrets of the people."""
    done = subprocess.run(["bash", "-c", script(mail_port)], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        logs = "\n".join(f"== {log}\n{log.read_text()[-3000:]}" for log in Path("/var/log").glob("*.log"))
        raise SystemExit(f"{done.stdout[-3000:]}\n{done.stderr[-6000:]}\n{logs}")
    line = next(line for line in done.stdout.splitlines() if line.startswith("PEOPLE "))
    return dict(json.loads(line.removeprefix("PEOPLE ")))


# ── People ───────────────────────────────────────────────────────────────────
class Person:
    """Somebody with a browser, an authenticator app and a mailbox."""

    def __init__(self, name: str, secret: str) -> None:
        self.name, self.secret = name, secret
        self.browser = requests.Session()
        self.browser.verify, self.browser.trust_env = CERTIFICATE, False
        self.browser.headers["Referer"] = f"{URL}/"

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.browser.get(f"{URL}{path}", timeout=30, **more)

    def form(self, path: str, **values: str) -> requests.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)
        assert token, path
        return self.browser.post(f"{URL}{path}", {**values, "csrfmiddlewaretoken": token[1]}, timeout=30)

    def api(self, path: str, body: dict[str, Any], status: int = 200, **more: Any) -> dict[str, Any]:
        headers = {"X-CSRFToken": self.browser.cookies["__Host-csrf"]}
        answer = self.browser.post(
            f"{URL}/api/v1/{path}", headers=headers, timeout=60, **({"data": body} if more else {"json": body}), **more
        )
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return dict(answer.json())

    def sign_in(self) -> None:
        asked = self.form("/account/login/", login=f"{self.name}@example.org", password=PASSWORD)
        assert "/2fa/" in asked.url, (asked.url, asked.text[:2000])
        assert "/needs/" not in self.get("/needs/").url, "the password alone opens nothing"
        path = asked.url.removeprefix(URL)
        entered = self.form(path, code=code_of(self.secret))
        assert entered.status_code == 200, entered.text[:2000]
        assert self.get("/needs/").url == f"{URL}/needs/"


def mail_to(sink: Sink, name: str, words: str) -> None:
    """Wait for a mail to this person with these words in its subject."""
    until(lambda: any(name in str(m["To"]) and words in str(m["Subject"]) for m in sink.mails), f"mail: {words}",
          lambda: [(str(m["To"]), str(m["Subject"])) for m in sink.mails])  # fmt: skip


def until(happened: Callable[[], object], what: str, seen: Callable[[], object] = str) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, (what, seen())
        time.sleep(0.2)


# ── The walk ─────────────────────────────────────────────────────────────────
def doors() -> None:
    """The site is open by its name and TLS only; what is internal is not reached."""
    plain = requests.get(f"http://{SITE}/needs/", allow_redirects=False, timeout=10)
    assert (plain.status_code, plain.headers["Location"]) == (301, f"{URL}/needs/")
    page = requests.get(f"{URL}/account/login/", verify=CERTIFICATE, timeout=30)
    assert page.status_code == 200 and page.headers["Strict-Transport-Security"], page.text
    assert page.headers["Content-Encoding"] == "gzip" and page.headers["Server"] in ("nginx", "portal")
    style = re.search(r'href="(/static/web/portal\.[^"]+\.css)"', page.text)
    assert style, "the collected files have names with their digest"
    assert requests.get(f"{URL}{style[1]}", verify=CERTIFICATE, timeout=10).status_code == 200
    assert requests.get(f"{URL}/kept-files/ab/abcd", verify=CERTIFICATE, timeout=10).status_code == 404
    with socket.create_connection(("127.0.0.1", 443)) as link:
        try:
            ssl._create_unverified_context().wrap_socket(  # noqa: S323 (no certificate is expected)
                link, server_hostname="elsewhere.example.org"
            )
            raise AssertionError("another name was answered")
        except ssl.SSLError:
            pass


def privileges() -> None:
    """Web, workers and scheduler run as the ordinary user, and as the restricted role."""
    listing = subprocess.run(["ps", "-e", "-o", "user:20=,args="], capture_output=True, text=True, check=True).stdout
    running = [
        line for line in listing.splitlines() if re.search(r"-m (gunicorn|celery) ", line) and "setpriv" not in line
    ]
    assert {line.split()[0] for line in running} == {"portal"}, running
    for part in ("gunicorn", "--queues celery", "--queues mail", "beat"):
        assert any(part in line for line in running), part
    asked = "SELECT string_agg(DISTINCT usename, ',') FROM pg_stat_activity WHERE datname = 'portal'"
    command = ["runuser", "-u", "postgres", "--", "psql", "-Atc", asked]
    roles = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout.strip()
    assert roles == "portal_app", roles


def journey(known: dict[str, Any], sink: Sink) -> None:
    """Release, match, mail, file: from the State to the provider and back."""
    carana, unodc = (Person(name, known["secrets"][name]) for name in ("carana", "unodc"))
    carana.sign_in()
    unodc.sign_in()
    need = f"needs/{known['need']}"
    assert unodc.get(f"/{need}/").status_code == 404
    assert carana.api(f"{need}/share/", {"audience": "compact"})["status"] == "shared"
    mail_to(sink, "unodc", "")
    assert unodc.get(f"/{need}/").status_code == 200
    match = unodc.api("matches/", {"need": known["need"], "share": 60, "message": "In May."}, 201)
    mail_to(sink, "carana", "")
    before = len(sink.mails)
    assert carana.api(f"matches/{match['id']}/accept/", {})["status"] == "accepted"
    until(lambda: len(sink.mails) > before, "mail about the acceptance")
    download(carana, unodc, known["need"])


def download(carana: Person, unodc: Person, need: str) -> None:
    """Attach a file and fetch it as the other side: nginx sends it, with the headers of every answer."""
    note, content = pikepdf.new(), io.BytesIO()
    note.add_blank_page()
    note.save(content)
    upload = ("note.pdf", content.getvalue(), "application/pdf")
    document = carana.api("documents/", {"need": need, "title": "Note"}, 201, files={"file": upload})
    answer = unodc.get(f"/api/v1/documents/{document['id']}/file/")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF"), (answer.status_code, answer.text[:500])
    assert "attachment" in answer.headers["Content-Disposition"] and "X-Accel-Redirect" not in answer.headers
    assert answer.headers["Server"] == "nginx", "it was sent by nginx and not by the portal"
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.headers["Strict-Transport-Security"]
    stored = Path("/var/lib/portal/files").rglob("[!.]*")  # beside them lie the locks of `files.turns`
    (kept,) = (path for path in stored if path.is_file())
    assert kept.stat().st_mode & 0o777 == 0o640
    address = "/kept-files/" + str(kept.relative_to("/var/lib/portal/files"))
    assert unodc.get(address).status_code == 404, "not even who has the right reaches the folder itself"


def slow_clients() -> None:
    """Forty requests that are never finished hold nobody up."""
    context = ssl.create_default_context(cafile=CERTIFICATE)
    held = []
    for _ in range(40):
        link = context.wrap_socket(socket.create_connection(("127.0.0.1", 443)), server_hostname=SITE)
        link.sendall(f"POST /account/login/ HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 100\r\n".encode())
        held.append(link)
    begun = time.monotonic()
    assert requests.get(f"{URL}/account/login/", verify=CERTIFICATE, timeout=10).status_code == 200
    assert time.monotonic() - begun < 5
    for link in held:
        link.close()


def health() -> None:
    lines = Path("/etc/portal/portal.env").read_text().splitlines()
    token = next(line.partition("=")[2] for line in lines if line.startswith("HEALTH_TOKEN="))
    answer = requests.get(
        f"{URL}/health/", headers={"Authorization": f"Bearer {token}"}, verify=CERTIFICATE, timeout=10
    )
    assert (answer.status_code, answer.json()["problems"]) == (200, []), answer.text


def restart_of_the_web_server() -> None:
    """While it is stopped people are told so by nginx; it stops soon."""
    begun = time.monotonic()
    subprocess.run(["systemctl", "stop", "portal-web"], check=True)
    say(f"web server stopped in {time.monotonic() - begun:.1f} s")
    assert time.monotonic() - begun < 15
    away = requests.get(f"{URL}/account/login/", verify=CERTIFICATE, timeout=10)
    assert (away.status_code, away.headers["Retry-After"]) == (503, "30")


def stop() -> None:
    """Stop everything, in the order of the guide; nothing of the portal is left."""
    services = ["portal-scheduler", "portal-mail", "portal-worker", "nginx", "redis-server", "postgresql"]
    subprocess.run(["systemctl", "stop", *services], check=True)
    command = ["ps", "-u", "portal,redis,postgres,www-data", "-o", "stat=,args="]
    left = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    assert not [line for line in left if not line.startswith("Z")], left


def tell_state() -> None:
    """Print what helps to see why a step failed: files, processes and the ends of the logs."""
    for command in ("namei -l /var/lib/portal/files", "ls -lR /var/lib/portal/files", "ps -e -o user:16,args"):
        say(subprocess.run(command.split(), capture_output=True, text=True, check=False).stdout[-3000:])
    for log in (*Path("/var/log").glob("*.log"), *Path("/var/log/nginx").glob("*.log")):
        say(f"== {log}\n{log.read_text()[-1500:]}")


def main() -> None:
    lay_out()
    with Sink() as sink:
        began = time.monotonic()
        known = install(sink.port)
        say(f"installed in {time.monotonic() - began:.0f} s")
        until(lambda: socket.socket().connect_ex(("127.0.0.1", 8000)) == 0, "the web server listens")
        steps: dict[str, Callable[[], None]] = {
            "doors": doors,
            "journey": lambda: journey(known, sink),
            "privileges": privileges,
            "slow clients": slow_clients,
            "health": health,
            "restart": restart_of_the_web_server,
            "stop": stop,
        }
        for name, step in steps.items():
            try:
                step()
            except AssertionError:
                tell_state()
                raise
            say(f"done: {name}")
        say(f"mails: {len(sink.mails)}")
    say("walked")


if __name__ == "__main__":
    main()
