"""The hooks that run before a commit, compared with `make check`."""

import os
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
HOOKS = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
}


def test_each_step_of_make_check_has_a_hook() -> None:
    steps = re.search(r"^check: (.+)$", MAKEFILE, re.MULTILINE)
    assert steps
    assert set(steps[1].split()) - {"sbom"} <= set(HOOKS), "sbom writes a list and finds no fault"


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_calls_something_that_exists(name: str) -> None:
    program, *arguments = HOOKS[name]["entry"].split()
    if program == "make":
        assert re.search(rf"^{arguments[0]}:", MAKEFILE, re.MULTILINE)
    elif "/" in program:
        assert os.access(ROOT / program, os.X_OK)
