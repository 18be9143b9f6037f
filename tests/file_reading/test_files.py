from __future__ import annotations

import io

import pytest
from PIL import Image

from conversations.file_reading import files, images
from conversations.file_reading.refusals import Reason, UnreadableError
from tests.file_reading.files import pdf, picture


def refused(content: bytes) -> Reason:
    with pytest.raises(UnreadableError) as caught:
        files.read(content)
    return caught.value.reason


@pytest.mark.parametrize(
    "content",
    [
        "标题,数量\n货物,3".encode(),
        "标题,数量\n货物,3".encode("utf-8-sig"),
        "标题,数量\n货物,3".encode("utf-16"),
        "标题,数量\n货物,3".encode("gb18030"),
        "标题,数量\r\n货物,3".encode(),
    ],
)
def test_text_is_read_in_the_encodings_that_files_have(content: bytes) -> None:
    found = files.read(content)
    assert (found.text, found.media_type, found.picture) == (
        "标题,数量\n货物,3",
        "text/plain",
        None,
    )
    assert found.content == content


def test_a_pdf_gives_its_text_page_by_page() -> None:
    found = files.read(pdf("First page", "Second page"))
    assert found.media_type == "application/pdf"
    assert found.text.split("\n\n") == ["First page", "Second page"]


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB")])
def test_pictures_are_made_anew_as_png(kind: str, mode: str) -> None:
    found = files.read(picture(kind, mode=mode))
    assert found.media_type == "image/png"
    assert found.picture
    assert (found.picture.width, found.picture.height) == (40, 30)
    assert found.content == found.picture.content
    assert found.content.startswith(b"\x89PNG")


def test_a_photograph_loses_what_it_tells_of_its_maker_and_stands_upright() -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Wen Jing"
    exif[0x0112] = 6  # turned by 90 degrees
    Image.new("RGB", (40, 30)).save(made, "JPEG", exif=exif)
    found = files.read(made.getvalue())
    assert found.media_type == "image/jpeg"
    assert found.picture
    assert (found.picture.width, found.picture.height) == (30, 40)
    assert b"Wen Jing" not in found.content


def test_what_is_hidden_behind_a_picture_is_gone() -> None:
    found = files.read(picture() + b"<script>alert(1)</script>")
    assert b"script" not in found.content


def test_a_large_picture_is_made_smaller() -> None:
    found = files.read(picture(size=(4096, 1024)))
    assert found.picture
    assert (found.picture.width, found.picture.height) == (images.MAX_SIDE, 512)


def test_what_cannot_be_read_says_why() -> None:
    assert refused(b"") is Reason.EMPTY
    assert refused(b" \n") is Reason.NO_TEXT
    assert refused(b"\x00\x01\x02binary") is Reason.UNKNOWN
    assert refused(b"PK\x03\x04" + b"\x00" * 40) is Reason.UNKNOWN
    assert refused(picture()[:60]) is Reason.BROKEN
    assert refused(b"GIF89a but no picture at all") is Reason.BROKEN
    assert refused(b"%PDF-1.7 and then nothing") is Reason.BROKEN
    assert refused(pdf("")) is Reason.NO_TEXT
    assert refused(pdf("Secret", password="x")) is Reason.LOCKED
    assert refused(b"<svg xmlns='http://www.w3.org/2000/svg'/>\x00") is Reason.UNKNOWN


def test_an_svg_is_text_and_never_a_picture() -> None:
    found = files.read(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")
    assert (found.media_type, found.picture) == ("text/plain", None)


def test_limits_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableError) as caught:
        files.read(b"x" * 11, limit=10)
    assert (caught.value.reason, caught.value.limit) == (Reason.TOO_LARGE, 10)
    assert refused(b"x" * (files.MAX_TEXT + 1)) is Reason.TOO_LONG


def test_a_picture_of_too_many_pixels_is_refused_before_any_is_made() -> None:
    # A header of 60,000 x 60,000 over no pixels at all.
    header = picture(size=(1, 1))
    bomb = header[:16] + (60_000).to_bytes(4) * 2 + header[24:]
    import zlib

    bomb = bomb[:29] + zlib.crc32(bomb[12:29]).to_bytes(4) + bomb[33:]
    assert refused(bomb) is Reason.TOO_MANY_PIXELS


def test_too_many_pages_are_refused() -> None:
    assert refused(pdf(*["page"] * 301)) is Reason.TOO_MANY_PAGES
