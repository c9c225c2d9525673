"""What a first visit weighs over the line: no more than docs/operations/weights.md says."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/operations/weights.md").read_text()


def size_of(name: str) -> int:
    """Return how many bytes a static file takes as the web server sends it: with Brotli, fonts as they are."""
    found = finders.find(name)
    assert found, name
    content = Path(found).read_bytes()
    return len(content) if name.endswith(".woff2") else len(brotli.compress(content))


def most(what: str) -> int:
    """Return the bytes that the guide allows."""
    said = re.search(rf"^\| {re.escape(what)} \| ([\d.]+) \|", GUIDE, re.MULTILINE)
    assert said, f"docs/operations/weights.md does not say what this weighs: {what}"
    return round(float(said[1]) * 1000)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_to_sign_in_and_what_it_names(client: Client, language: str) -> None:
    asked = {"Accept-Language": language}
    page = client.get("/account/login/", headers=asked).content.decode()
    packed = client.get("/account/login/", headers={**asked, "Accept-Encoding": "gzip"}).content
    sizes = {name: size_of(name) for name in set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))}
    table = "\n".join(f"| {name} | {size / 1000:.1f} |" for name, size in sorted(sizes.items()))
    for name, size in sizes.items():
        assert size <= most(name) + 100, table
    assert len(packed) <= most("the page to sign in")
    assert len(packed) + sum(sizes.values()) <= most("together, without fonts"), f"page: {len(packed)}\n{table}"


def test_the_fonts_of_each_script() -> None:
    found = finders.find("web/fonts.css")
    assert found
    fonts = re.findall(r'url\("([^"]+)"\)', Path(found).read_text())
    for script in ("latin", "latin-ext", "cyrillic", "arabic"):
        files = [font for font in fonts if re.search(rf"-{script}-\d00-normal", font)]
        assert len(files) == 3, "regular, medium and semi-bold"
        assert sum(size_of(f"web/{font}") for font in files) <= most(f"fonts for {script}"), script
