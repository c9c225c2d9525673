"""PDF files: parsed into objects, stripped of active content, hidden data and metadata, and written anew."""

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from files.cleaning import segments
from files.cleaning.kinds import PDF, Refused, check_single

# Keys that say who made a page and when, that start something, that carry another file, or name one to be fetched.
KEYS = (
    "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/OpenAction", "/JavaScript", "/JS",
    "/EmbeddedFiles", "/AF", "/EF", "/OPI", "/SpiderInfo", "/Renditions", "/AlternatePresentations", "/Requirements",
    "/RichMediaContent", "/RichMediaSettings",
)  # fmt: skip
ELSEWHERE = ("/F", "/FFilter", "/FDecodeParms", "/Ref")  # of a stream: its content is in another file
# The actions that stay: a link, and to go to another place in the document.
ACTIONS = {"/URI", "/GoTo", "/Named"}
MOVES = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
LEADING = ("/A", "/Next", "/PA", "/OpenAction")  # the keys under which an action lies
OTHER_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToR", "/GoToE", "/Rendition", "/Movie",
    "/Sound", "/RichMediaExecute", "/GoTo3DView", "/SetState", "/NoOp", "/Thread", "/Hide", "/SetOCGState",
}  # fmt: skip
ANNOTATIONS = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Widget", "/PrinterMark", "/Watermark", "/Redact",
}  # fmt: skip
MEDIA = {"/FileAttachment", "/RichMedia", "/3D", "/Screen", "/Movie", "/Sound"}
MOST_UNPACKED = 512 * 1024 * 1024  # of all streams together: about five pages scanned in colour, uncompressed
SHORT = {"/DCT": "/DCTDecode", "/Fl": "/FlateDecode"}  # readers accept these abbreviations too
PICTURES = {"/DCTDecode": segments.jpeg, "/JPXDecode": segments.jpeg2000}
LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)


def clean(content: bytes, kind: str = PDF, *, pixels: int = 0) -> tuple[bytes, str]:
    """Return the document and its media type, with pages and links, without metadata, scripts, actions, attachments.

    Raises Refused: broken, two_kinds, encrypted, form (its content is made by a script), portfolio, bomb.
    """
    check_single(content, kind)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            _check_whole(pdf)
            _check_unpacked(pdf)
            for thing in list(pdf.objects):
                for inner in _with_inner(thing):
                    _strip(inner)
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            target = io.BytesIO()
            pdf.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
            return target.getvalue(), kind
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, RuntimeError):
        raise Refused("broken") from None


def _check_whole(pdf: pikepdf.Pdf) -> None:
    if not len(pdf.pages):
        raise Refused("broken")
    if "/Collection" in pdf.Root:
        raise Refused("portfolio")
    if "/XFA" in pdf.Root.get("/AcroForm", Dictionary()):
        raise Refused("form")


def _check_unpacked(pdf: pikepdf.Pdf) -> None:
    """Raise Refused for streams that are too large uncompressed, or compressed twice; decodes in chunks."""
    total = 0
    for thing in pdf.objects:
        if not isinstance(thing, Stream) or "/Filter" not in thing:
            continue
        filters = _filters(thing)
        if filters.count("/FlateDecode") > 1:
            raise Refused("bomb")
        if filters[:1] == ["/FlateDecode"]:
            total += _unpacked(thing.read_raw_bytes())
        if total > MOST_UNPACKED:
            raise Refused("bomb")


def _filters(stream: Stream) -> list[str]:
    """Return the filters of a stream, the outermost first."""
    found = stream.get("/Filter", Array())
    names = list(found) if isinstance(found, Array) else [found]
    return [SHORT.get(str(name), str(name)) for name in names]


def _parameters(stream: Stream, count: int) -> list[Dictionary | None]:
    """Return the parameters of each of so many filters, None for those without."""
    found = stream.get("/DecodeParms")
    given = [*found] if isinstance(found, Array) else [found]
    return [one if isinstance(one, Dictionary) else None for one in [*given, *[None] * count][:count]]


def _unpacked(packed: bytes) -> int:
    """Return the uncompressed size in bytes, counted up to MOST_UNPACKED."""
    reader, size = zlib.decompressobj(), 0
    try:
        while packed and size <= MOST_UNPACKED:
            piece = reader.decompress(packed, 1 << 20)
            if not piece:
                break
            size, packed = size + len(piece), reader.unconsumed_tail
    except zlib.error:
        return size  # a PDF reader decodes no more than this either
    return size


def _with_inner(thing: Object) -> Iterator[Object]:
    """Yield an object and its direct children; objects it refers to are visited on their own."""
    waiting = [thing]
    while waiting:
        now = waiting.pop()
        if not isinstance(now, (Dictionary, Stream, Array)):
            continue
        yield now
        parts = list(now) if isinstance(now, Array) else [value for _key, value in now.items()]
        waiting += [part for part in parts if isinstance(part, Object) and not part.is_indirect]


def _strip(thing: Object) -> None:
    """Remove the unwanted entries from one dictionary or list."""
    if isinstance(thing, Array):
        for index in reversed(range(len(thing))):
            if _is_unwanted(thing[index]):
                del thing[index]
        return
    if not isinstance(thing, (Dictionary, Stream)):
        return
    for key in KEYS + (ELSEWHERE if isinstance(thing, Stream) else ()):
        if key in thing:
            del thing[key]
    for key in [key for key, value in thing.items() if _is_unwanted(value) or not _may_lie(key, value)]:
        del thing[key]
    if isinstance(thing.get("/Annots"), Array):
        thing.Annots = Array([one for one in thing.Annots if str(one.get("/Subtype", "")) in ANNOTATIONS])
    if isinstance(thing, Stream):
        _free_picture(thing)


def _may_lie(key: str, value: object) -> bool:
    """Return whether a value may lie under a key: of actions, only those that stay; no base for the links of a document.

    A list of actions is not accepted, because only one in it may be wanted; a structure's attributes have no /S.
    """
    if key == "/URI" and isinstance(value, Dictionary):
        return False
    if key not in LEADING:
        return True
    if isinstance(value, Array):
        return all("/S" not in one for one in value if isinstance(one, Dictionary))
    return not isinstance(value, Dictionary) or "/S" not in value or _is_wanted(value)


def _is_wanted(action: Dictionary) -> bool:
    kind = str(action.S)
    if kind == "/Named":
        return str(action.get("/N", "")) in MOVES
    return kind in ACTIONS and (kind != "/URI" or bool(LINK.match(str(action.get("/URI", "")))))


def _free_picture(stream: Stream) -> None:
    """Rewrite a picture without metadata about place and maker, and without its outer compression.

    Raises Refused (broken).
    """
    filters = _filters(stream)
    if any(name in PICTURES for name in filters[:-1]):  # compressed twice: no real producer does so
        raise Refused("broken")
    if not filters or filters[-1] not in PICTURES:
        return
    *around, own = _parameters(stream, len(filters))
    content = stream.read_raw_bytes()
    if around:
        stream.write(content, filter=Array([Name(name) for name in filters[:-1]]), decode_parms=Array(around))
        content = stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    colours = None
    if own is not None and "/ColorTransform" in own:  # how the colours are mixed; the only parameter a picture needs
        colours = Dictionary(ColorTransform=int(own.ColorTransform))
    stream.write(PICTURES[filters[-1]](content), filter=Name(filters[-1]), decode_parms=colours)


def _is_unwanted(value: object) -> bool:
    """Return whether a value is an action other than navigation or a hyperlink, or an annotation that plays media."""
    if not isinstance(value, Dictionary):
        return False
    action, annotation = str(value.get("/S", "")), str(value.get("/Subtype", ""))
    if action == "/URI":
        return not LINK.match(str(value.get("/URI", "")))
    return action in OTHER_ACTIONS or annotation in MEDIA
