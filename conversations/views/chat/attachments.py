"""Files: taken in while a message is written, given up, and shown to whom they belong."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import access, file_store
from conversations.actions import attachments as actions
from conversations.actions.audit import record_opening_of_file
from conversations.file_reading.images import THUMBNAIL_TYPE
from conversations.file_reading.refusals import Reason, UnreadableError
from conversations.models import Attachment
from conversations.views.display.file_sentences import explain_unreadable, too_many_waiting
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, person, refuse

# A picture is shown; everything else only downloaded. Neither may do anything of its own.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'"


@login_required
@require_POST
def attachment_create(request: HttpRequest) -> HttpResponse:
    """Take in one file; JSON about it."""
    upload = request.FILES.get("file")
    try:
        row = take(request, upload)
    except UnreadableError as error:
        is_large = error.reason is Reason.TOO_LARGE
        return refuse(
            request,
            status=413 if is_large else 422,
            code=error.reason.value,
            message=explain_unreadable(error),
            url=reverse("new_chat"),
        )
    except actions.TooManyWaitingError:
        url = reverse("new_chat")
        message = too_many_waiting()
        return refuse(request, status=429, code="waiting", message=message, url=url)
    return JsonResponse(_told(row), status=201)


@login_required
@require_POST
def attachment_deletion(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Give up a file that was not sent."""
    row = access.attachment_for(person(request), attachment_id)
    if row.message_id is not None:
        raise access.NotFound
    actions.discard(row)
    return done(request, url=reverse("new_chat"))


@login_required
@require_safe
def attachment(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """The file itself, for its person; administrators see it on the record."""
    user = person(request)
    row = access.attachment_to_show(user, attachment_id)
    if row.owner_id != user.pk and row.message is not None:
        record_opening_of_file(row.message.conversation, actor=user)
    return served(row, is_small="thumbnail" in request.GET)


def served(row: Attachment, *, is_small: bool = False) -> HttpResponse:
    """The bytes, under the name they came with, where they can do no harm.

    ``is_small``: the small copy, where the file has one. Whole: one is small enough, and under
    ASGI Django would read an open file ahead all the same.
    """
    is_small = is_small and bool(row.thumbnail)
    try:
        content = file_store.read(row.thumbnail if is_small else row.digest)
    except FileNotFoundError:
        raise Http404 from None
    media_type = THUMBNAIL_TYPE if is_small else row.media_type
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not row.is_image, row.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


def take_all(request: HttpRequest) -> str:
    """Take in the files of a plain form, as if its page had done so; why one could not be.

    Their ids join the form's fields: whatever happens to the message then, they are kept.
    """
    fields = request.POST.copy()
    request.POST = fields  # type: ignore[assignment]  # a QueryDict, as Django's own
    for upload in request.FILES.getlist("files"):
        try:
            fields.appendlist("attachment", str(take(request, upload).pk))
        except UnreadableError as error:
            return f"{upload.name}: {explain_unreadable(error)}"
        except actions.TooManyWaitingError:
            return too_many_waiting()
    return ""


def take(request: HttpRequest, upload: UploadedFile[bytes] | None) -> Attachment:
    """Take in an upload. Raises UnreadableError, actions.TooManyWaitingError."""
    if upload is None:
        raise UnreadableError(Reason.EMPTY)
    if (upload.size or 0) > settings.MAX_ATTACHMENT_BYTES:
        raise UnreadableError(Reason.TOO_LARGE, limit=settings.MAX_ATTACHMENT_BYTES)
    name = upload.name or _("File")
    return actions.upload(person(request), name=name, content=upload.read())


def _told(row: Attachment) -> dict[str, Any]:
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
    """How large it is, in what counts."""
    if row.is_image:
        return f"{row.width} × {row.height}"
    return _("%(size)s, ≈ %(tokens)s tokens") % {
        "size": filesizeformat(row.size),
        "tokens": f"{row.tokens:,}",
    }
