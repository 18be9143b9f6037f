"""A conversation as a file and as a page to print, streamed."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from conversations import access
from conversations.models import Attachment
from conversations.transfer import export
from conversations.transfer.file_names import file_name
from conversations.transfer.formats.as_html import HTML, message_with
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user


@require_safe
@login_required
def export_file(
    request: HttpRequest, conversation_id: uuid.UUID, name: str
) -> StreamingHttpResponse:
    """Download a conversation in one of export.FORMATS."""
    conversation = access.conversation_for(current_user(request), conversation_id)
    wanted = export.FORMATS.get(name)
    if wanted is None:
        raise access.NotFound
    header = content_disposition_header(
        as_attachment=True, filename=file_name(conversation.title, wanted.suffix)
    )
    return StreamingHttpResponse(
        export.pieces(conversation, wanted, reader=_reader()),
        content_type=wanted.content_type,
        headers={"Content-Disposition": header or "attachment"},
    )


@require_safe
@login_required
def print_page(request: HttpRequest, conversation_id: uuid.UUID) -> StreamingHttpResponse:
    """Render the shown branch on one page, which opens the browser's print dialog."""
    conversation = access.conversation_for(current_user(request), conversation_id)
    head = render_to_string("export/print_head.html", {"conversation": conversation}, request)
    page = replace(HTML, head=lambda _conversation: head, message=message_with(_address))
    return StreamingHttpResponse(
        export.pieces(conversation, page, reader=_reader()), content_type=page.content_type
    )


def _address(file: Attachment) -> str:
    """Return the URL of an image for the page; in a file images are embedded."""
    return f"{reverse('attachment', args=[file.pk])}?thumbnail"


def _reader() -> export.ExportLocale:
    return export.ExportLocale(translation.get_language() or "en", timezone.get_current_timezone())
