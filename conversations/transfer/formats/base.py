"""What a format is: a beginning, each message, an end."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.models import Conversation, Message


@dataclass(frozen=True, slots=True)
class Format:
    """How a conversation becomes a file.

    ``ids`` tells which messages are written and in what order; ``joint`` stands between them.
    """

    suffix: str
    content_type: str
    ids: Callable[[Conversation], list[uuid.UUID]]
    head: Callable[[Conversation], str]
    message: Callable[[Message, Conversation], str]
    joint: str
    tail: str


def speaker_of(message: Message, conversation: Conversation) -> str:
    """Who said it: the model under its name for display, or the person."""
    if message.role == Message.Role.USER:
        return str(conversation.owner)
    return message.model_label


def attached_to(message: Message) -> str:
    """What went along with it, by name; "" where nothing did."""
    names = ", ".join(file.name for file in message.attachments.all())
    return _("Attached: %(names)s") % {"names": names} if names else ""
