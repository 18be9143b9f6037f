"""A sentence for each change of conversations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import npgettext

from conversations.actions.conversation_lists import Change

Sentence = Callable[[int], str]

_SENTENCES: Mapping[Change, Sentence] = {
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


def change_sentence(change: Change, count: int) -> str:
    """Return what was done to ``count`` conversations, without a full stop."""
    return _SENTENCES[change](count) % {"count": count}
