"""Pictures: checked, and made anew, so that nothing but pixels is kept of what came."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from conversations.file_reading.refusals import Reason, UnreadableError

MAX_PIXELS = 50_000_000
"""Of a picture that comes: a camera's, not a bomb."""

MAX_SIDE = 2048
"""Of one that is kept and sent: what models look at is not larger."""

MAX_SIDE_MADE = 4096
"""Of one that a model has made."""

THUMBNAIL_SIDE = 1280
"""Of the small copy that a page shows: its column at twice the pixels."""

THUMBNAIL_TYPE = "image/webp"

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 90
THUMBNAIL_QUALITY = 82


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """A picture made anew, and its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def open_picture(content: bytes, *, max_side: int = MAX_SIDE) -> DecodedImage:
    """The picture without metadata, turned upright, at most ``max_side`` wide and high.

    Raises UnreadableError.
    """
    try:
        with warnings.catch_warnings():
            # Ours is the limit: looked at before any pixel is made.
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
    """A small copy, THUMBNAIL_TYPE, at most THUMBNAIL_SIDE wide and high."""
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
