"""The protocol of export formats: a beginning, each message, an end."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.models import Attachment, Conversation, Message
from conversations.presentation import tool_steps
from conversations.upstream.answer.parts import ImagePart, from_json

MessageWriter = Callable[[Message, Conversation], str]


@dataclass(frozen=True, slots=True)
class Format:
    """A writer of a conversation as a file.

    ``ids`` tells which messages are written and in what order; ``joint`` stands between them.
    """

    suffix: str
    content_type: str
    ids: Callable[[Conversation], list[uuid.UUID]]
    head: Callable[[Conversation], str]
    message: MessageWriter
    joint: str
    tail: str


def speaker_of(message: Message, conversation: Conversation) -> str:
    """The author: the display name of the model, or the user's name."""
    if message.role == Message.Role.USER:
        return str(conversation.owner)
    return message.model_label


def images_of(message: Message) -> list[tuple[ImagePart, Attachment | None]]:
    """The pictures that a model has made for it, each with its file."""
    files = {file.digest: file for file in message.attachments.all()}
    images = [part for part in from_json(message.parts) if isinstance(part, ImagePart)]
    return [(image, files.get(image.digest)) for image in images]


def steps_of(message: Message) -> list[tool_steps.Step]:
    """Its calls of tools, each with all that it brought."""
    return tool_steps.steps_of(from_json(message.parts), longest=None)


def attached_to(message: Message) -> str:
    """The attachments by name, or ""; those of an answer are its images."""
    if message.role != Message.Role.USER:
        return ""
    names = ", ".join(file.name for file in message.attachments.all())
    return _("Attached: %(names)s") % {"names": names} if names else ""
