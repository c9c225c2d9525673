"""The shape of the house, proven: who may know whom, how large a room may be, what a template may not hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDER = {"audit": 0, "files": 1, "accounts": 2, "entities": 3, "assistance": 4, "portal": 5}
SKIP = {"migrations", "tests", "static", "vendor"}

# Inside assistance a file knows only what stands lower here; a package counts as one floor.
FLOORS = (
    {"states", "release_states", "verbs", "currencies", "messages"},
    {"models"},
    {"wall", "texts", "readings", "matching", "translation"},
    {"grounds"},
    {"grants"},
    {"policy"},
    {"notifications"},
    {"transitions"},
    {
        "accesses",
        "audiences",
        "consent_state",
        "answers",
        "queries",
        "actions",
        "filters",
        "dashboard",
        "releases",
        "previews",
        "who",
        "maps",
        "templatetags",
    },
    {"forms", "serializers", "iati", "demo", "desk"},
    {"views", "api", "admin", "tasks", "management"},
    {"urls", "apps"},
)


def sources(app: str | None = None) -> Iterator[Path]:
    for name in [app] if app else ORDER:
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
def test_a_file_keeps_the_rules_of_the_house(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    app = path.relative_to(ROOT).parts[0]
    assert text.count("\n") <= 400, "a file has at most 400 lines"
    if text.strip():
        assert ast.get_docstring(tree), "a module opens with what the room is for"
    for name, _node in imported(tree):
        target = name.split(".")[0]
        assert target == app or ORDER.get(target, -1) < ORDER[app], f"{app} may not know {target}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            assert size <= 50, f"{node.name} has {size} lines"
            inner = [name for name, _n in imported(node) if name.split(".")[0] in ORDER and app != "portal"]
            assert not inner, f"{node.name} imports {inner} inside"
            if app == "assistance" and node.name not in ("has_perm",):
                assert not [c for c in ast.walk(node) if named(c) in FORBIDDEN], f"{node.name} asks row by row"


FORBIDDEN = {"get_objects_for_user", "assign_perm"}


def named(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", ""))
    return ""


def floor(module: str) -> int | None:
    part = module.split(".")[1] if "." in module else ""
    return next((i for i, names in enumerate(FLOORS) if part in names), None)


@pytest.mark.parametrize("path", list(sources("assistance")), ids=lambda path: str(path.relative_to(ROOT)))
def test_inside_the_work_knowledge_only_points_down(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    own = floor(module)
    if path.name == "__init__.py" and path.parent.name == "assistance":
        return
    assert own is not None, f"{module} has no floor in FLOORS"
    for name, _node in imported(ast.parse(path.read_text(encoding="utf-8"))):
        if name.startswith("assistance."):
            other = floor(name)
            assert other is None or other <= own, f"{module} imports {name}, which stands above it"


def test_views_and_api_never_take_rows_past_policy() -> None:
    """Rows of a restricted model are reached through policy: pages and API name no manager of one."""
    past_policy = (
        r"\b(Visit|Section|Need|Consent|Offer|Match|Project|Document|Event)\.(_default_manager|objects)\b(?!\.none\(\))"
    )
    found = []
    for folder in ("views", "api", "forms", "serializers", "templatetags"):
        for path in (ROOT / "assistance" / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            found += [f"{path.relative_to(ROOT)}: {hit.group(0)}" for hit in re.finditer(past_policy, text)]
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
