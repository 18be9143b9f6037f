"""Images: checked and re-encoded, so that nothing but pixels is stored of the original."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from conversations.file_reading.refusals import Reason, UnreadableError

MAX_PIXELS = 50_000_000
"""Pixels of an image that is accepted: enough for a camera's, too few for a bomb."""

MAX_SIDE = 2048
"""Pixels of the longer side of an image that is stored and sent; models use no larger one."""

MAX_SIDE_MADE = 4096
"""Pixels of the longer side of an image that a model has made."""

THUMBNAIL_SIDE = 1280
"""Pixels of the longer side of the thumbnail: a page's column at double density."""

THUMBNAIL_TYPE = "image/webp"

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 90
THUMBNAIL_QUALITY = 82


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """A re-encoded image and its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def open_picture(content: bytes, *, max_side: int = MAX_SIDE) -> DecodedImage:
    """Re-encode an image: without metadata, upright, at most ``max_side`` wide and high.

    Raises UnreadableError.
    """
    try:
        with warnings.catch_warnings():
            # We check our own limit, before any pixel is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                return _made_anew(opened, max_side)
    except UnreadableError:
        raise
    except Image.DecompressionBombError:
        raise UnreadableError(Reason.TOO_MANY_PIXELS, limit=MAX_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise UnreadableError(Reason.BROKEN) from None


def thumbnail_of(picture: DecodedImage) -> bytes:
    """Return a copy of THUMBNAIL_TYPE, at most THUMBNAIL_SIDE wide and high."""
    with Image.open(io.BytesIO(picture.content), formats=FORMATS) as image:
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        made = io.BytesIO()
        image.save(made, "WEBP", quality=THUMBNAIL_QUALITY)
    return made.getvalue()


def _made_anew(opened: Image.Image, max_side: int) -> DecodedImage:
    if opened.width * opened.height > MAX_PIXELS:
        raise UnreadableError(Reason.TOO_MANY_PIXELS, limit=MAX_PIXELS)
    is_photograph = opened.format == "JPEG"
    image = ImageOps.exif_transpose(opened)
    image.thumbnail((max_side, max_side))
    kept = io.BytesIO()
    if is_photograph:
        image.convert("RGB").save(kept, "JPEG", quality=QUALITY)
    else:
        image.convert("RGBA" if _has_transparency(image) else "RGB").save(kept, "PNG")
    media_type = "image/jpeg" if is_photograph else "image/png"
    return DecodedImage(kept.getvalue(), media_type, image.width, image.height)


def _has_transparency(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info
