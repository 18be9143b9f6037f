"""The files of a message, in the form in which an upstream reads them.

The API's ``content`` is a string: text goes into it under the file's name. Images are
``image_url`` parts, for all models but those that are known to see none.
"""

from __future__ import annotations

import base64
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conversations import file_store
from conversations.models import Attachment, Message
from conversations.queries.messages import files_of

Content = str | list[dict[str, Any]]


def by_message(path: Iterable[Message]) -> Mapping[uuid.UUID, Sequence[Attachment]]:
    """Read the files of all user messages of a path, by the message's id."""
    ids = [message.pk for message in path if message.role == Message.Role.USER]
    found: defaultdict[uuid.UUID, list[Attachment]] = defaultdict(list)
    for file in files_of.each(ids):
        if file.message_id is not None:
            found[file.message_id].append(file)
    return found


def content(message: Message, files: Sequence[Attachment], *, sees: bool) -> Content:
    """Return the text with its files; a list of parts only where the model sees an image.

    A model that reads no images is told that there is one: nothing is dropped silently.
    Raises OSError for an image that is not in the store.
    """
    images = [file for file in files if file.is_image and sees]
    quoted = [file for file in files if file not in images]
    text = "\n\n".join(filter(None, [*map(_quoted, quoted), message.text]))
    if not images:
        return text
    text_parts = [{"type": "text", "text": text}] if text else []
    return [*text_parts, *map(_part, images)]


def text_of(content: object) -> str:
    """Return the text of a ``content``, which is None in a message of tool calls only."""
    if content is None:
        return ""
    if not isinstance(content, list):
        return str(content)
    return "\n".join(str(part.get("text", "")) for part in content)


def _quoted(file: Attachment) -> str:
    name = file.name.replace('"', "'")
    if file.is_image:
        return f'<image name="{name}">(an image; this model reads none)</image>'
    return f'<file name="{name}">\n{file.text}\n</file>'


def _part(file: Attachment) -> dict[str, Any]:
    data = base64.b64encode(file_store.read(file.digest)).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:{file.media_type};base64,{data}"}}
