"""The fields that an article has in a thread and in a shared snapshot."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from conversations.models import Message, SharedMessage
from conversations.presentation.trail import Trail
from conversations.upstream.answer.parts import Part, from_json, seconds_thought
from conversations.views.display.images import ArticleImages

Row = TypeVar("Row", Message, SharedMessage)


@dataclass(frozen=True)
class BaseArticle(ArticleImages, Generic[Row]):
    """A message at rest, for templates/conversations/_message.html.

    ``previous`` is the message before it, or None at the beginning of the thread.
    """

    message: Row
    previous: Row | None

    @property
    def id(self) -> uuid.UUID:
        return self.message.pk

    @property
    def role(self) -> str:
        return self.message.role

    @property
    def created(self) -> datetime.datetime:
        return self.message.created

    @property
    def starts_day(self) -> bool:
        """Whether the message is the first of its day in the current time zone."""
        if self.previous is None:
            return True
        return timezone.localdate(self.created) != timezone.localdate(self.previous.created)

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def reasoning(self) -> str:
        return self.message.reasoning

    @property
    def body_html(self) -> SafeString:
        return mark_safe(self.message.finished_html)  # noqa: S308 (the renderer sanitises)

    @property
    def trail(self) -> Trail:
        """The reasoning alone: tool calls are not shared."""
        thought = seconds_thought(self.step_parts)
        return Trail(reasoning=self.reasoning, thought=thought)

    @property
    def step_parts(self) -> Iterable[Part]:
        """The parts of the message; its tool calls and images are read from them."""
        return from_json(self.message.parts)
