"""The question about a tool call: the effect that it will have, and its arguments as fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.forms.tool_arguments import QuestionForm
from conversations.generation.images import make_image
from conversations.generation.tool_calls import toolbox
from conversations.models import Conversation, HttpTool, ToolMode
from conversations.presentation.tool_steps import Step
from conversations.queries.http_tools import usable_tools
from conversations.queries.parameters import team_settings
from conversations.queries.tool_modes import ToolRule, chosen_in, rules_for
from conversations.tools import calculator, clock, web_page
from conversations.tools.base import ToolError
from conversations.tools.http_request import HttpSpec, request_for
from conversations.upstream.answer.tool_calls import read_arguments

# Methods that only read, by the standard.
_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Question:
    """The view model of templates/conversations/_step_question.html.

    A call of an HTTP tool has ``method``, ``host`` and ``path``, another a ``sentence``. ``fields``
    is None for arguments that only JSON can show.
    """

    is_current: bool
    method: str
    host: str
    path: str
    sentence: str
    deadline: str
    fields: QuestionForm | None
    may_always: bool
    asks_once: bool

    @property
    def reads(self) -> bool:
        return self.method in _READING

    @property
    def words(self) -> str:
        """The call in a few words, for a list and for screen readers."""
        if not self.method:
            return self.sentence
        return self.where

    @property
    def where(self) -> str:
        """The method and the server, such as "POST to api.example.org"."""
        values = {"method": self.method, "host": self.host}
        if self.reads:
            return _("%(method)s from %(host)s") % values
        return _("%(method)s to %(host)s") % values


def questions_of(conversation: Conversation, waiting: Iterable[Step]) -> dict[str, Question]:
    """Return the questions by the ids of their calls; the first one is answered next."""
    made = usable_tools(conversation.owner)
    steps = list(waiting)
    rules = rules_for(
        conversation.owner, {step.call.name for step in steps}, team=team_settings(), made=made
    )
    known = toolbox.tools_for(conversation, [make_image.outline()], team=team_settings(), made=made)
    rows = {row.name: row for row in made}
    return {
        step.id: _question(
            step,
            conversation=conversation,
            rule=rules[step.call.name],
            row=rows.get(step.call.name),
            parameters=known[step.call.name].parameters if step.call.name in known else {},
            is_current=number == 0,
        )
        for number, step in enumerate(steps)
    }


def _question(
    step: Step,
    *,
    conversation: Conversation,
    rule: ToolRule,
    row: HttpTool | None,
    parameters: Mapping[str, Any],
    is_current: bool,
) -> Question:
    given = read_arguments(step.call.arguments)
    method, url = _request(step, row, given or {})
    parts = urlsplit(url)
    fits = given is not None and QuestionForm.suits(parameters, given)
    fields = QuestionForm(parameters=parameters, given=given or {}) if fits else None
    if fields is not None:
        fields.auto_id = f"a-{step.id}-%s"
    return Question(
        is_current=is_current,
        method=method,
        host=parts.netloc,
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        sentence="" if method else _sentence(step.call.name),
        deadline=_deadline(step.approval.expires_at) if step.approval else "",
        fields=fields,
        may_always=rule.floor != ToolMode.ALWAYS,
        asks_once=rule.mode(chosen_in(conversation, step.call.name)) == ToolMode.ONCE,
    )


def _request(step: Step, row: HttpTool | None, given: dict[str, Any]) -> tuple[str, str]:
    """Return the method and the address of the request that the call makes, or two empty texts."""
    if step.call.name == web_page.NAME:
        return "GET", str(given.get("url", ""))
    if row is None:
        return "", ""
    try:
        spec = HttpSpec(row.method, row.url_template, row.parameters)
        return row.method, request_for(spec, given).url
    except ToolError:
        return row.method, row.url_template


def _sentence(name: str) -> str:
    sentences = {
        clock.NAME: _("Tells the date and the time."),
        calculator.NAME: _("Calculates this on the server. Nothing leaves it."),
        toolbox.SEARCH: _("Searches your other chats and shows what it finds to the model."),
        make_image.NAME: _("Asks an image model for this. It may cost as much as many replies."),
    }
    return sentences.get(name, "")


def _deadline(at: datetime) -> str:
    local = timezone.localtime(at)
    days = (local.date() - timezone.localdate()) // timedelta(days=1)
    values = {"time": date_format(local, "TIME_FORMAT")}
    if days <= 0:
        return _("Denied automatically today at %(time)s") % values
    if days == 1:
        return _("Denied automatically tomorrow at %(time)s") % values
    date = date_format(local, "MONTH_DAY_FORMAT")
    return _("Denied automatically on %(date)s at %(time)s") % {**values, "date": date}
