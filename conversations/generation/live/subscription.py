"""What a page that subscribes must be told: all that happened since it was rendered."""

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

    ``seen``: the last number the page has of each answer it shows as on its way.
    Raises access.NotFound: authority is read again at each subscribe.
    """
    await threads.run_read(_authorise, watcher.user_id, conversation_id)
    # From here to the snapshots nothing may suspend, or a patch would fall between.
    live = hub.watch(watcher, conversation_id)
    behind = [answer for answer in live if seen.get(answer.generation) != answer.view.sequence]
    snapshots = [answer.snapshot() for answer in behind]
    gone = set(seen) - {answer.generation for answer in live}
    return snapshots + await threads.run_read(_read_endings, conversation_id, gone)


def _authorise(user_id: uuid.UUID, conversation_id: uuid.UUID) -> None:
    access.conversation_for(access.active_user(user_id), conversation_id)


def _read_endings(conversation_id: uuid.UUID, generation_ids: Iterable[uuid.UUID]) -> list[str]:
    """The shown branch as it is now, and the ends of runs that the page believes to be running."""
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
