"""A sentence for each way an answer ends early: stopped, interrupted, cut off, filtered."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Generation
from conversations.views.display.run_facts import RunFacts

# A stream may end with [DONE] alone, without a finish reason.
_EXPECTED = {"", "stop"}


def sentence_of(run: Generation, *, has_text: bool, facts: RunFacts) -> str:
    """Return a sentence, or "" for a complete answer. ``facts`` has the tokens stored."""
    if run.status == Generation.Status.STOPPED:
        return _stopped(facts) if has_text else _("You stopped this reply before it began.")
    if run.status == Generation.Status.AWAITING_APPROVAL:
        return ""
    if run.status == Generation.Status.INTERRUPTED:
        if has_text:
            return _("This reply was interrupted. What arrived is kept.")
        return _("This reply was interrupted before it began. Your message is safe.")
    return _finished(run.finish_reason, has_text=has_text)


def _stopped(facts: RunFacts) -> str:
    if not facts.completion:
        return _("You stopped this reply. What arrived is kept.")
    return ngettext(
        "You stopped this reply. %(count)s token kept.",
        "You stopped this reply. %(count)s tokens kept.",
        facts.completion,
    ) % {"count": ("≈ " if facts.is_estimated else "") + intcomma(facts.completion)}


def _finished(reason: str, *, has_text: bool) -> str:
    if reason in _EXPECTED:
        return ""
    if reason == "length":
        if has_text:
            return _("This reply reached the token limit.")
        return _("The token limit was reached before the reply began. Raise it, then retry.")
    if reason in {"tool_calls", "function_call"}:
        return _("This reply ended with tool calls that didn’t run.")
    if reason == "content_filter":
        return _("The server’s content filter ended this reply.")
    return _("The server ended this reply. Its reason: “%(reason)s”.") % {"reason": reason}
