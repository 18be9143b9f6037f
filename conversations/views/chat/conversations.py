"""The pages of conversations, and the fragments that keep them up to date."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations import access
from conversations.forms.parameters import ANY_TOOL
from conversations.models import Conversation, Folder, Message, Preset, User
from conversations.models.identifiers import new_id
from conversations.queries import messages
from conversations.queries.http_tools import usable_tools
from conversations.queries.language_models import picker_for
from conversations.queries.parameters import inherited, team_settings
from conversations.queries.presets import usable_presets, usable_snippets
from conversations.upkeep import temporary
from conversations.views.chat import sidebar
from conversations.views.display.articles import articles_of, render_articles
from conversations.views.display.file_sentences import too_large
from conversations.views.display.parameter_hints import hints_for
from conversations.views.display.tool_rows import tool_menu
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user


@require_safe
@login_required
def new_chat(request: HttpRequest) -> HttpResponse:
    """Render the page that begins a conversation.

    ``?text=`` or ``?snippet=`` fills the composer, ``?deleted=`` offers to restore a conversation,
    and ``?temporary=1`` begins one that is erased when its page is closed.
    """
    user = current_user(request)
    context = {
        **shell(request, user, None),
        "hour": timezone.localtime().hour,
        "today": timezone.localtime(),
        "is_temporary": request.GET.get("temporary") == "1",
        "deleted": _deleted(user, request.GET.get("deleted", "")),
        "text": request.GET.get("text") or _snippet(user, request.GET.get("snippet", "")),
    }
    return render(request, "conversations/new.html", context)


@require_safe
@login_required
def conversation(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Render the end of a conversation, or what precedes the message ``?before=``.

    ``?message=`` shows a message with its surroundings, in a branch that has it. It changes
    nothing: the conversation goes on showing its own branch, in all tabs.
    """
    user = current_user(request)
    row = access.conversation_for(user, conversation_id)
    if row.is_temporary:
        temporary.page_opened(row.pk)
    before = _message(user, row, request.GET.get("before", ""))
    found = _message(user, row, request.GET.get("message", ""))
    stretch = messages.before(before) if before else messages.newest(row)
    is_elsewhere = found is not None and found not in stretch.messages
    if found and is_elsewhere:
        stretch = messages.around(found)
    articles = articles_of(stretch, user)
    context = {
        **shell(request, user, row),
        "is_temporary": row.is_temporary,
        "messages_shown": articles,
        "has_older": stretch.has_older,
        "is_past": before is not None or is_elsewhere,
        "found": found,
        "deleted": _deleted_message(user, row, request.GET.get("deleted", "")),
        "active": next((article for article in reversed(articles) if article.is_stoppable), None),
    }
    return render(request, "conversations/page.html", context)


@require_safe
@login_required
def thread(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Render the articles of the shown branch, for a page whose branch has changed."""
    user = current_user(request)
    row = access.conversation_for(user, conversation_id)
    return _stretch(request, row, messages.newest(row), "conversations/_branch.html")


@require_safe
@login_required
def older_messages(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Render the articles before ``?before=``, with the link to older ones."""
    user = current_user(request)
    row = access.conversation_for(user, conversation_id)
    before = _message(user, row, request.GET.get("before", ""))
    if before is None:
        raise access.NotFound
    return _stretch(request, row, messages.before(before))


@require_safe
@login_required
def message(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Render an article; with ``?as=markdown`` return its text."""
    user = current_user(request)
    row = access.conversation_for(user, conversation_id)
    found = access.message_for(user, row, message_id)
    if request.GET.get("as") == "markdown":
        return HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    articles = articles_of(messages.ending_with(found), user)
    return HttpResponse(render_articles(request, articles))


@require_safe
@login_required
def message_steps(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Render the tool calls of an answer, so far."""
    user = current_user(request)
    row = access.conversation_for(user, conversation_id)
    found = access.message_for(user, row, message_id)
    [article] = articles_of(messages.ending_with(found), user)
    return render(request, "conversations/_steps.html", {"message": article})


def shell(request: HttpRequest, user: User, row: Conversation | None) -> dict[str, Any]:
    """Return the context of every page of the chat: sidebar, model picker and composer."""
    presets = list(usable_presets(user))
    folder = row.folder if row else _folder(user, request.GET.get("folder", ""))
    preset = row.preset if row else _named(presets, request.GET.get("preset", ""))
    team = team_settings()
    settings_beyond = inherited(user, preset, folder, team=team)
    model = preset.model.name if preset and preset.model and not row else ""
    menu = tool_menu(user, row, settings_beyond, team=team, made=usable_tools(user))
    return {
        "conversation": row,
        **sidebar.shell(request, user, row),
        "picker": picker_for(
            user,
            row,
            wanted=request.GET.get("model", "") or model,
            wanted_connection=request.GET.get("connection", ""),
        ),
        "limit": settings.MAX_MESSAGE_BYTES,
        "file_limit": settings.MAX_ATTACHMENT_BYTES,
        "file_too_large": too_large(),
        "message_id": new_id(),
        "presets": presets,
        "preset": preset,
        "hints": hints_for(settings_beyond, preset),
        "tools": menu,
        "tool_choices": [*ANY_TOOL[1:], *menu.choices],
        "folder": folder,
    }


def _folder(user: User, folder_id: str) -> Folder | None:
    return access.folder_for(user, access.require_id(folder_id)) if folder_id else None


def _named(presets: list[Preset], preset_id: str) -> Preset | None:
    return next((preset for preset in presets if str(preset.pk) == preset_id), None)


def _snippet(user: User, snippet_id: str) -> str:
    if not snippet_id:
        return ""
    return access.usable_row(usable_snippets(user), access.require_id(snippet_id)).text


def _stretch(
    request: HttpRequest,
    row: Conversation,
    stretch: messages.MessagePage,
    template: str = "conversations/_thread.html",
) -> HttpResponse:
    user = current_user(request)
    context = {
        "conversation": row,
        "messages_shown": articles_of(stretch, user),
        "has_older": stretch.has_older,
    }
    return render(request, template, context)


def _message(user: User, row: Conversation, message_id: str) -> Message | None:
    return access.message_for(user, row, access.require_id(message_id)) if message_id else None


def _deleted_message(user: User, row: Conversation, message_id: str) -> Message | None:
    """Return the message that was just deleted; None if it has been restored."""
    if not message_id:
        return None
    message = access.message_for(user, row, access.require_id(message_id), include_deleted=True)
    return message if message.deleted_at else None


def _deleted(user: User, conversation_id: str) -> Conversation | None:
    """Return the conversation that was just deleted; None if it cannot be restored, or has been."""
    if not conversation_id:
        return None
    try:
        found = access.require_id(conversation_id)
        row = access.conversation_for(user, found, include_deleted=True)
    except access.NotFound:
        return None
    return row if row.deleted_at else None
