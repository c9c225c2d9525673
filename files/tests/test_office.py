"""Office files: an ordinary one comes out whole, with its formulas, links, pictures and values."""

import io
import re
import zipfile
from posixpath import dirname, join, normpath

import pytest
from lxml import etree

from files.cleaning import office
from files.cleaning.formulas import stays_inside
from files.cleaning.kinds import DOCX, PPTX, XLSX, Refused
from files.cleaning.markup import MANY, rewritten
from files.tests.corpus.outside import EVIL, cells, chart, external, instruction, linked, rule, settings, sheet, slide
from files.tests.samples import office as office_file
from files.tests.samples import picture


def cleaned(content: bytes) -> dict[str, bytes]:
    """Return the parts of the cleaned file; assert that it is complete and every part is well-formed."""
    with zipfile.ZipFile(io.BytesIO(office.clean(content, "application/zip", pixels=10_000)[0])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        if name.endswith(".rels"):
            folder = dirname(dirname(name))
            for one in etree.fromstring(part):
                inside = one.get("TargetMode") is None
                assert not inside or normpath(join(folder, one.get("Target", ""))) in parts, "a relation leads nowhere"
    types = parts["[Content_Types].xml"].decode()
    for name in parts:
        ending = name.rpartition(".")[2]
        assert f'Extension="{ending}"' in types or f'PartName="/{name}"' in types or name == "[Content_Types].xml"
    return parts


@pytest.mark.parametrize("kind", [DOCX, XLSX, PPTX])
def test_each_kind_comes_out_complete(kind: str) -> None:
    rels = linked("image", "media/image1.png") + external("hyperlink", "https://example.org/?a=1&amp;b=2")
    folder = {DOCX: "word", XLSX: "xl", PPTX: "ppt"}[kind]
    parts = cleaned(office_file(kind, "<a>A &amp; B</a>", {f"{folder}/media/image1.png": picture()}, rels))
    main = next(part for name, part in parts.items() if name.startswith(f"{folder}/") and name.count("/") == 1)
    assert b"A &amp; B" in main and f"{folder}/media/image1.png" in parts
    assert any(b'Target="https://example.org/?a=1&amp;b=2" TargetMode="External"' in part for part in parts.values())


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(A2:A9)", "_xlfn.XLOOKUP(A1,Table1[Col],Table1[[#This Row],[Other]])", "'My sheet'!A1*2", "Q1:Q3!A1",
        'IF(A1="WEBSERVICE(",1,2)', "_xlfn._xlws.SORT(A1:A9)", "#REF!", "$A$1", "'O''Hara'!A1", "MAP(A1:A9,_xleta.ABS)",
    ],
)  # fmt: skip
def test_an_honest_formula_stays(formula: str) -> None:
    assert stays_inside(formula)


def test_a_formula_that_goes_leaves_its_value() -> None:
    part = cleaned(sheet(f"WEBSERVICE(&quot;{EVIL}&quot;)"))["xl/worksheets/sheet1.xml"]
    assert b'<c r="A1"><v>42</v></c>' in part


@pytest.mark.parametrize("tag", ["cf", "scale", "dv", "x14"])
def test_an_honest_rule_stays_beside_one_that_goes(tag: str) -> None:
    part = cleaned(cells(rule(tag, "$A$1") + rule(tag, f"WEBSERVICE(&quot;{EVIL}&quot;)")))["xl/worksheets/sheet1.xml"]
    assert part.count(b"$A$1") == 1 and b"WEBSERVICE" not in part
    assert len(re.findall(rb"<(x14:)?(conditionalFormatting|dataValidations)\b", part)) == 1, "no empty list is left"


def test_a_chart_keeps_its_values() -> None:
    parts = cleaned(chart("Sheet1!$A$1:$A$9"))
    assert b"<c:f>Sheet1!$A$1:$A$9</c:f><c:v>7</c:v>" in parts["word/charts/chart1.xml"]
    assert b"<c:f></c:f><c:v>7</c:v>" in cleaned(chart("[1]Sheet1!$A$1"))["word/charts/chart1.xml"]


def test_a_link_that_goes_leaves_its_text() -> None:
    body = '<w:hyperlink r:id="rX"><w:t>here</w:t></w:hyperlink>'
    part = cleaned(office_file(body=body, rels=external("hyperlink", "file://evil.test/a")))["word/document.xml"]
    assert b"<w:hyperlink><w:t>here</w:t></w:hyperlink>" in part


def test_settings_stay_without_what_points_outside() -> None:
    body = '<w:zoom w:percent="90"/><w:attachedTemplate r:id="rX"/>'
    parts = cleaned(settings(body, external("attachedTemplate", "file:///C:/a.dotm")))
    assert b"<w:zoom" in parts["word/settings.xml"] and "word/_rels/settings.xml.rels" not in parts


def test_a_fraction_is_no_formula() -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    body = f'<m:oMath xmlns:m="{math}"><m:f><m:num>1</m:num><m:den>2</m:den></m:f></m:oMath>'
    assert b"<m:f><m:num>1</m:num><m:den>2</m:den></m:f>" in cleaned(office_file(body=body))["word/document.xml"]


@pytest.mark.parametrize(
    "field",
    ["PAGE", ' TOC \\o "1-3" \\h ', ' HYPERLINK "https://example.org/link" ', "=SUM(ABOVE)", ' HYPERLINK \\l "a" ', ""],
)
def test_an_honest_field_stays(field: str) -> None:
    assert field.strip().encode() in cleaned(office_file(body=instruction(field)))["word/document.xml"]


@pytest.mark.parametrize("action", ["ppaction://hlinkshowjump?jump=nextslide", "ppaction://hlinksldjump", ""])
def test_a_button_still_turns_the_slide(action: str) -> None:
    assert (
        f'action="{action}"'.encode() in cleaned(slide(f'<a:hlinkClick action="{action}"/>'))["ppt/slides/slide1.xml"]
    )


@pytest.mark.parametrize("part", [b"<a>" * 400 + b"</a>" * 400, b"<a/><b/>", b"<a", b"", b"\xff\xfe<a/>"])
def test_markup_that_is_damaged_or_too_deep_is_refused(part: bytes) -> None:
    with pytest.raises(Refused, match="broken"):
        rewritten(part, {})


def test_a_large_sheet_loses_and_keeps_the_same_as_a_small_one() -> None:
    rows = "".join(f"<c><f>A{number}</f><v>{number}</v></c><c><f>RTD()</f><v>x</v></c>" for number in range(MANY))
    part = rewritten(f"<s>{rows}</s>".encode(), {})
    assert part.count(b"<f>A") == MANY and part.count(b"<v>x</v>") == MANY and b"RTD" not in part
