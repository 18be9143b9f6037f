"""What is told of a change to conversations, in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import npgettext

from conversations.actions.conversation_lists import Change

Told = Callable[[int], str]

_TOLD: Mapping[Change, Told] = {
    Change.PIN: lambda n: npgettext(
        "what was done", "Conversation pinned", "%(count)d conversations pinned", n
    ),
    Change.UNPIN: lambda n: npgettext(
        "what was done", "Conversation unpinned", "%(count)d conversations unpinned", n
    ),
    Change.ARCHIVE: lambda n: npgettext(
        "what was done", "Conversation archived", "%(count)d conversations archived", n
    ),
    Change.UNARCHIVE: lambda n: npgettext(
        "what was done", "Conversation unarchived", "%(count)d conversations unarchived", n
    ),
    Change.MOVE: lambda n: npgettext(
        "what was done", "Conversation moved", "%(count)d conversations moved", n
    ),
    Change.READ: lambda n: npgettext(
        "what was done", "Marked as read", "%(count)d marked as read", n
    ),
    Change.UNREAD: lambda n: npgettext(
        "what was done", "Marked as unread", "%(count)d marked as unread", n
    ),
    Change.DELETE: lambda n: npgettext(
        "what was done", "Conversation deleted", "%(count)d conversations deleted", n
    ),
    Change.RESTORE: lambda n: npgettext(
        "what was done", "Conversation restored", "%(count)d conversations restored", n
    ),
    Change.ERASE: lambda n: npgettext(
        "what was done",
        "Conversation deleted for good",
        "%(count)d conversations deleted for good",
        n,
    ),
}


def told(change: Change, count: int) -> str:
    """What was done, as a sentence without its full stop."""
    return _TOLD[change](count) % {"count": count}
