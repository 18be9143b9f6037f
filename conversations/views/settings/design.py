"""Every component in every state, from the templates that the pages use: a page for developers.

conversations/urls.py has its route only under ``DEBUG``.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message as Notice
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.forms.profile import ProfileForm
from conversations.models import Conversation, Generation, Message, User
from conversations.queries.branches import VersionPosition
from conversations.queries.language_models import picker_for
from conversations.queries.sidebar import SidebarRow
from conversations.upstream.errors import ErrorKind
from conversations.views.display.articles import Article
from conversations.views.settings.design_samples import ANSWER, BEGINNING, QUESTION
from conversations.views.web.permissions import administrator_required
from conversations.views.web.requests import current_user

Status = Generation.Status


@dataclass(frozen=True)
class Sample(Article):
    """An article that is not in the database."""

    run: Generation | None = None
    fingerprint = ""

    @cached_property
    def generation(self) -> Generation | None:
        return self.run


@require_safe
@administrator_required
def settings_design(request: HttpRequest) -> HttpResponse:
    """Render the design page, for administrators."""
    user = current_user(request)
    conversation = Conversation(owner=user, title=_("Staffing the desk for Double 12"))
    context = {
        "conversation": conversation,
        "picker": picker_for(user),
        "rows": _rows(user),
        "samples": _samples(user, conversation),
        "notices": [
            Notice(constants.SUCCESS, _("Saved")),
            Notice(constants.WARNING, _("You are offline")),
            Notice(constants.ERROR, _("The server refused the key")),
        ],
        **_forms(user),
    }
    return render(request, "settings/design.html", context)


def _samples(user: User, conversation: Conversation) -> list[Sample]:
    """Return a user's message, and an answer in each state."""
    question = Message(conversation=conversation, role="user", parts=_parts(QUESTION))
    states: list[tuple[str, dict[str, Any]]] = [
        (ANSWER, {"status": Status.COMPLETED, "finish_reason": "stop", **_account()}),
        ("", {"status": Status.QUEUED}),
        (BEGINNING, {"status": Status.RUNNING}),
        (BEGINNING, {"status": Status.STOPPED}),
        (BEGINNING, {"status": Status.INTERRUPTED}),
        (BEGINNING, {"status": Status.COMPLETED, "finish_reason": "length"}),
        ("", {"status": Status.FAILED, "error_kind": ErrorKind.KEY_REFUSED, "error_status": 401}),
        ("", {"status": Status.FAILED, "error_kind": ErrorKind.RATE_LIMITED, "error_status": 429}),
    ]
    return [
        Sample(message=question, previous=None, viewer=user),
        *(_answer(user, question, text, fields) for text, fields in states),
    ]


def _answer(user: User, question: Message, text: str, fields: dict[str, Any]) -> Sample:
    message = Message(
        conversation=question.conversation, role="assistant", parts=_parts(text, reasoning=text)
    )
    run = Generation(message=message, model_name="gpt-5.4", connection_name="AgentPivot", **fields)
    place = VersionPosition(2, 3, message.pk, message.pk) if run.finish_reason == "stop" else None
    return Sample(
        message=message, previous=question, viewer=user, place=place, is_end=True, run=run
    )


def _parts(text: str, *, reasoning: str = "") -> list[dict[str, Any]]:
    thought = [{"type": "reasoning", "text": reasoning[:120]}] if reasoning else []
    return [*thought, {"type": "text", "text": text}]


def _account() -> dict[str, Any]:
    now = timezone.now()
    started = now - datetime.timedelta(seconds=14.2)
    return {
        "prompt_tokens": 1284,
        "completion_tokens": 1106,
        "started_at": started,
        "ended_at": now,
    }


def _rows(user: User) -> list[SidebarRow]:
    """Return a row of the sidebar in each state, and one with a long title."""
    titles = [
        _("Compare freight quotes"),
        _("Replying now"),
        _("New reply"),
        _("Waiting for your approval"),
        "长" * 60,
    ]
    rows = [Conversation(owner=user, title=title) for title in titles]
    rows[2].answered_at = timezone.now()
    return [SidebarRow(row, is_answering=n == 1, is_waiting=n == 3) for n, row in enumerate(rows)]


def _forms(user: User) -> dict[str, Any]:
    """Return a form without errors and one with some."""
    plain, refused = ProfileForm(user=user), ProfileForm({"name": ""}, user=user)
    plain.auto_id, refused.auto_id = "plain_%s", "refused_%s"
    return {"plain": plain, "refused": refused}
