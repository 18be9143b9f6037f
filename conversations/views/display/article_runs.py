"""The runs of an answer: where the newest stands, and its content while it is live."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from conversations.generation.live import hub
from conversations.models import Generation, Message, ToolApproval
from conversations.presentation import tool_steps
from conversations.presentation.trail import Trail
from conversations.rendering import stream
from conversations.upstream.answer.parts import Part, seconds_thought
from conversations.views.display.article_base import BaseArticle
from conversations.views.display.questions import Question, questions_of


@dataclass(frozen=True)
class RunArticle(BaseArticle[Message]):
    """A message with its runs. A user's message has none, which is shown as completed."""

    @cached_property
    def runs(self) -> list[Generation]:
        """The runs, oldest first: the answer's own, and one for each Continue."""
        return sorted(self.message.generations.all(), key=lambda run: run.id)

    @cached_property
    def generation(self) -> Generation | None:
        """The newest run."""
        return self.runs[-1] if self.runs else None

    @property
    def status(self) -> str:
        return self.generation.status if self.generation else Generation.Status.COMPLETED

    @property
    def is_active(self) -> bool:
        """Whether the answer is being produced."""
        return self.generation is not None and self.generation.is_under_way

    @property
    def is_waiting(self) -> bool:
        """Whether the answer goes on once its tool calls are allowed or denied."""
        return self.status == Generation.Status.AWAITING_APPROVAL

    @property
    def is_stoppable(self) -> bool:
        """Whether the answer has not ended: it is being produced, or waits for approval."""
        return self.generation is not None and self.generation.is_active

    @cached_property
    def _live(self) -> hub.LiveView | None:
        run = self.generation
        view = hub.view(run.id) if run is not None and run.is_under_way else None
        # Before its first frame the hub has nothing: a continued answer shows its stored part.
        return view if view is not None and view.sequence else None

    @cached_property
    def text(self) -> str:
        return self.message.text

    @cached_property
    def body_html(self) -> SafeString:
        """The blocks of the answer, from the hub while it is live."""
        if self._live is None:
            return super().body_html
        return mark_safe(stream.wrap_blocks(self._live.blocks))  # noqa: S308 (the renderer sanitises)

    @property
    def reasoning(self) -> str:
        return self._live.reasoning if self._live is not None else self.message.reasoning

    @cached_property
    def step_parts(self) -> Iterable[Part]:
        return self._live.steps if self._live is not None else super().step_parts

    @cached_property
    def steps(self) -> list[tool_steps.Step]:
        """The tool calls of the answer, so far."""
        return tool_steps.steps_of(
            self.step_parts,
            is_active=self.is_active,
            approvals=self.approvals if self.is_waiting else {},
            is_held=self.is_waiting,
        )

    @cached_property
    def trail(self) -> Trail:
        """The reasoning and the tool calls, so far."""
        live = self._live
        return Trail(
            steps=self.steps,
            reasoning=self.reasoning,
            thought=self._seconds_thought,
            seconds=None if self.is_active else self._seconds,
            is_active=self.is_active,
            is_thinking=live is not None and live.thinking_since is not None,
            is_writing=live is not None and live.is_writing,
        )

    @property
    def _seconds_thought(self) -> float:
        live = self._live
        if live is None:
            # Before the first word the model is taken to think.
            return self.seconds_running if self.is_active else seconds_thought(super().step_parts)
        since = live.thinking_since
        return live.seconds_thought + (time.monotonic() - since if since is not None else 0.0)

    @property
    def _seconds(self) -> float | None:
        told = [run.seconds for run in self.runs if run.seconds is not None]
        return sum(told) if told else None

    @property
    def seconds_running(self) -> int:
        """Seconds since the runs of an active answer began, without the waits between them."""
        run = self.generation
        now = (timezone.now() - run.created).total_seconds() if run else 0.0
        return max(int(now + (self._seconds or 0.0)), 0)

    @property
    def steps_url(self) -> str:
        return reverse("message_steps", args=[self.message.conversation_id, self.id])

    @property
    def changes_of_steps(self) -> int:
        """The count of changes that the rendered tool calls include."""
        return self._live.changes_of_steps if self._live is not None else 0

    @cached_property
    def approvals(self) -> dict[str, ToolApproval]:
        """The questions about tool calls by the ids of their calls."""
        return {row.call_id: row for row in self.message.approvals.all()}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions that wait for the user, by the ids of their calls."""
        waiting = [step for step in self.steps if step.state == "waiting"]
        return questions_of(self.message.conversation, waiting) if waiting else {}

    @property
    def asked_steps(self) -> list[tuple[tool_steps.Step, Question | None]]:
        """Each tool call, with the question about it if it waits for an answer."""
        return [(step, self.questions.get(step.id)) for step in self.steps]

    @property
    def approval_url(self) -> str:
        return reverse("approval", args=[self.message.conversation_id, self.id])

    @property
    def seconds_drawing(self) -> int | None:
        """Seconds since an image model was asked; None for other models, or if it has ended."""
        run = self.generation
        if run is None or not self.is_active or run.model is None or not run.model.makes_images:
            return None
        return max(int((timezone.now() - run.created).total_seconds()), 0)
