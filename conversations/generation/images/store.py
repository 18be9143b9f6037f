"""The pictures of an answer: checked, made anew and kept as files before anybody sees them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from conversations import file_store
from conversations.database import threads
from conversations.file_reading.images import (
    MAX_SIDE_MADE,
    DecodedImage,
    open_picture,
    thumbnail_of,
)
from conversations.file_reading.refusals import Reason, UnreadableError
from conversations.generation.records import leases
from conversations.models import Attachment, Generation
from conversations.tools.fetch import FetchError, FetchRequest, fetch
from conversations.upstream.answer.answer import Answer, Delta, ImageDelta, ImagePart, TextDelta
from conversations.upstream.answer.image_fields import ImageSource, NoDataError
from conversations.upstream.answer.linked_images import split_links
from conversations.upstream.request import ChatRequest

T = TypeVar("T")

# Of one answer, whatever an upstream sends.
MOST = 10
MAX_BYTES = 24 * 1024 * 1024
FETCH_SECONDS = 60.0
ALT_CHARACTERS = 1000
NAME_CHARACTERS = 60
_NO_NAME = re.compile(r"[^\w.()+-]+")
# Of their own: a large picture takes a second or two.
_makers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine-picture")


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture was asked for, and which model made it, where not the answer's own did."""

    alt: str
    model: str = ""


class ImageReader:
    """Takes the deltas of one call to an upstream: words as they come, pictures once kept.

    An image model's words are held back to the end: they may only link to its pictures.
    """

    def __init__(
        self,
        answer: Answer,
        generation: Generation,
        caption: Caption,
        request: ChatRequest,
        changed: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._generation = generation
        self._caption = caption
        self._holds = request.image
        self._held: list[str] = []
        self._changed = changed

    async def take(self, delta: Delta) -> None:
        """Take one delta. Raises `TooLarge` as the answer does."""
        if isinstance(delta, ImageDelta):
            await self.finish()
            await self._keep(delta.source)
        elif self._holds and isinstance(delta, TextDelta):
            self._held.append(delta.text)
        else:
            self._answer.add(delta)
            self._changed()

    async def finish(self) -> None:
        """Take the end of some words, or of all: fetch what they only link to."""
        text, links = split_links(self._rest())
        self._say(text)
        for url in links:
            await self._keep(ImageSource(url=url))

    def release(self) -> None:
        """Put down what was held back, as it is: the end did not come, or has come already."""
        self._say(self._rest())

    def _rest(self) -> str:
        held, self._held = "".join(self._held), []
        return held

    def _say(self, text: str) -> None:
        if text:
            self._answer.add(TextDelta(text))
            self._changed()

    async def _keep(self, source: ImageSource) -> None:
        if len(self._answer.images) >= MOST:
            return
        # Some servers give the same picture in two places.
        known = {image.digest for image in self._answer.images}
        if image := await keep(self._generation, source, self._caption, known=known):
            self._answer.add_image(image)
            self._changed()


async def keep(
    generation: Generation, source: ImageSource, caption: Caption, *, known: Collection[str] = ()
) -> ImagePart | None:
    """Check the picture and keep it beside its message. One that cannot be kept says why.

    None for one whose digest is among the ``known``.
    """
    alt = " ".join(caption.alt.split())[:ALT_CHARACTERS]
    try:
        content = await _content(source)
        picture, thumbnail = await _in_thread(lambda: _made(content))
    except _NotKeptError as error:
        return ImagePart(alt=alt, model=caption.model, problem=error.problem, url=source.url)
    row = await _in_thread(lambda: _put(picture, thumbnail, alt))
    if row.digest in known:
        return None
    await threads.insist(lambda: threads.run_write(_store, row, generation))
    return ImagePart(row.digest, alt, picture.width, picture.height, caption.model)


class _NotKeptError(Exception):
    """``problem`` is a code of views/display/images.py."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


async def _content(source: ImageSource) -> bytes:
    if not source.url:
        return await _in_thread(lambda: _decoded(source))
    try:
        response = await fetch(
            FetchRequest(source.url),
            allowed_hosts=settings.TOOL_ALLOWED_HOSTS,
            max_bytes=MAX_BYTES,
            seconds=FETCH_SECONDS,
        )
    except FetchError:
        raise _NotKeptError("unreachable") from None
    if response.status >= 400:
        raise _NotKeptError("unreachable")
    if response.is_cut:
        raise _NotKeptError("too_large")
    return response.body


def _decoded(source: ImageSource) -> bytes:
    try:
        content = source.decode()
    except NoDataError:
        raise _NotKeptError("broken") from None
    if len(content) > MAX_BYTES:
        raise _NotKeptError("too_large")
    return content


def _made(content: bytes) -> tuple[DecodedImage, bytes]:
    try:
        picture = open_picture(content, max_side=MAX_SIDE_MADE)
    except UnreadableError as error:
        is_large = error.reason is Reason.TOO_MANY_PIXELS
        raise _NotKeptError("too_large" if is_large else "broken") from None
    return picture, thumbnail_of(picture)


def _put(picture: DecodedImage, thumbnail: bytes, alt: str) -> Attachment:
    """The files on the disk; the row is not saved yet."""
    ending = "jpg" if picture.media_type == "image/jpeg" else "png"
    stem = _NO_NAME.sub(" ", alt).strip(" .")[:NAME_CHARACTERS].strip(" .")
    return Attachment(
        name=f"{stem or 'picture'}.{ending}",
        kind=Attachment.Kind.IMAGE,
        media_type=picture.media_type,
        digest=file_store.put(picture.content),
        thumbnail=file_store.put(thumbnail),
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )


def _store(row: Attachment, generation: Generation) -> None:
    """Put the row beside its message, unless the run is another's by now."""
    if not leases.is_ours(generation):
        return
    message = generation.message
    row.message, row.owner = message, message.conversation.owner
    row.position = message.attachments.count()
    row.save(force_insert=True)


async def _in_thread(function: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_makers, function)
