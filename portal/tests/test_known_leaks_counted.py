"""The list of the 64 known leaks is complete, and every proof that a document names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("audit", "files", "accounts", "entities", "assistance", "portal")
SOURCES = {path: path.read_text("utf-8") for app in APPS for path in (ROOT / app).rglob("test_*.py")}
TESTS = set(re.findall(r"^def (test_\w+)\(", "\n".join(SOURCES.values()), re.MULTILINE))
LIST = ROOT / "docs" / "proofs" / "known_leaks.md"
ROW = re.compile(r"^\| (\d+) \| .+ \| (.+) \|$", re.MULTILINE)


def test_all_64_leaks_have_a_test_or_a_reason() -> None:
    rows = [(int(number), proof) for number, proof in ROW.findall(LIST.read_text("utf-8"))]
    assert [number for number, _proof in rows] == list(range(1, 65))
    for number, proof in rows:
        tests = re.findall(r"`(test_\w+)`", proof)
        assert tests or (proof.startswith("Cannot occur: ") and len(proof) > 60), number


def test_a_test_that_carries_the_number_of_a_leak_is_in_the_list() -> None:
    listed = {int(number): proof for number, proof in ROW.findall(LIST.read_text("utf-8"))}
    marked = r"known_leak\((\d+)\)(?=[^\n]*\n(?:[^\n]*\n){0,12}?def (test_\w+)\()"
    found = [(int(number), test) for text in SOURCES.values() for number, test in re.findall(marked, text)]
    assert len(found) > 50
    assert not [(number, test) for number, test in found if "Cannot occur" in listed[number]]


@pytest.mark.parametrize("name", ["docs/proofs/known_leaks.md", "docs/threat-model.md"])
def test_every_proof_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / name).read_text("utf-8")))
    assert len(named) > 15
    assert named - TESTS == {"test_every_proof_that_is_named_exists"} - TESTS


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/threat-model.md", "docs/proofs/known_leaks.md"])
def test_links_of_these_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert ((ROOT / name).parent / target).exists(), target
