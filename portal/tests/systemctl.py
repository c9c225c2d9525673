"""A stand-in for systemctl where no systemd runs: starts and stops services as their units, or Debian's packages, say.

`python systemctl.py start|stop|restart|enable --now|daemon-reload [SERVICE...]`; it keeps pids and logs below /run and
/var/log, as for the installation of test_production.py in namespaces of its own.
"""

import configparser
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

REDIS = ["setpriv", "--reuid=redis", "--regid=redis", "--clear-groups", "--", "redis-server", "/etc/redis/redis.conf"]


def postgres(verb: str) -> None:
    version = max(os.listdir("/etc/postgresql"), key=int)
    subprocess.run(["pg_ctlcluster", version, "main", verb, *(["-m", "fast"] if verb == "stop" else [])], check=True)


def pid_of(name: str) -> int:
    """Return the process id of a service, 0 if it does not run."""
    try:
        pid = int(Path(f"/run/{name}.pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return 0
    return pid


def launch(name: str, command: list[str], folder: str = "/", environment: dict[str, str] | None = None) -> None:
    with Path(f"/var/log/{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    Path(f"/run/{name}.pid").write_text(str(process.pid))


def unit(name: str) -> None:
    """Start the service of a unit: its user, folder, environment and command, and nothing else of this process."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(f"/etc/systemd/system/{name}.service")
    service = parser["Service"]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    environment |= dict(pair.split("=", 1) for pair in service["Environment"].split())
    lines = Path(service["EnvironmentFile"]).read_text().splitlines()
    environment |= dict(line.split("=", 1) for line in lines if "=" in line)
    if "StateDirectory" in service:
        owner = ["-o", service["User"], "-g", service["Group"]]
        subprocess.run(["install", "-d", *owner, f"/var/lib/{service['StateDirectory']}"], check=True)
    command = shlex.split(service["ExecStart"].replace("%%", "%"))
    drop = ["setpriv", f"--reuid={service['User']}", f"--regid={service['Group']}", "--init-groups", "--"]
    mask = ["sh", "-c", f'umask {service["UMask"]}; exec "$@"', "-"]
    launch(name, [*drop, *mask, *command], service["WorkingDirectory"], environment)


def stop(name: str) -> None:
    pid, begun = pid_of(name), time.monotonic()
    if pid:
        os.kill(pid, signal.SIGTERM)
    while pid_of(name) and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.05)
        if time.monotonic() - begun > 40:
            os.killpg(pid, signal.SIGKILL)
            sys.exit(f"{name} did not stop within 40 seconds")
    sys.stdout.write(f"{name} stopped in {time.monotonic() - begun:.1f} s\n")


def start(name: str) -> None:
    if name == "postgresql":
        postgres("start")
    elif name == "redis-server":
        launch(name, [*REDIS, "--daemonize", "no", "--supervised", "no"])
    elif name == "nginx":
        launch(name, ["nginx", "-g", "daemon off;"])
    else:
        unit(name)


def main(verb: str, *names: str) -> None:
    """Run a verb for each service."""
    for name in (name for name in names if name != "--now"):
        if verb in ("stop", "restart"):
            postgres("stop") if name == "postgresql" else stop(name)
        if verb in ("start", "restart", "enable"):
            start(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
