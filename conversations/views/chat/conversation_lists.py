"""Lists of conversations: all, a folder's, archived, deleted; and changes to several at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations import access
from conversations.actions import conversation_lists as actions
from conversations.actions.conversation_lists import Change
from conversations.forms.conversations import ChangesForm
from conversations.models import Conversation, Folder
from conversations.queries import folders
from conversations.queries import sidebar as queries
from conversations.views.chat import sidebar
from conversations.views.display.change_sentences import change_sentence
from conversations.views.web.confirmation import Question, ask, is_confirmed
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import refuse_form
from conversations.views.web.requests import current_user, next_page, wants_json

PAGE = 50


@require_safe
@login_required
def conversation_list(request: HttpRequest) -> HttpResponse:
    """List the conversations that are neither archived nor deleted."""
    rows = Conversation.objects.listed().filter(owner=current_user(request))
    return _page(request, "all", rows, "active_at")


@require_safe
@login_required
def archived_list(request: HttpRequest) -> HttpResponse:
    rows = Conversation.objects.visible().filter(
        owner=current_user(request), archived_at__isnull=False
    )
    return _page(request, "archived", rows, "archived_at")


@require_safe
@login_required
def deleted_list(request: HttpRequest) -> HttpResponse:
    """List the deleted conversations that can still be restored."""
    rows = Conversation.objects.recoverable().filter(owner=current_user(request))
    return _page(request, "deleted", rows, "deleted_at")


@require_safe
@login_required
def folder(request: HttpRequest, folder_id: uuid.UUID) -> HttpResponse:
    """List the conversations in a folder, with the forms that change the folder."""
    found = access.folder_for(current_user(request), folder_id)
    rows = Conversation.objects.listed().filter(folder=found)
    return _page(request, "folder", rows, "active_at", folder=found)


@require_POST
@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """Pin, archive, move, mark, delete or erase conversations, or undo that."""
    user = current_user(request)
    form = ChangesForm(request.POST, user=user)
    if not form.is_valid():
        return refuse_form(request, form, _list_page(request), code="changes")
    rows = access.conversations_for(user, form.cleaned_data["conversation"])
    change = Change(form.cleaned_data["change"])
    if change is Change.ERASE and not is_confirmed(request):
        return _ask(request, _erasing(len(rows)))
    actions.change(user, rows, change, folder=form.cleaned_data["folder"])
    undo = actions.UNDOING.get(change, "")
    if wants_json(request):
        return JsonResponse({"told": change_sentence(change, len(rows)), "undo": undo})
    messages.success(request, change_sentence(change, len(rows)))
    return HttpResponseRedirect(_list_page(request))


@require_POST
@login_required
def trash_emptying(request: HttpRequest) -> HttpResponse:
    """Erase all deleted conversations, once that is confirmed."""
    if not is_confirmed(request):
        question = Question(
            title=_("Delete everything in Deleted for good?"),
            text=_("Nobody can bring it back."),
            verb=_("Delete for good"),
        )
        return _ask(request, question)
    count = actions.empty_trash(current_user(request))
    messages.success(request, change_sentence(Change.ERASE, count))
    return HttpResponseRedirect(reverse("deleted_list"))


def _page(
    request: HttpRequest,
    which: str,
    rows: QuerySet[Conversation],
    column: str,
    *,
    folder: Folder | None = None,
) -> HttpResponse:
    user = current_user(request)
    found = queries.stretch(
        rows.select_related("folder").only(*queries.COLUMNS, "deleted_at", "folder__name"),
        column,
        queries.answering(user),
        after=sidebar.place(request.GET.get("after", "")),
        limit=PAGE,
    )
    context: dict[str, Any] = {
        **sidebar.shell(request, user, None),
        "which": which,
        "rows": found.rows,
        "last": found.last,
        "folder": folder,
        "choices": folders.choices(user) if which != "deleted" else [],
    }
    return render(request, "conversations/list.html", context)


def _ask(request: HttpRequest, question: Question) -> HttpResponse:
    return ask(
        request,
        question,
        back=reverse("deleted_list"),
        layout="conversations/document.html",
        **sidebar.shell(request, current_user(request), None),
    )


def _erasing(count: int) -> Question:
    title = ngettext(
        "Delete %(count)d conversation for good?",
        "Delete %(count)d conversations for good?",
        count,
    )
    return Question(
        title=title % {"count": count},
        text=_("Every message will be gone for good."),
        verb=_("Delete for good"),
    )


def _list_page(request: HttpRequest) -> str:
    """Return the list that the form was sent from."""
    return next_page(request, reverse("conversation_list"))
