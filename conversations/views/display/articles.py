"""Messages as the page shows them: live text from the hub, finished HTML from the database."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from conversations.generation.live import hub
from conversations.models import Attachment, Generation, Message, ToolApproval, User
from conversations.presentation import tool_steps
from conversations.queries.branches import VersionPosition
from conversations.queries.costs import Costs
from conversations.queries.messages import MessagePage
from conversations.rendering import stream
from conversations.upstream.answer.parts import Part, from_json
from conversations.upstream.errors import ErrorKind
from conversations.views.display import run_facts
from conversations.views.display.endings import sentence_of
from conversations.views.display.error_sentences import (
    Explanation,
    explain,
    reason_of,
    refused_parameter,
)
from conversations.views.display.images import ArticleImages, no_picture


@dataclass(frozen=True)
class ArticleFile:
    """One file, as templates/conversations/_attachments.html reads it."""

    attachment: Attachment

    @property
    def url(self) -> str:
        """Where its person gets it."""
        return reverse("attachment", args=[self.attachment.pk])


@dataclass(frozen=True)
class Article(ArticleImages):
    """One article of the thread, as templates/conversations/_message.html reads it."""

    message: Message
    viewer: User
    previous: Message | None
    place: VersionPosition | None = None
    is_end: bool = False
    # What of the reader the words depend on: the same for all articles of a page.
    manner: tuple[object, ...] = ()
    costs: Costs = field(default_factory=Costs)

    @property
    def id(self) -> uuid.UUID:
        """The message's id."""
        return self.message.id

    @property
    def conversation_id(self) -> uuid.UUID:
        """The conversation it belongs to."""
        return self.message.conversation_id

    @cached_property
    def url(self) -> str:
        """Its address, below which is what can be done with it."""
        return reverse("message", args=[self.conversation_id, self.id])

    @property
    def has_versions(self) -> bool:
        """Whether its turn has other versions."""
        return self.place is not None and self.place.count > 1

    @property
    def tree(self) -> str:
        """All that an article shows of the tree: a page replaces what shows another."""
        place, end = self.place, "end" if self.shows_end else ""
        if self.is_waiting:
            end = f"{end} {len(self.approvals)}"
        if place is None or place.count == 1:
            return end
        return f"{place.before} {place.number}/{place.count} {place.after} {end}"

    @property
    def shows_end(self) -> bool:
        """Whether it shows that nothing follows: something can be asked there.

        A whole answer looks the same at the end of its branch and in its middle: neither drawn nor
        replaced when something follows.
        """
        return self.is_end and (self.role == Message.Role.USER or self.can_continue)

    @property
    def role(self) -> str:
        """Who speaks."""
        return self.message.role

    @property
    def created(self) -> datetime.datetime:
        """When it was said."""
        return self.message.created

    @property
    def starts_day(self) -> bool:
        """Whether it is the first of its day in the person's zone."""
        if self.previous is None:
            return True
        return timezone.localdate(self.created) != timezone.localdate(self.previous.created)

    @cached_property
    def generation(self) -> Generation | None:
        """The newest run of it."""
        return self.runs[-1] if self.runs else None

    @property
    def status(self) -> str:
        """Where that run stands."""
        return self.generation.status if self.generation else Generation.Status.COMPLETED

    @property
    def is_active(self) -> bool:
        """Whether the answer is still on its way."""
        return self.generation is not None and self.generation.is_under_way

    @cached_property
    def text(self) -> str:
        """What was said, in Markdown."""
        return self.message.text

    @cached_property
    def files(self) -> list[ArticleFile]:
        """What was attached to it."""
        return [ArticleFile(row) for row in self.message.attachments.all()]

    @cached_property
    def _live(self) -> hub.LiveView | None:
        run = self.generation
        view = hub.view(run.id) if run is not None and run.is_under_way else None
        # Until its first frame an answer that is continued shows what it had.
        return view if view is not None and view.sequence else None

    @cached_property
    def body_html(self) -> SafeString:
        """The blocks of the answer, as they stand live, else finished."""
        if self._live is not None:
            html = stream.wrap_blocks(self._live.blocks)
        else:
            html = self.message.finished_html
        return mark_safe(html)  # noqa: S308 (the renderer sanitises)

    @property
    def reasoning(self) -> str:
        """What the model thought aloud so far."""
        return self._live.reasoning if self._live is not None else self.message.reasoning

    @cached_property
    def step_parts(self) -> Iterable[Part]:
        """The calls of tools and the pictures."""
        return self._live.steps if self._live is not None else from_json(self.message.parts)

    @cached_property
    def steps(self) -> list[tool_steps.Step]:
        """The calls of tools so far."""
        waiting = self.approvals if self.is_waiting else {}
        return tool_steps.steps_of(self.step_parts, is_active=self.is_active, waiting=waiting)

    @property
    def can_be_copied(self) -> bool:
        """Whether there is something that a conversation of its own could begin with."""
        return bool(self.text or self.all_pictures)

    @property
    def seconds_drawing(self) -> int | None:
        """For how long an image model has been at it; None where none is."""
        run = self.generation
        if run is None or not self.is_active or run.model is None or not run.model.makes_images:
            return None
        return max(int((timezone.now() - run.created).total_seconds()), 0)

    @property
    def is_waiting(self) -> bool:
        """Whether the answer goes on when somebody has allowed or denied calls."""
        return self.status == Generation.Status.AWAITING_APPROVAL

    @property
    def is_stoppable(self) -> bool:
        """Whether there is something to stop: an answer on its way, or one that waits."""
        return self.generation is not None and self.generation.is_active

    @cached_property
    def approvals(self) -> dict[str, ToolApproval]:
        """The questions that wait, by their calls. Asked only for an answer that rests."""
        rows = self.message.approvals.filter(state=ToolApproval.State.WAITING)
        return {row.call_id: row for row in rows}

    @property
    def approval_url(self) -> str:
        """Where they are answered."""
        return reverse("approval", args=[self.conversation_id, self.id])

    @property
    def steps_summary(self) -> str:
        """The calls in a line."""
        return tool_steps.summary_of(self.steps)

    @property
    def has_open_steps(self) -> bool:
        """Whether the calls are unfolded: while they run, and where something failed."""
        return self.is_active or any(step.state in {"failed", "waiting"} for step in self.steps)

    @property
    def steps_url(self) -> str:
        """Where they are fetched anew."""
        return reverse("message_steps", args=[self.conversation_id, self.id])

    @property
    def changes_of_steps(self) -> int:
        """How often they had changed when this was rendered."""
        return self._live.changes_of_steps if self._live is not None else 0

    @property
    def speaker(self) -> str:
        """The name in the margin: the person, or the model under its name for display."""
        if self.role == Message.Role.USER:
            return str(self.viewer)
        return self.generation.model_label if self.generation else self.message.model_label

    @cached_property
    def runs(self) -> list[Generation]:
        """All runs of it, the oldest first: each Continue is another one."""
        return sorted(self.message.generations.all(), key=lambda run: run.id)

    @cached_property
    def account(self) -> run_facts.RunFacts:
        """What the runs took, for its foot."""
        return run_facts.account_of(self.runs, self.costs.of(run.pk for run in self.runs))

    @property
    def end(self) -> str:
        """How the answer ended, where that needs words and no error says it."""
        run = self.generation
        if run is None or run.is_active or self.error is not None:
            return ""
        has_text = bool(self.text or self.steps or self.pictures)
        said = sentence_of(run, has_text=has_text, kept=self.account)
        return said or ("" if self.pictures else no_picture(run, self.speaker))

    @property
    def can_continue(self) -> bool:
        """Whether the rest of it can be asked for."""
        run = self.generation
        return (
            run is not None
            and run.can_continue
            and self.is_end
            and run.model is not None
            and not run.model.makes_images
            and run.error_kind != ErrorKind.TOO_LARGE
            and bool(self.text)
        )

    @cached_property
    def error(self) -> Explanation | None:
        """What to say about a run that failed."""
        run = self.generation
        if run is None or run.status != Generation.Status.FAILED:
            return None
        return explain(
            reason_of(run),
            model=self.speaker,
            connection=run.connection_name,
            manages=self._manages(run),
            status=run.error_status,
            parameter=self.refused_parameter,
        )

    @property
    def refused_parameter(self) -> str:
        """The parameter that the upstream would not have; "" where that is not it."""
        return refused_parameter(self.generation) if self.generation else ""

    @property
    def fingerprint(self) -> str:
        """A digest of all that the article shows: while it is the same, so is the HTML.

        "" for what changes by itself, or shows more than its own rows: an answer on its way, and
        one that failed, whose words depend on the connection.
        """
        if self.is_active or self.is_waiting or self.status == Generation.Status.FAILED:
            return ""
        rows = [self.message, *self.runs, *(file.attachment for file in self.files)]
        own = (self.starts_day, self.tree, self.speaker)
        shows = (self.manner, own, [_values(row) for row in rows])
        return hashlib.blake2b(repr(shows).encode(errors="surrogatepass")).hexdigest()

    @property
    def connection_url(self) -> str:
        """Where the reader can change the connection that failed; "" when they cannot."""
        run = self.generation
        if run is None or run.connection is None or not self._manages(run):
            return ""
        if run.connection.is_managed:
            return ""
        return reverse("settings_connection", args=[run.connection.pk])

    def _manages(self, run: Generation) -> bool:
        """Whether the connection is theirs, or the team's and they are an administrator."""
        if run.connection is None:
            return False
        owner = run.connection.owner_id
        return self.viewer.is_administrator if owner is None else owner == self.viewer.pk


def _values(row: Model) -> list[object]:
    """What its columns hold, as it was read."""
    return [vars(row).get(field.attname) for field in row._meta.concrete_fields]  # noqa: SLF001 (documented)


def shown(stretch: MessagePage, viewer: User) -> list[Article]:
    """The articles of a stretch of the branch."""
    before = [stretch.previous, *stretch.messages]
    who = (viewer.pk, str(viewer), viewer.role)
    manner = (*who, get_language(), timezone.get_current_timezone_name())
    costs = Costs(stretch.messages)
    return [
        Article(
            message,
            viewer,
            previous,
            place=stretch.places.get(message.pk),
            is_end=message.pk == stretch.leaf_id,
            manner=manner,
            costs=costs,
        )
        for message, previous in zip(stretch.messages, before, strict=False)
    ]


def articles(request: HttpRequest, messages: Iterable[Article]) -> SafeString:
    """The HTML of articles, one after the other, as the thread holds them."""
    return render_to_string("conversations/_messages.html", {"messages": messages}, request)
