"""A sentence for each reason why a file is refused."""

from __future__ import annotations

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.file_reading.refusals import Reason, UnreadableError


def explain_unreadable(error: UnreadableError) -> str:
    if error.reason is Reason.TOO_LARGE:
        return too_large()
    if error.reason is Reason.TOO_LONG:
        return _("It has more than %(limit)s characters. Attach part of it.") % {
            "limit": number_format(error.limit)
        }
    if error.reason is Reason.TOO_MANY_PAGES:
        return _("It has more than %(limit)s pages. Attach part of it.") % {"limit": error.limit}
    if error.reason is Reason.TOO_MANY_PIXELS:
        return _("The image has too many pixels. Make it smaller first.")
    return {
        Reason.EMPTY: _("The file is empty."),
        Reason.LOCKED: _("The PDF is locked. Remove its password first."),
        Reason.NO_TEXT: _("No text found. Attach scanned pages as images."),
        Reason.BROKEN: _("The file is damaged and cannot be read."),
        Reason.UNKNOWN: _(
            "This kind of file can’t be read. Attach text, code, a PDF or an image (PNG, "
            "JPEG, GIF, WebP)."
        ),
    }[error.reason]


def too_large() -> str:
    """Return the sentence for a file that is too large, which scripts show before an upload."""
    return _("Larger than %(limit)s. Attach a smaller file.") % {
        "limit": filesizeformat(settings.MAX_ATTACHMENT_BYTES)
    }
