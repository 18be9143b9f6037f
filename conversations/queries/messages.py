"""The messages of a page: the newest of the shown branch, older ones on demand."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Attachment, Conversation, Generation, Message, ToolApproval
from conversations.queries.branches import VersionPosition, version_positions
from conversations.queries.consistent import consistent_read
from conversations.queries.paths import branch_ids, newest_leaf

# A page opens with this many messages; older ones load as the reader scrolls up.
PAGE = 50
# A page whose branch changes keeps the messages it has loaded, up to this many.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Consecutive messages of a branch, and the one before the first.

    ``places`` has the version position of each; ``leaf_id`` is the end of the shown branch if that
    may be among them.
    """

    messages: list[Message]
    previous: Message | None
    places: Mapping[uuid.UUID, VersionPosition]
    leaf_id: uuid.UUID | None

    @property
    def has_older(self) -> bool:
        """Whether there are older messages."""
        return self.previous is not None


def newest(conversation: Conversation, *, limit: int = PAGE) -> MessagePage:
    """Return the last ``limit`` messages of the shown branch; its length does not matter."""
    return _page(conversation.leaf_id, limit, leaf_id=conversation.leaf_id)


def before(message: Message, *, limit: int = PAGE) -> MessagePage:
    """Return the ``limit`` messages before ``message``."""
    return _page(message.parent_id, limit)


@consistent_read()
def around(message: Message, *, limit: int = PAGE) -> MessagePage:
    """Return ``limit`` messages around ``message``, on its newest branch."""
    return _page(newest_leaf(message.pk, limit=limit // 2), limit)


def ending_with(message: Message, *, limit: int = 1) -> MessagePage:
    """Return ``message`` and those before it, ``limit`` messages in all."""
    return _page(message.id, limit, leaf_id=message.conversation.leaf_id)


@consistent_read()
def beginning_with(conversation: Conversation, start_id: uuid.UUID | None) -> MessagePage | None:
    """Return the shown branch from ``start_id`` on, or from its first message.

    Return None if ``start_id`` is not among its last messages; then the newest page is of more use.
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
# The text of a file may be as long as a book, and no page shows it.
_files_without_text = CompiledQuery[Attachment](
    lambda ids: Attachment.objects.defer("text").filter(message__in=ids)
)
_approvals = CompiledQuery[ToolApproval](lambda ids: ToolApproval.objects.filter(message__in=ids))


@consistent_read()
def with_runs(ids: Sequence[uuid.UUID], *, with_texts: bool = True) -> list[Message]:
    """Return the existing messages in this order, each with its runs and files.

    ``with_texts`` loads the extracted text of the files too. A run that waits brings its approvals.
    """
    # Runs first, because a transaction on PostgreSQL sees what is committed between two queries:
    # a run that ended must not come with the text from before its end.
    runs = _runs(ids)
    rows = {message.pk: message for message in _messages(ids)}
    messages = [rows[message_id] for message_id in ids if message_id in rows]
    _prefetch(messages, "generations", runs)
    _prefetch(messages, "attachments", (files_of if with_texts else _files_without_text)(ids))
    if any(run.status == Generation.Status.AWAITING_APPROVAL for run in runs):
        _prefetch(messages, "approvals", _approvals(ids))
    return messages


def _prefetch(
    messages: Sequence[Message], name: str, rows: Iterable[Generation | Attachment | ToolApproval]
) -> None:
    """Prefetch without a queryset for each message, which would be a tenth of a page's time.

    ``.all()`` gives the rows; nothing else of a queryset is there.
    """
    by_message = defaultdict(list)
    for row in rows:
        by_message[row.message_id].append(row)
    for message in messages:
        kept = vars(message).setdefault("_prefetched_objects_cache", {})
        kept[name] = by_message[message.pk]


@consistent_read()
def _page(end: uuid.UUID | None, limit: int, *, leaf_id: uuid.UUID | None = None) -> MessagePage:
    return _cut(branch_ids(end, limit=limit + 1), limit, leaf_id=leaf_id)


def _cut(ids: Sequence[uuid.UUID], limit: int, *, leaf_id: uuid.UUID | None) -> MessagePage:
    """Return the last ``limit`` of ``ids``, which hold one more if there are older messages."""
    messages = with_runs(ids, with_texts=False)
    is_cut = len(messages) > limit
    shown = messages[1:] if is_cut else messages
    return MessagePage(
        messages=shown,
        previous=messages[0] if is_cut else None,
        places=version_positions(shown),
        leaf_id=leaf_id,
    )
