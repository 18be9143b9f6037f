"""The messages of a page: the newest of the shown branch, and the older ones on demand."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Attachment, Conversation, Generation, Message
from conversations.queries.branches import VersionPosition, version_positions
from conversations.queries.paths import branch_ids, newest_leaf

# What a page opens with. Older ones come as the reader nears them.
PAGE = 50
# A page whose branch changes keeps what it has loaded upwards, up to this many.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some messages of a branch in their order, and what stands right before the first.

    ``places``: which version of its turn each is. ``leaf_id``: the end of the shown branch, where
    that may be among them.
    """

    messages: list[Message]
    previous: Message | None
    places: Mapping[uuid.UUID, VersionPosition]
    leaf_id: uuid.UUID | None

    @property
    def has_older(self) -> bool:
        """Whether the branch goes on upwards."""
        return self.previous is not None


def newest(conversation: Conversation, *, limit: int = PAGE) -> MessagePage:
    """The last ``limit`` messages of the shown branch. Costs the same at any length."""
    return _page(conversation.leaf_id, limit, leaf_id=conversation.leaf_id)


def before(message: Message, *, limit: int = PAGE) -> MessagePage:
    """The ``limit`` messages that lead to ``message``, without it."""
    return _page(message.parent_id, limit)


def around(message: Message, *, limit: int = PAGE) -> MessagePage:
    """``limit`` messages with ``message`` in their middle, in the branch that is its newest."""
    return _page(newest_leaf(message.pk, limit=limit // 2), limit)


def ending_with(message: Message, *, limit: int = 1) -> MessagePage:
    """``message`` and what leads to it, ``limit`` messages in all."""
    return _page(message.id, limit, leaf_id=message.conversation.leaf_id)


def beginning_with(conversation: Conversation, start_id: uuid.UUID | None) -> MessagePage | None:
    """The shown branch from ``start_id`` on, or from its first message.

    None when ``start_id`` is not among its last messages: the newest stretch says more then.
    """
    leaf_id = conversation.leaf_id
    ids = branch_ids(leaf_id, limit=LONGEST + 1)
    if start_id is None:
        return _cut(ids, LONGEST, leaf_id=leaf_id) if len(ids) <= LONGEST else None
    if start_id not in ids:
        return None
    start = ids.index(start_id)
    return _cut(ids[max(start - 1, 0) :], len(ids) - start, leaf_id=leaf_id)


_messages = CompiledQuery[Message](
    lambda ids: Message.objects.select_related("model").filter(pk__in=ids)
)
_runs = CompiledQuery[Generation](
    lambda ids: Generation.objects.select_related("model").filter(message__in=ids)
)
files_of = CompiledQuery[Attachment](lambda ids: Attachment.objects.filter(message__in=ids))
# What was read from a file may be as long as a book, and no page shows it.
_files_without_text = CompiledQuery[Attachment](
    lambda ids: Attachment.objects.defer("text").filter(message__in=ids)
)


def with_runs(ids: Sequence[uuid.UUID], *, with_texts: bool = True) -> list[Message]:
    """Those of the messages that are there, in this order, each with its runs and its files.

    ``with_texts``: what was read from the files comes along.
    """
    rows = {message.pk: message for message in _messages(ids)}
    messages = [rows[message_id] for message_id in ids if message_id in rows]
    _prefetch(messages, "generations", _runs)
    _prefetch(messages, "attachments", files_of if with_texts else _files_without_text)
    return messages


def _prefetch(
    messages: Sequence[Message],
    name: str,
    rows: CompiledQuery[Generation] | CompiledQuery[Attachment],
) -> None:
    """As ``prefetch_related``, without a queryset for each message: a tenth of a page's time.

    ``.all()`` gives the rows; nothing else of a queryset is there.
    """
    by_message = defaultdict(list)
    for row in rows([message.pk for message in messages]):
        by_message[row.message_id].append(row)
    for message in messages:
        kept = vars(message).setdefault("_prefetched_objects_cache", {})
        kept[name] = by_message[message.pk]


def _page(end: uuid.UUID | None, limit: int, *, leaf_id: uuid.UUID | None = None) -> MessagePage:
    return _cut(branch_ids(end, limit=limit + 1), limit, leaf_id=leaf_id)


def _cut(ids: Sequence[uuid.UUID], limit: int, *, leaf_id: uuid.UUID | None) -> MessagePage:
    """The last ``limit`` of ``ids``, which are one more where the branch goes on upwards."""
    messages = with_runs(ids, with_texts=False)
    is_cut = len(messages) > limit
    shown = messages[1:] if is_cut else messages
    return MessagePage(
        messages=shown,
        previous=messages[0] if is_cut else None,
        places=version_positions(shown),
        leaf_id=leaf_id,
    )
