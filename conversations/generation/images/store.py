"""The images of an answer: checked, encoded anew and stored as files before anybody sees them."""

from __future__ import annotations

import asyncio
import re
import uuid
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
from conversations.generation.api_calls import AnswerReader
from conversations.generation.records import leases
from conversations.models import Attachment
from conversations.tools.fetch import FetchError, FetchRequest, fetch
from conversations.upstream.answer.answer import Answer, Delta, ImageDelta, ImagePart, TextDelta
from conversations.upstream.answer.image_fields import ImageSource, NoDataError
from conversations.upstream.answer.linked_images import split_links
from conversations.upstream.request import ChatRequest

T = TypeVar("T")

# The images of one answer, whatever an upstream sends.
MAX_IMAGES = 10
MAX_BYTES = 24 * 1024 * 1024
FETCH_SECONDS = 60.0
ALT_CHARACTERS = 1000
NAME_CHARACTERS = 60
_NO_NAME = re.compile(r"[^\w.()+-]+")
# Own executor: a large image takes a second or two.
_executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine-image")


@dataclass(frozen=True, slots=True)
class Caption:
    """The words that an image was made for, and its model where that is not the answer's own."""

    alt: str
    model: str = ""


class ImageReader(AnswerReader):
    """Takes the deltas of one response: text as it comes, images once they are stored.

    The text of an image model is held back to the end, because it may only link to its images.
    """

    def __init__(
        self,
        answer: Answer,
        generation_id: uuid.UUID,
        caption: Caption,
        request: ChatRequest,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(answer)
        self._generation_id = generation_id
        self._caption = caption
        self._holds = request.image
        self._held: list[str] = []
        self._changed = changed

    async def take(self, delta: Delta) -> None:
        """Take one delta. Raises TooLarge as the answer does."""
        if isinstance(delta, ImageDelta):
            await self.finish()
            await self._store(delta.source)
        elif self._holds and isinstance(delta, TextDelta):
            self._held.append(delta.text)
        else:
            self._answer.add(delta)
            self._changed()

    async def finish(self) -> None:
        """Fetch the images that the text so far only links to."""
        text, links = split_links(self._rest())
        self._add(text)
        for url in links:
            await self._store(ImageSource(url=url))

    def release(self) -> None:
        """Add the text that is held back unchanged, after an error or a stop."""
        self._add(self._rest())

    def _rest(self) -> str:
        held, self._held = "".join(self._held), []
        return held

    def _add(self, text: str) -> None:
        if text:
            self._answer.add(TextDelta(text))
            self._changed()

    async def _store(self, source: ImageSource) -> None:
        if len(self._answer.images) >= MAX_IMAGES:
            return
        # Some servers send the same image in two places.
        known = {image.digest for image in self._answer.images}
        if image := await store(self._generation_id, source, self._caption, known=known):
            self._answer.add_image(image)
            self._changed()


async def store(
    generation_id: uuid.UUID,
    source: ImageSource,
    caption: Caption,
    *,
    known: Collection[str] = (),
) -> ImagePart | None:
    """Check an image and store it beside the run's message; a part that says why it cannot be.

    Return None for an image whose digest is among the ``known``.
    """
    alt = " ".join(caption.alt.split())[:ALT_CHARACTERS]
    try:
        content = await _content(source)
        image, thumbnail = await _in_thread(lambda: _decoded(content))
    except _NotStoredError as error:
        return ImagePart(alt=alt, model=caption.model, problem=error.problem, url=source.url)
    row = await _in_thread(lambda: _put_files(image, thumbnail, alt))
    if row.digest in known:
        return None
    await threads.insist(lambda: threads.run_write(_save, row, generation_id))
    return ImagePart(row.digest, alt, image.width, image.height, caption.model)


class _NotStoredError(Exception):
    """``problem`` is a code that views/display/images.py has a sentence for."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


async def _content(source: ImageSource) -> bytes:
    if not source.url:
        return await _in_thread(lambda: _bytes_of(source))
    try:
        response = await fetch(
            FetchRequest(source.url),
            allowed_hosts=settings.TOOL_ALLOWED_HOSTS,
            max_bytes=MAX_BYTES,
            seconds=FETCH_SECONDS,
        )
    except FetchError:
        raise _NotStoredError("unreachable") from None
    if response.status >= 400:
        raise _NotStoredError("unreachable")
    if response.is_cut:
        raise _NotStoredError("too_large")
    return response.body


def _bytes_of(source: ImageSource) -> bytes:
    try:
        content = source.decode()
    except NoDataError:
        raise _NotStoredError("broken") from None
    if len(content) > MAX_BYTES:
        raise _NotStoredError("too_large")
    return content


def _decoded(content: bytes) -> tuple[DecodedImage, bytes]:
    """Return the image encoded anew, and its thumbnail."""
    try:
        image = open_picture(content, max_side=MAX_SIDE_MADE)
    except UnreadableError as error:
        is_large = error.reason is Reason.TOO_MANY_PIXELS
        raise _NotStoredError("too_large" if is_large else "broken") from None
    return image, thumbnail_of(image)


def _put_files(image: DecodedImage, thumbnail: bytes, alt: str) -> Attachment:
    """Write the files and return their row, which is not saved yet."""
    ending = "jpg" if image.media_type == "image/jpeg" else "png"
    stem = _NO_NAME.sub(" ", alt).strip(" .")[:NAME_CHARACTERS].strip(" .")
    return Attachment(
        name=f"{stem or 'picture'}.{ending}",
        kind=Attachment.Kind.IMAGE,
        media_type=image.media_type,
        digest=file_store.put(image.content),
        thumbnail=file_store.put(thumbnail),
        size=len(image.content),
        width=image.width,
        height=image.height,
    )


def _save(row: Attachment, generation_id: uuid.UUID) -> None:
    """Save the row beside its message, unless another process has the run by now."""
    run = leases.held(generation_id)
    if run is None:
        return
    row.message, row.owner = run.message, run.message.conversation.owner
    row.position = run.message.attachments.count()
    row.save(force_insert=True)


async def _in_thread(function: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_executor, function)
