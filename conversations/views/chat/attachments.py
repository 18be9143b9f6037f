"""Uploading files for a message, discarding and serving them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import attachments as actions
from conversations.actions.audit import record_opening_of_file
from conversations.file_reading.refusals import Reason, UnreadableError
from conversations.models import Attachment
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.web.files import file_response
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, refuse
from conversations.views.web.requests import current_user


@require_POST
@login_required
def attachment_create(request: HttpRequest) -> HttpResponse:
    """Store an upload; answers with JSON about it."""
    upload = request.FILES.get("file")
    try:
        row = take(request, upload)
    except Refusal as refusal:
        return refuse(request, refusal, reverse("new_chat"))
    return JsonResponse(_as_json(row), status=201)


@require_POST
@login_required
def attachment_deletion(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Discard a file that has not been sent."""
    row = access.attachment_for(current_user(request), attachment_id)
    if row.message_id is not None:
        raise access.NotFound
    actions.discard(row)
    return done(request, url=reverse("new_chat"))


@require_safe
@login_required
def attachment(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Serve a file to its owner, or to an administrator, which is recorded."""
    user = current_user(request)
    row = access.attachment_to_show(user, attachment_id)
    if row.owner_id != user.pk and row.message is not None:
        record_opening_of_file(row.message.conversation, actor=user)
    return file_response(row, is_small="thumbnail" in request.GET)


def take_all(request: HttpRequest) -> str:
    """Store the files of a plain form; return a sentence about the first that is refused, or "".

    Their ids join the form's fields as if a script had uploaded them, so that a message that is
    refused comes back with its files.
    """
    fields = request.POST.copy()
    request.POST = fields  # type: ignore[assignment]  # a QueryDict, as Django's own
    for upload in request.FILES.getlist("files"):
        try:
            fields.appendlist("attachment", str(take(request, upload).pk))
        except UnreadableError as refusal:
            return f"{upload.name}: {sentence_of(refusal)}"
        except Refusal as refusal:
            return sentence_of(refusal)
    return ""


def take(request: HttpRequest, upload: UploadedFile[bytes] | None) -> Attachment:
    """Store an upload. Raises UnreadableError, actions.TooManyWaitingError."""
    if upload is None:
        raise UnreadableError(Reason.EMPTY)
    if (upload.size or 0) > settings.MAX_ATTACHMENT_BYTES:
        raise UnreadableError(Reason.TOO_LARGE, limit=settings.MAX_ATTACHMENT_BYTES)
    name = upload.name or _("File")
    return actions.upload(current_user(request), name=name, content=upload.read())


def _as_json(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.kind,
        "facts": facts(row),
        "tokens": row.tokens,
        "url": reverse("attachment", args=[row.pk]),
        "deletion": reverse("attachment_deletion", args=[row.pk]),
    }


def facts(row: Attachment) -> str:
    """Return the size that matters: of an image its pixels, of a text its bytes and tokens."""
    if row.is_image:
        return f"{row.width} × {row.height}"
    return _("%(size)s, ≈ %(tokens)s tokens") % {
        "size": filesizeformat(row.size),
        "tokens": f"{row.tokens:,}",
    }
