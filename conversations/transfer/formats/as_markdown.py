"""The shown branch as Markdown, to be read anywhere: a heading for each turn, then its text."""

from __future__ import annotations

import re
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation, Message
from conversations.queries.paths import branch_ids
from conversations.transfer.formats.base import (
    Format,
    attached_to,
    images_of,
    speaker_of,
    steps_of,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|~!&$])")
# CommonMark 4.5: three or more of one sign, and no backtick after backticks.
_BACKTICKS = re.compile("`+")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<rest>.*)")


def _ids(conversation: Conversation) -> list[uuid.UUID]:
    return branch_ids(conversation.leaf_id)


def _head(conversation: Conversation) -> str:
    exported = _("Exported from Chatsite on %(date)s.") % {"date": timezone.localdate().isoformat()}
    return f"# {_literal(conversation.title)}\n\n{exported}\n\n"


def _message(message: Message, conversation: Conversation) -> str:
    name = _literal(speaker_of(message, conversation))
    said_at = f"{timezone.localtime(message.created):%Y-%m-%d %H:%M}"
    run = message.generation
    end = "" if run is None or run.is_whole else f"\n\n*{_('This reply is not complete.')}*"
    files = attached_to(message)
    attached = f"{_literal(files)}\n\n" if files else ""
    text = _closed(message.text.strip())
    said = "\n\n".join(filter(None, [*_calls(message), text, *_pictures(message)]))
    return f"## {name} · {said_at}\n\n{attached}{said}{end}\n"


def _calls(message: Message) -> list[str]:
    """Each in a line, then what it was given and what it brought, in blocks of code."""
    written = []
    for step in steps_of(message):
        took = f" ({step.seconds})" if step.seconds else ""
        written += [f"*{_literal(step.title + took)}*", _fenced(step.arguments or "{}")]
        written += [_fenced(step.content)] if step.content else []
    return written


def _fenced(text: str) -> str:
    """A block of code that nothing in the text can end."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _pictures(message: Message) -> list[str]:
    """Each in words: a file of text holds none."""
    return [
        "*[{}]*".format(_literal(_("Image: %(prompt)s") % {"prompt": image.alt or "–"}))
        for image, _file in images_of(message)
    ]


def _literal(text: str) -> str:
    """Text on one line that means itself and nothing in Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _closed(text: str) -> str:
    """Markdown whose last code block ends, so that it does not swallow the turns after it."""
    fence = ""
    for line in text.splitlines():
        match = _FENCE.match(line)
        if match and not fence:
            fence = match["fence"]
        elif match and match["fence"].startswith(fence) and not match["rest"].strip():
            fence = ""
    return f"{text}\n{fence}" if fence else text


MARKDOWN = Format(
    suffix="md",
    content_type="text/markdown; charset=utf-8",
    ids=_ids,
    head=_head,
    message=_message,
    joint="\n",
    tail="",
)
