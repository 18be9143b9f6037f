"""Messages of a snapshot as the templates of the chat show them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from conversations.models import Attachment, Generation, SharedMessage
from conversations.queries.sharing import SharedPage
from conversations.upstream.answer.parts import Part, from_json
from conversations.views.display.images import ArticleImages


@dataclass(frozen=True)
class SharedFile:
    """One file, as templates/conversations/_attachments.html reads it."""

    attachment: Attachment
    token: str

    @property
    def url(self) -> str:
        """Where who may open the link gets it."""
        return reverse("shared_file", args=[self.token, self.attachment.pk])


@dataclass(frozen=True)
class SharedArticle(ArticleImages):
    """One article, as templates/conversations/_message.html reads it: at rest, without a run."""

    message: SharedMessage
    previous: SharedMessage | None

    generation = None
    is_active = is_stoppable = False
    status = Generation.Status.COMPLETED

    @property
    def id(self) -> uuid.UUID:
        """The row's id: nobody can tell the message's from it."""
        return self.message.pk

    @property
    def role(self) -> str:
        """Who speaks."""
        return self.message.role

    @property
    def speaker(self) -> str:
        """The name, as it was."""
        return self.message.speaker

    @property
    def created(self) -> datetime.datetime:
        """When it was said."""
        return self.message.created

    @property
    def starts_day(self) -> bool:
        """Whether it is the first of its day."""
        if self.previous is None:
            return True
        return timezone.localdate(self.created) != timezone.localdate(self.previous.created)

    @property
    def files(self) -> list[SharedFile]:
        """What was attached to it, under addresses of the link."""
        token = self.message.link.token
        return [SharedFile(row, token) for row in self.message.attachments.all()]

    @property
    def step_parts(self) -> tuple[Part, ...]:
        """The pictures among them are what a snapshot has beside words."""
        return from_json(self.message.parts)

    @property
    def text(self) -> str:
        """What was said, in Markdown."""
        return self.message.text

    @property
    def reasoning(self) -> str:
        """What the model thought aloud, where that was shared."""
        return self.message.reasoning

    @property
    def body_html(self) -> SafeString:
        """The blocks of the answer."""
        return mark_safe(self.message.finished_html)  # noqa: S308 (the renderer sanitises)

    @property
    def end(self) -> str:
        """That it is cut off; how and why is its author's business."""
        return "" if self.message.is_whole else _("This reply is not complete.")


def shared_articles(stretch: SharedPage) -> list[SharedArticle]:
    """The articles of a stretch of the snapshot."""
    before = [stretch.previous, *stretch.messages]
    return [
        SharedArticle(message, previous)
        for message, previous in zip(stretch.messages, before, strict=False)
    ]
