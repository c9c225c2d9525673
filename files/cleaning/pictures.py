"""Pictures: their size is checked before decoding, then they are decoded and rewritten with nothing but pixels."""

import io

from PIL import Image, ImageOps

from files.cleaning.kinds import JPEG, PNG, Refused, check_single

FORMATS = {PNG: "PNG", JPEG: "JPEG"}
# All exceptions Pillow raises for invalid pictures.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError, RuntimeError)


def clean(content: bytes, kind: str, *, pixels: int) -> tuple[bytes, str]:
    """Return the picture and its media type, pixels only: no EXIF, XMP, comments, profiles, or trailing data.

    Raises Refused: broken, two_kinds, pixels.
    """
    check_single(content, kind)
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
            if picture.width * picture.height > pixels:
                raise Refused("pixels")
            return _written(picture, kind), kind
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    except BROKEN:
        raise Refused("broken") from None


def _written(picture: Image.Image, kind: str) -> bytes:
    picture.load()
    upright = ImageOps.exif_transpose(picture)  # apply the orientation from the EXIF data, which is dropped
    upright.info = {name: value for name, value in upright.info.items() if name == "transparency"}
    target = io.BytesIO()
    upright.save(target, FORMATS[kind], quality=92, optimize=False)
    return target.getvalue()
