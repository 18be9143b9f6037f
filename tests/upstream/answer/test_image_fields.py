"""Images in answers: every shape, cut anywhere, and never as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.answer.answer import Delta, ImageDelta
from conversations.upstream.answer.image_fields import ImageSource, NoDataError
from conversations.upstream.asking.client import Client
from conversations.upstream.body.inline_images import MAX_CHARACTERS, InlineImageSplitter
from conversations.upstream.body.response_body import Reception
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import ErrorKind, TooLarge
from conversations.upstream.request import ChatRequest
from tests.fakes import behaviours
from tests.fakes.behaviours import CAPTURES
from tests.fakes.images import (
    PIXEL,
    completion,
    data_uri,
    images_endpoint,
    messages,
    with_words,
)
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import stream
from tests.upstream.conftest import MESSAGES

SHAPES = messages(PIXEL)
WORDS = "Here it is"


def chunks_of(message: dict[str, Any], size: int = 7) -> bytes:
    """Return the message as a stream, its text in pieces and the rest in one chunk."""
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    deltas = [{"content": text[at : at + size]} for at in range(0, len(text), size)]
    rest = {name: value for name, value in message.items() if value != text}
    payloads = [{"choices": [{"index": 0, "delta": delta}]} for delta in [*deltas, rest] if delta]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return stream(*map(json.dumps, [*payloads, end]), "[DONE]")


def read(pieces: Iterable[bytes]) -> tuple[str, list[ImageSource], Reception]:
    """Return the text, the images, and the reception."""
    reception = Reception({}, key="sk-test-key")
    deltas: list[Delta] = []
    for piece in pieces:
        deltas += reception.feed(piece)
        if reception.is_done:
            break
    deltas += reception.end()
    pictures = [delta.source for delta in deltas if isinstance(delta, ImageDelta)]
    return "".join(delta.text for delta in deltas), pictures, reception


def bodies() -> dict[str, bytes]:
    spoken = {f"{name}_with_words": with_words(shape, WORDS) for name, shape in SHAPES.items()}
    del spoken["bare_with_words"]
    plain = {name: completion(shape) for name, shape in {**SHAPES, **spoken}.items()}
    streamed = {
        f"{name}_streamed": chunks_of(shape)
        for name, shape in {**SHAPES, **spoken}.items()
        if name != "bare"
    }
    return {**plain, **streamed, "images_endpoint": images_endpoint(PIXEL)}


BODIES = bodies()


@pytest.mark.parametrize("name", BODIES)
def test_every_shape_is_one_picture_however_it_is_cut(name: str) -> None:
    body = BODIES[name]
    text, pictures, reception = read([body])
    assert reception.error is None
    assert reception.is_complete
    assert [picture.decode() for picture in pictures] == [PIXEL]
    assert text.strip() == (WORDS if "with_words" in name else "")
    for at in range(1, len(body)):
        assert read([body[:at], body[at:]])[:2] == (text, pictures)
    assert read(body[at : at + 1] for at in range(len(body)))[:2] == (text, pictures)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_breaks_off_is_an_error_or_a_whole_picture(name: str) -> None:
    """Check after every byte that no partial image is shown and that data is never text."""
    body = BODIES[name]
    for at in range(len(body)):
        text, pictures, reception = read([body[:at]])
        assert all(picture.decode() == PIXEL for picture in pictures)
        assert "iVBOR" not in text
        if not pictures:
            assert reception.error is not None or not reception.is_complete
            assert text.strip() or reception.error is not None


def test_the_recorded_answer_with_images() -> None:
    body = (CAPTURES / "mockllm-image-images.sse").read_bytes()
    text, pictures, _ = read([body])
    assert (text, [picture.decode() for picture in pictures]) == ("Here is your image.", [PIXEL])


URL = "https://pictures.example/1.png"
ADDRESSES: dict[str, dict[str, Any]] = {
    "parts": {"content": [{"type": "image_url", "image_url": {"url": URL}}]},
    "part_with_string": {"content": [{"type": "image_url", "image_url": URL}]},
    "images": {"content": None, "images": [{"image_url": {"url": URL}}]},
    "images_given_twice": {"content": None, "images": [{"url": URL}, {"url": URL}]},
    "images_of_strings": {"content": "", "images": [URL]},
}


@pytest.mark.parametrize("write", [completion, chunks_of])
@pytest.mark.parametrize("name", ADDRESSES)
def test_addresses_are_sources_too_however_they_are_cut(
    name: str, write: Callable[[dict[str, Any]], bytes]
) -> None:
    body = write(ADDRESSES[name])
    for at in range(1, len(body)):
        assert read([body[:at], body[at:]])[:2] == ("", [ImageSource(url=URL)])
    assert read(body[at : at + 1] for at in range(len(body)))[1] == [ImageSource(url=URL)]


@pytest.mark.parametrize("text", [f"![x]({URL})", URL, f"Here it is: {URL}"])
def test_an_address_in_words_stays_in_them(text: str) -> None:
    """Leave it in the text, because only links of image models are fetched, and not here."""
    for body in (completion({"content": text}), chunks_of({"content": text})):
        for at in range(1, len(body)):
            assert read([body[:at], body[at:]])[:2] == (text, [])


async def test_every_shape_over_a_socket_byte_by_byte(
    client: Client, endpoint: Endpoint, fake_upstream: FakeUpstream
) -> None:
    request = ChatRequest("gpt-image-1", MESSAGES, image=True)
    for name, body in BODIES.items():
        pieces = [body[at : at + 1] for at in range(len(body))]
        fake_upstream.script(behaviours.body(*pieces, content_type="application/json", delay=0))
        async with client.exchange(endpoint, request) as exchange:
            deltas = [delta async for delta in exchange]
        pictures = [delta.source for delta in deltas if isinstance(delta, ImageDelta)]
        assert [picture.decode() for picture in pictures] == [PIXEL], name


@pytest.mark.parametrize(
    "message",
    [
        {"content": "Hi", "images": None},
        {"content": "Hi", "images": [None, 7, "", {}, {"image_url": None}, [[[[[["x"]]]]]]]},
        {"content": [{"type": "text", "text": "Hi"}], "image": "no address"},
        {"content": "Hi", "b64_json": ""},
    ],
)
def test_what_is_no_picture_is_none(message: dict[str, Any]) -> None:
    assert read([completion(message)])[:2] == ("Hi", [])


def test_two_pictures_with_words_between() -> None:
    uri = data_uri(PIXEL)
    text, pictures, _ = read([chunks_of({"content": f"One ![]({uri}) two {uri} three ![x](y)!"})])
    assert text == "One  two  three ![x](y)!"
    assert len(pictures) == 2


def test_what_only_looks_like_the_beginning_is_text() -> None:
    for text in ["Wow!", "![", "![a](data:", "data:image/png;base6", "data:text/plain;base64,eA=="]:
        assert read([chunks_of({"content": f"{text}"}, size=1)])[:2] == (text, [])


def test_no_letter_of_a_word_is_held_back() -> None:
    assert list(InlineImageSplitter().feed("so good")) == ["so good"]
    assert list(InlineImageSplitter().feed("so d")) == ["so "]


PIECES = ["!", "[", "a", "]", "(", ")", " ", "da", "ta:im", "data:image/", "png;base64,", "QQ=="]


@given(st.lists(st.sampled_from(PIECES)))
def test_the_splitter_says_the_same_however_it_is_cut(words: list[str]) -> None:
    def split(pieces: Iterable[str]) -> list[object]:
        splitter = InlineImageSplitter()
        found = [each for piece in pieces for each in splitter.feed(piece)]
        found += splitter.flush(is_complete=True)
        joined = "".join(each if isinstance(each, str) else f"\0{each.data}\0" for each in found)
        return re.split("\0", joined)

    assert split(words) == split(["".join(words)]) == split("".join(words))


def test_more_data_than_an_answer_may_have() -> None:
    splitter = InlineImageSplitter()
    list(splitter.feed("data:image/png;base64,"))
    list(splitter.feed("A" * MAX_CHARACTERS))
    with pytest.raises(TooLarge):
        list(splitter.feed("A"))
    payload = json.dumps({"choices": [{"delta": {"content": "A" * 2**20}}]})
    head = json.dumps({"choices": [{"delta": {"content": "data:image/png;base64,"}}]})
    text, pictures, reception = read([stream(head), *[stream(payload)] * 33])
    assert (text, pictures) == ("", [])
    assert reception.error is not None
    assert reception.error.kind is ErrorKind.TOO_LARGE


def test_data_in_every_spelling() -> None:
    for data in ["QUI=", "QUI", "Q U\nI=", "QUI%3D"]:
        assert ImageSource(data=data).decode() == b"AB"
    assert ImageSource(data="-_8=").decode() == b"\xfb\xff"
    for data in ["QUI=QUI=", "Q", "QÜI="]:
        with pytest.raises(NoDataError):
            ImageSource(data=data).decode()
