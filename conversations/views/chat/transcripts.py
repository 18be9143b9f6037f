"""Any user's conversation, read-only, for administrators. Opening it is recorded."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import access
from conversations.actions import audit
from conversations.models import Conversation, Message
from conversations.queries import messages
from conversations.queries.review import branch_ends
from conversations.views.display.articles import articles_of
from conversations.views.web.permissions import administrator_required
from conversations.views.web.requests import current_user


@require_safe
@administrator_required
def transcript(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Render the shown branch, the one to ``?end=``, or what precedes the message ``?before=``.

    The audit entry is written first: an opening that cannot be recorded shows nothing.
    """
    row = access.conversation_to_review(current_user(request), conversation_id)
    before, end = _message(request, row, "before"), _message(request, row, "end")
    audit.record_opening(row, actor=current_user(request))
    if before:
        stretch = messages.before(before)
    elif end:
        stretch = messages.ending_with(end, limit=messages.PAGE)
    else:
        stretch = messages.newest(row)
    context = {
        "conversation": row,
        "is_own": row.owner_id == request.user.pk,
        "messages_shown": articles_of(stretch, row.owner),
        "has_older": stretch.has_older,
        "branch_ends": branch_ends(row),
        "shown_end": end.pk if end else row.leaf_id,
    }
    return render(request, "admin/conversations/conversation/transcript.html", context)


def _message(request: HttpRequest, row: Conversation, name: str) -> Message | None:
    """Return the message that a parameter of the URL names. Raises NotFound."""
    value = request.GET.get(name, "")
    if not value:
        return None
    return access.message_for(row.owner, row, access.require_id(value), include_deleted=True)
