"""Checks of the structure: imports, sizes of files and functions, and what a template must not contain."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistance import registry

ROOT = Path(__file__).resolve().parents[2]
APPS = ("audit", "files", "web", "accounts", "entities", "assistance", "portal")
SKIP = {"migrations", "tests", "static", "vendor"}


def sources(app: str | None = None) -> Iterator[Path]:
    for name in [app] if app else APPS:
        for path in sorted((ROOT / name).rglob("*.py")):
            if not SKIP & set(path.relative_to(ROOT).parts):
                yield path


def imported(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


FILES = list(sources())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_keeps_its_size_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    app = path.relative_to(ROOT).parts[0]
    assert text.count("\n") <= 400, "a file has at most 400 lines"
    if text.strip():
        assert ast.get_docstring(tree), "a module opens with what it holds"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            assert size <= 50, f"{node.name} has {size} lines"
            inner = [name for name, _n in imported(node) if name.split(".")[0] in APPS and app != "portal"]
            assert not inner, f"{node.name} imports {inner} inside"
            if app == "assistance" and node.name not in ("has_perm",):
                assert not [c for c in ast.walk(node) if named(c) in FORBIDDEN], f"{node.name} asks row by row"


FORBIDDEN = {"get_objects_for_user", "assign_perm"}


def named(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", ""))
    return ""


def test_imports_keep_the_contracts() -> None:
    """Import directions between apps, packages and layers are defined and explained in pyproject.toml."""
    kept = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert kept.returncode == 0, kept.stdout


def is_web(path: Path) -> bool:
    """Return whether a file of `assistance` is about pages, forms or the API."""
    stem, parts = path.stem, path.relative_to(ROOT).parts
    ends = ("views", "forms", "fields", "serializers", "bodies", "api", "admin")
    return {"pages", "rest", "templatetags"} & set(parts) != set() or any(
        stem == end or stem.endswith(f"_{end}") for end in ends
    )


def test_views_and_api_never_take_rows_past_policy() -> None:
    """Pages and API get rows of restricted models through policy: they use none of the models' managers."""
    names = "|".join([*(model.__name__ for model in registry.models()), "Event"])
    past_policy = re.compile(rf"\b({names})\.(_default_manager|objects)\b(?!\.none\(\))")
    looked_at = [path for path in sources("assistance") if is_web(path)]
    assert len(looked_at) > 40
    found = [
        f"{path.relative_to(ROOT)}: {hit.group(0)}"
        for path in looked_at
        for hit in past_policy.finditer(path.read_text("utf-8"))
    ]
    assert not found


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_short_and_holds_no_inline_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 150
    if "mail" not in path.relative_to(ROOT / "templates").parts and path.name != "500.html":
        assert not INLINE.search(text)


def test_serializers_and_forms_name_their_fields() -> None:
    for path in FILES:
        assert not re.search(r"fields\s*=\s*['\"]__all__['\"]", path.read_text("utf-8")), path


def test_settings_fit_on_a_few_screens() -> None:
    assert (ROOT / "portal" / "settings.py").read_text("utf-8").count("\n") <= 400
