"""The developer documentation and the API's schema name what exists, and are complete where they promise to be."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from accounts.tokens import scopes
from assistance.aggregates import AGGREGATES
from assistance.registry import Aggregate
from tools.import_contracts import STOREYS, storey_of
from tools.mutation.mutants import mutants

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = "docs/development/architecture.md"
ADDING = "docs/development/adding-an-aggregate.md"
API = "docs/api.md"
PLAN = "plan.md"  # names what is to come
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md") if path.name != PLAN),
)
EXAMPLE = "pledge"  # the aggregate that is invented in ADDING
APPS = ("assistance", "accounts", "entities", "web", "files", "audit", "portal", "devserver", "tools", "bench")
OF_POSTGRESQL = {"portal.groups", "portal.now"}  # settings of a connection, not modules


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def code_words(document: str) -> set[str]:
    """Return what a document formats as code and may be a path: no spaces, no placeholders, no URL of the portal."""
    return {name for name in re.findall(r"`([\w.-][\w./-]*)`", text_of(document)) if EXAMPLE not in name}


def code_in(document: str) -> list[str]:
    """Return the Python code blocks in a document."""
    return re.findall(r"^```python\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL)


def checklist() -> Iterator[tuple[str, bool]]:
    """Yield each file of the checklist, and whether it is optional."""
    for name, optional in re.findall(r"^### `([\w./]+)`( \(optional\))?$", text_of(ADDING), re.MULTILINE):
        yield name, bool(optional)


# ── Paths ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_below_a_folder_of_the_project_exists(document: str) -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    paths = {name for name in code_words(document) if "/" in name and name.split("/")[0] in folders}
    assert not {path for path in paths if not (ROOT / path).exists()}


@pytest.mark.parametrize("document", [ARCHITECTURE, ADDING])
def test_every_path_in_the_documents_for_developers_exists(document: str) -> None:
    bases = [ROOT, ROOT / "assistance", *(ROOT / "assistance" / package for package in AGGREGATES)]
    files = {path.name for app in APPS for path in (ROOT / app).rglob("*.py")}
    paths = {name for name in code_words(document) if "/" in name} - {
        name for name, optional in checklist() if optional
    }
    assert len(paths) > 10, "the pattern for paths finds nothing any more"
    assert not {path for path in paths if not any((base / path).exists() for base in bases)}
    assert not {name for name in code_words(document) if re.fullmatch(r"\w+\.py", name)} - files


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file(document: str) -> None:
    prose = re.sub(r"`[^`\n]+`", "", text_of(document))
    targets = re.findall(r"\]\((?![a-z]+:|#)([^)#]+)(?:#[^)]*)?\)", prose)
    assert not {target for target in targets if not ((ROOT / document).parent / target).exists()}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_named_exists(document: str) -> None:
    named = set(re.findall(rf"`((?:{'|'.join(APPS)})(?:\.[a-z_]\w*)+)`", text_of(document))) - OF_POSTGRESQL
    assert not {name for name in named if not resolves(name)}


def resolves(name: str) -> bool:
    """Return whether a dotted name is a module, or an attribute of one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:end])
        if base.is_dir() or base.with_suffix(".py").is_file():
            found = import_module(".".join(parts[:end]))
            for attribute in parts[end:]:
                if not hasattr(found, attribute):
                    return False
                found = getattr(found, attribute)
            return True
    return False


def test_the_storeys_are_those_of_the_contract() -> None:
    rows = re.findall(r"^\| (\d) \| (.+) \|$", text_of(ARCHITECTURE), re.MULTILINE)
    files = {name: int(number) for number, names in rows for name in re.findall(r"`(\w+)\.py`", names)}
    assert files == {name: storey_of(f"assistance.offers.{name}") + 1 for name in files}
    packages = [ROOT / "assistance" / package for package in AGGREGATES]
    named = {name for names in STOREYS for name in names if any((one / f"{name}.py").exists() for one in packages)}
    common = {name.removesuffix(".py") for name, _optional in checklist() if "/" not in name} - {"__init__"}
    assert set(files) >= named | common


# ── Adding an aggregate ──────────────────────────────────────────────────────
def test_the_table_of_fields_is_that_of_the_registry() -> None:
    table = text_of(ADDING).split("## The fields of `Aggregate`")[1]
    described = re.findall(r"^\| (?:\*\*)?`(\w+)`(?:\*\*)? \| \S", table, re.MULTILINE)
    assert described == [field.name for field in fields(Aggregate)], "one line for each field, in their order"


def test_the_files_of_the_checklist_are_those_of_real_aggregates() -> None:
    files = dict(checklist())
    assert len(files) > 15
    for name, optional in files.items():
        having = [package for package in AGGREGATES if (ROOT / "assistance" / package / name).exists()]
        assert optional or having, f"no aggregate has {name}"


def test_a_file_that_every_aggregate_has_is_in_the_checklist() -> None:
    folders = [ROOT / "assistance" / package for package in AGGREGATES]
    common = set.intersection(*({path.name for path in folder.glob("*.py")} for folder in folders))
    assert {"models.py", "registration.py"} <= common <= {name for name, _optional in checklist()}


def test_a_file_of_the_checklist_that_an_aggregate_lacks_is_optional() -> None:
    for name, optional in checklist():
        lacking = [package for package in AGGREGATES if not (ROOT / "assistance" / package / name).exists()]
        assert optional or not lacking or "/" in name, f"{lacking} have no {name}"


def test_the_example_imports_what_there_is() -> None:
    blocks = code_in(ADDING)
    assert len(blocks) > 12
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith("assistance.pledges"):
                module = import_module(node.module)
                for alias in node.names:
                    there = hasattr(module, alias.name) or resolves(f"{node.module}.{alias.name}")
                    assert there, f"{node.module} has no {alias.name}"


def test_the_example_registers_with_fields_there_are() -> None:
    names = {field.name for field in fields(Aggregate)}
    calls = [node for block in code_in(ADDING) for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Call)]
    (entry,) = [call for call in calls if getattr(call.func, "id", "") == "Aggregate"]
    assert {keyword.arg for keyword in entry.keywords} <= names


# ── The API, and the tests that the proofs name ──────────────────────────────
def test_the_description_of_the_api_names_every_scope() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| .+ \| (read, write|read) \|$", text_of(API), re.MULTILINE)
    wanted = {name: "read" if scopes.is_read_only(name) else "read, write" for name in scopes.collections()}
    assert dict(rows) == wanted


@pytest.mark.turns(days=4)
def test_every_mutant_that_is_explained_exists() -> None:
    explained = re.findall(r"^\| `(.+?)` \|", text_of("docs/proofs/mutation.md"), re.MULTILINE)
    assert explained
    for name in explained:
        name = name.replace("\\|", "|")
        path = name.split(" ")[0]
        assert name in {mutant.name for mutant in mutants(ROOT, path)}, f"{path} has no such mutant any more"
