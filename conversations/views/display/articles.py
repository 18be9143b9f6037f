"""Messages as articles of a thread."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conversations.models import Attachment, Generation, Message, User
from conversations.queries.branches import VersionPosition
from conversations.queries.costs import Costs
from conversations.queries.messages import MessagePage
from conversations.upstream.errors import ErrorKind
from conversations.views.display import run_facts
from conversations.views.display.article_errors import ErrorArticle
from conversations.views.display.endings import sentence_of
from conversations.views.display.fingerprints import fingerprint
from conversations.views.display.images import no_image


@dataclass(frozen=True)
class ArticleFile:
    """A file of a message, for templates/conversations/_attachments.html."""

    attachment: Attachment

    @property
    def url(self) -> str:
        return reverse("attachment", args=[self.attachment.pk])


@dataclass(frozen=True)
class Article(ErrorArticle):
    """A message of a thread, for templates/conversations/_message.html.

    ``place``: its position among its versions. ``is_end``: nothing follows it. ``manner``: what
    else of the reader the HTML depends on, the same for all articles of a page.
    """

    place: VersionPosition | None = None
    is_end: bool = False
    manner: tuple[object, ...] = ()
    costs: Costs = field(default_factory=Costs)

    @property
    def conversation_id(self) -> uuid.UUID:
        return self.message.conversation_id

    @cached_property
    def url(self) -> str:
        """The URL of the message; those of its actions begin with it."""
        return reverse("message", args=[self.conversation_id, self.id])

    @property
    def has_versions(self) -> bool:
        return self.place is not None and self.place.count > 1

    @property
    def tree(self) -> str:
        """The position in the tree as far as it is shown: a page replaces articles by it."""
        place, end = self.place, "end" if self.shows_end else ""
        if self.is_waiting:
            open_questions = [step for step in self.steps if step.state == "waiting"]
            end = f"{end} {len(open_questions)}"
        if place is None or place.count == 1:
            return end
        return f"{place.before} {place.number}/{place.count} {place.after} {end}"

    @property
    def shows_end(self) -> bool:
        """Whether the article offers to ask for a reply, or for the rest of one.

        A complete answer looks the same at the end of its branch and within it, so that it is not
        rendered again when something follows.
        """
        return self.is_end and (self.role == Message.Role.USER or self.can_continue)

    @cached_property
    def files(self) -> list[ArticleFile]:
        return [ArticleFile(row) for row in self.message.attachments.all()]

    @property
    def can_be_copied(self) -> bool:
        """Whether a new conversation could begin with it."""
        return bool(self.text or self.all_pictures)

    @cached_property
    def account(self) -> run_facts.RunFacts:
        """The tokens, seconds and costs of all runs."""
        return run_facts.totals_of(self.runs, self.costs.of(run.pk for run in self.runs))

    @property
    def end(self) -> str:
        """A sentence about how the answer ended; "" if it is complete, or an error says it."""
        run = self.generation
        if run is None or run.is_active or self.error is not None:
            return ""
        has_text = bool(self.text or self.steps or self.pictures)
        sentence = sentence_of(run, has_text=has_text, facts=self.account)
        return sentence or ("" if self.pictures else no_image(run, self.speaker))

    @property
    def can_continue(self) -> bool:
        """Whether the model can be asked for the rest of the answer."""
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

    @property
    def fingerprint(self) -> str:
        """The cache key of the article's HTML; "" if it must not be cached.

        Live and waiting answers change; a failed one also depends on its connection.
        """
        if self.is_active or self.is_waiting or self.status == Generation.Status.FAILED:
            return ""
        rows = [self.message, *self.runs, *(file.attachment for file in self.files)]
        return fingerprint((self.manner, self.starts_day, self.tree, self.speaker), rows)


def articles_of(page: MessagePage, viewer: User) -> list[Article]:
    """Return an article for each message of a page of a branch."""
    before = [page.previous, *page.messages]
    reader = (viewer.pk, str(viewer), viewer.role)
    manner = (*reader, get_language(), timezone.get_current_timezone_name())
    costs = Costs(page.messages)
    return [
        Article(
            message=message,
            previous=previous,
            viewer=viewer,
            place=page.places.get(message.pk),
            is_end=message.pk == page.leaf_id,
            manner=manner,
            costs=costs,
        )
        for message, previous in zip(page.messages, before, strict=False)
    ]


def render_articles(request: HttpRequest, articles: Iterable[Article]) -> SafeString:
    """Return the HTML of the articles in a row, as a thread holds them."""
    return render_to_string("conversations/_messages.html", {"messages": articles}, request)
