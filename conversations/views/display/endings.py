"""How an answer ended, when that needs words: stopped, interrupted, cut, filtered."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Generation
from conversations.views.display.run_facts import RunFacts

# A stream that ends with [DONE] alone names no reason (architecture § 4.11).
_EXPECTED = {"", "stop"}


def sentence_of(run: Generation, *, has_text: bool, kept: RunFacts) -> str:
    """One sentence, or "" for an answer that ended as it should."""
    if run.status == Generation.Status.STOPPED:
        return _stopped(kept) if has_text else _("You stopped this reply before it began.")
    if run.status == Generation.Status.AWAITING_APPROVAL:
        return ""
    if run.status == Generation.Status.INTERRUPTED:
        if has_text:
            return _("This reply was interrupted. What arrived is kept.")
        return _("This reply was interrupted before it began. Your message is safe.")
    return _finished(run.finish_reason, has_text=has_text)


def _stopped(kept: RunFacts) -> str:
    if not kept.completion:
        return _("You stopped this reply. What arrived is kept.")
    return ngettext(
        "You stopped this reply. %(count)s token kept.",
        "You stopped this reply. %(count)s tokens kept.",
        kept.completion,
    ) % {"count": ("≈ " if kept.is_estimated else "") + intcomma(kept.completion)}


def _finished(reason: str, *, has_text: bool) -> str:
    if reason in _EXPECTED:
        return ""
    if reason == "length":
        if has_text:
            return _("This reply reached the token limit.")
        return _("The token limit was reached before the reply began. Raise it, then retry.")
    if reason in {"tool_calls", "function_call"}:
        return _("This reply ended with calls of tools that were not run.")
    if reason == "content_filter":
        return _("The server’s content filter ended this reply.")
    return _("The server ended this reply for a reason of its own: “%(reason)s”.") % {
        "reason": reason
    }
