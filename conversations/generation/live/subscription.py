"""The subscription of a page: the frames for all that happened since it was rendered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from conversations import access
from conversations.database import threads
from conversations.generation.live import frames, hub
from conversations.models import Conversation, Generation


async def subscribe(
    watcher: hub.Watcher, conversation_id: uuid.UUID, seen: Mapping[uuid.UUID, int]
) -> list[str]:
    """Register ``watcher`` and return the frames that bring its page up to date.

    ``seen``: the last frame's number of each answer that the page shows as being produced.
    Raises access.NotFound, because ownership is checked at each subscribe.
    """
    await threads.run_read(_authorise, watcher.user_id, conversation_id)
    # Nothing may suspend from here to the snapshots, or a patch would be lost between them.
    live = hub.watch(watcher, conversation_id)
    behind = [answer for answer in live if seen.get(answer.generation) != answer.view.sequence]
    snapshots = [answer.snapshot() for answer in behind]
    gone = set(seen) - {answer.generation for answer in live}
    return snapshots + await threads.run_read(_read_endings, conversation_id, gone)


def _authorise(user_id: uuid.UUID, conversation_id: uuid.UUID) -> None:
    access.conversation_for(access.active_user(user_id), conversation_id)


def _read_endings(conversation_id: uuid.UUID, generation_ids: Iterable[uuid.UUID]) -> list[str]:
    """Return frames for the shown branch, and for ended runs that the page shows as running."""
    conversation = Conversation.objects.only("leaf_id", "revision").get(pk=conversation_id)
    ended = Generation.objects.filter(
        pk__in=generation_ids, message__conversation=conversation
    ).exclude(status__in=Generation.UNDER_WAY)
    return [
        frames.branch(
            conversation=conversation_id,
            leaf=conversation.leaf_id,
            revision=conversation.revision,
        ),
        *(
            frames.final(
                conversation=conversation_id,
                message=run.message_id,
                generation=run.pk,
                sequence=0,
                status=run.status,
            )
            for run in ended
        ),
    ]
