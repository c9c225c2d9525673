"""Pictures inside documents: without metadata, and with unchanged pixels."""

import contextlib
import io

import pikepdf
import pytest
from PIL import Image

from files.cleaning import pdfs, segments
from files.cleaning.kinds import Refused
from files.tests.corpus.pdfs import with_listed_photograph, with_photograph
from files.tests.corpus.pictures import located_jp2
from files.tests.samples import pdf, picture

CHEQUERED = Image.effect_mandelbrot((64, 48), (-2, -1, 1, 1), 60).convert("RGB")


def written(kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    CHEQUERED.save(target, kind, **options)
    return target.getvalue()


def points(content: bytes) -> bytes:
    return Image.open(io.BytesIO(content)).tobytes()


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x010E] = "Carana City"
    return found


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"icc_profile": b"own"}])
def test_a_jpeg_is_drawn_as_before(options: dict[str, object]) -> None:
    content = written("JPEG", exif=exif(), comment="Carana City", **options)
    cleaned = segments.jpeg(content + picture("JPEG", exif=exif()))
    assert b"Carana City" in content and b"Carana City" not in cleaned and b"Exif" not in cleaned
    assert points(cleaned) == points(content)
    assert Image.open(io.BytesIO(cleaned)).info.get("icc_profile") == options.get("icc_profile")


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}, {"tile_size": (16, 16)}])
def test_a_jpeg_2000_is_drawn_as_before(options: dict[str, object]) -> None:
    content = written("JPEG2000", comment="Carana City", **options)
    cleaned = segments.jpeg2000(content)
    assert b"Carana City" in content and b"Carana City" not in cleaned
    assert points(cleaned) == points(content)


@pytest.mark.parametrize("length", [*range(12), 40, 300])
def test_a_cut_picture_ends(length: int) -> None:
    for clean, whole in ((segments.jpeg, picture("JPEG")), (segments.jpeg2000, located_jp2())):
        for content in (whole[:length], whole[:20] + bytes(length), whole[:90] + b"\xff" * length):
            with contextlib.suppress(Refused, ValueError):
                clean(content)


def test_colours_stay_as_they_were_mixed() -> None:
    cleaned, _kind = pdfs.clean(pdf(change=with_listed_photograph))
    with pikepdf.open(io.BytesIO(cleaned)) as document:
        kept = document.pages[0].Resources.XObject.Im1
        assert (kept.Filter, kept.DecodeParms.ColorTransform) == (pikepdf.Name.DCTDecode, 1)


def test_a_photograph_comes_out_of_what_it_is_packed_in() -> None:
    content = written("JPEG", exif=exif())
    packed = pdf(change=lambda document: with_photograph(document, "/ASCII85Decode", "/FlateDecode", content=content))
    cleaned, _kind = pdfs.clean(packed)
    with pikepdf.open(io.BytesIO(cleaned)) as document:
        kept = document.pages[0].Resources.XObject.Im1
        assert kept.Filter == pikepdf.Name.DCTDecode and "/DecodeParms" not in kept
        assert points(kept.read_raw_bytes()) == points(content)
