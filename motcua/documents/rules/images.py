"""Photographs: counted before they are decoded, turned upright, and written anew without what the camera added."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageOps

from motcua.documents.rules.refusals import make_refusal
from motcua.documents.types import JPEG

MAX_PIXELS = 50_000_000
_MAX_SIDE = 20_000
_ORIENTATION = 0x0112
# What Pillow's decoders raise on hostile bytes; UserWarning because the tests turn warnings into errors.
_FAULTS = (OSError, ValueError, SyntaxError, LookupError, TypeError, EOFError, struct.error, zlib.error, UserWarning)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean_image(content: bytes, media_type: str) -> bytes:
    """Return the picture re-encoded: upright, first frame only, no EXIF, no place, no comment, nothing appended.

    Raises: UploadRefused (documents.image_broken, documents.image_too_large).
    """
    wanted = "JPEG" if media_type == JPEG else "PNG"
    try:
        with Image.open(BytesIO(content), formats=(wanted,)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS or max(width, height) > _MAX_SIDE:
                raise make_refusal("image_too_large")
            turn = _TURNS.get(_read_orientation(image))
            image.load()
            picture = _flatten(image, keep_alpha=wanted == "PNG")
            return _encode(picture.transpose(turn) if turn is not None else picture, wanted)
    except Image.DecompressionBombError as error:
        raise make_refusal("image_too_large") from error
    except _FAULTS as error:
        raise make_refusal("image_broken") from error


def _read_orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except _FAULTS:
        return 1  # a picture with broken metadata is still a picture
    return value if isinstance(value, int) else 1


def _flatten(image: Image.Image, *, keep_alpha: bool) -> Image.Image:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if has_alpha and keep_alpha:
        picture = image.convert("RGBA")
    elif image.mode in ("1", "L"):
        picture = image.convert("L")
    elif image.mode.startswith("I"):
        picture = ImageOps.autocontrast(image.convert("L"))
    else:
        picture = image.convert("RGB")
    picture.info = {}  # comments, profiles and text chunks stay behind
    return picture


def _encode(picture: Image.Image, wanted: str) -> bytes:
    out = BytesIO()
    if wanted == "JPEG":
        picture.save(out, "JPEG", quality=88, optimize=True)
    else:
        picture.save(out, "PNG", compress_level=6)
    return out.getvalue()
