"""Messages of a shared snapshot as articles."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from conversations.models import Attachment, Generation, SharedMessage
from conversations.queries.sharing import SharedPage
from conversations.views.display.article_base import BaseArticle


@dataclass(frozen=True)
class SharedFile:
    """A file of a snapshot, for templates/conversations/_attachments.html."""

    attachment: Attachment
    token: str

    @property
    def url(self) -> str:
        return reverse("shared_file", args=[self.token, self.attachment.pk])


@dataclass(frozen=True)
class SharedArticle(BaseArticle[SharedMessage]):
    """A message of a snapshot. Its id is the snapshot's: it does not lead to the original."""

    generation = None
    is_active = is_stoppable = False
    status = Generation.Status.COMPLETED

    @property
    def speaker(self) -> str:
        """The name of the user or model when the snapshot was made."""
        return self.message.speaker

    @property
    def files(self) -> list[SharedFile]:
        token = self.message.link.token
        return [SharedFile(row, token) for row in self.message.attachments.all()]

    @property
    def end(self) -> str:
        """A sentence about an incomplete answer, without the reason, which is private."""
        return "" if self.message.is_whole else _("This reply is not complete.")


def shared_articles(page: SharedPage) -> list[SharedArticle]:
    """Return an article for each message of a page of the snapshot."""
    before = [page.previous, *page.messages]
    return [
        SharedArticle(message, previous)
        for message, previous in zip(page.messages, before, strict=False)
    ]
