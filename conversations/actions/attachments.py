"""Files: uploaded, attached to a message, copied with it, discarded."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable, Sequence

from django.conf import settings

from conversations import file_store
from conversations.actions.titles import title_from
from conversations.database import transactions
from conversations.file_reading import files
from conversations.file_reading.refusals import UnreadableError
from conversations.generation.request.token_estimate import count_tokens
from conversations.models import Attachment, LanguageModel, Message, SharedMessage, User
from conversations.models.attachments import WAITING
from conversations.refusals import Refusal

__all__ = ["UnreadableError", "attach", "copy", "discard", "upload"]

Place = Message | SharedMessage
MOST_PER_MESSAGE = 10
# The limit counts the files in all composers of a user.
MOST_WAITING = 50
_LENGTH = Attachment._meta.get_field("name").max_length or 0  # noqa: SLF001 (Django's documented Model._meta API)


class TooManyWaitingError(Refusal):
    """The user has as many unsent files as allowed."""

    status = 429
    code = "waiting"


class GoneError(Refusal):
    """A file to attach is missing: sent already, discarded, or somebody else's."""

    status = 422
    code = "file_gone"


class TooManyFilesError(Refusal):
    """The message has more files than allowed."""

    status = 422
    code = "too_many_files"


class CannotSeeError(Refusal):
    """One of the files is an image, and the model sees none."""

    status = 422
    code = "cannot_see"

    def __init__(self, model: LanguageModel) -> None:
        super().__init__(model.name)
        self.model = model


def upload(user: User, *, name: str, content: bytes) -> Attachment:
    """Store an uploaded file for a later message. Raises UnreadableError, TooManyWaitingError."""
    if user.attachments.filter(WAITING).count() >= MOST_WAITING:
        raise TooManyWaitingError
    found = files.read(content, limit=settings.MAX_ATTACHMENT_BYTES)
    digest = file_store.put(found.content)
    picture = found.picture
    with transactions.write():
        return Attachment.objects.create(
            owner=user,
            name=clean_name(name),
            kind=Attachment.Kind.IMAGE if picture else Attachment.Kind.TEXT,
            media_type=found.media_type,
            digest=digest,
            size=len(found.content),
            text=found.text.replace("\x00", ""),
            tokens=count_tokens(found.text),
            width=picture.width if picture else None,
            height=picture.height if picture else None,
        )


def attach(message: Message, ids: Sequence[uuid.UUID], *, user: User, model: LanguageModel) -> None:
    """Attach unsent files to a message. Inside its transaction.

    Raises TooManyFilesError, GoneError, CannotSeeError.
    """
    if not ids:
        return
    if len(ids) > MOST_PER_MESSAGE:
        raise TooManyFilesError
    waiting = Attachment.objects.filter(WAITING, owner=user, pk__in=ids).in_bulk()
    if len(waiting) != len(set(ids)):
        raise GoneError
    if not model.may_see_images and any(file.is_image for file in waiting.values()):
        raise CannotSeeError(model)
    for position, file_id in enumerate(dict.fromkeys(ids)):
        row = waiting[file_id]
        row.message, row.position = message, position
        row.save(update_fields=["message", "position"])


def copy(pairs: Iterable[tuple[Place, Place]], *, owner: User) -> None:
    """Copy the files of the first message of each pair to the second. Inside a transaction."""
    Attachment.objects.bulk_create(
        file.copied_to(target, owner)
        for source, target in pairs
        for file in source.attachments.all()
    )


def discard(attachment: Attachment) -> None:
    """Discard a file that was not sent."""
    with transactions.write():
        Attachment.objects.filter(WAITING, pk=attachment.pk).delete()


def clean_name(name: str) -> str:
    """Return the last part of a path without control characters, shortened before its suffix."""
    name = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in name if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    kept = " ".join(kept.split()) or "file"
    stem, dot, ending = kept.rpartition(".")
    if len(kept) <= _LENGTH:
        return kept
    if not dot or len(ending) > 10:
        return kept[:_LENGTH]
    return f"{stem[: _LENGTH - len(ending) - 1]}.{ending}"


def names(user: User, ids: Sequence[uuid.UUID]) -> str:
    """Return a title for a conversation that begins with files and no text."""
    rows = user.attachments.filter(pk__in=ids).values_list("name", flat=True)
    return title_from(", ".join(rows))
