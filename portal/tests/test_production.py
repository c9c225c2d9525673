"""The production path: docs/operations/install.md, command by command, then a walk through what it installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.tests.figures import Figures

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = PROJECT / "docs/operations/install.md"
NAMESPACES = [
    "unshare",
    "--mount",
    "--net",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
]
PROGRAMS = {"postgresql": "pg_createcluster", "redis-server": "redis-server", "nginx": "nginx", "git": "git",
            "openssl": "openssl", "gettext-base": "envsubst"}  # fmt: skip


def install_packages() -> None:
    """Install what the guide names and is missing here; no service is started by that."""
    named = re.search(r"^apt-get install --yes (.*)$", GUIDE.read_text(), re.MULTILINE)
    assert named and set(named[1].split()) == {*PROGRAMS, "python3-venv"}
    missing = [package for package, program in PROGRAMS.items() if not shutil.which(program)]
    if missing:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"not installed here, nor installable: {', '.join(missing)}")


@pytest.mark.prove
@pytest.mark.slow
def test_the_guide_leads_to_a_portal_that_works(figures: Figures) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: it installs into namespaces of its own")
    if not shutil.which("apt-get"):
        pytest.skip("needs Debian's packages")
    if subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs mount, network and process namespaces")
    install_packages()
    environment = {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [*NAMESPACES, sys.executable, "-m", "portal.tests.production_site"]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0 and done.stdout.rstrip().endswith("walked"), done.stdout[-4000:] + done.stderr[-8000:]
    figures.count("steps of the walk through an installation", done.stdout.count("done: "))
