"""Settings → Your data: archiving and deleting all conversations."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations.actions import conversation_lists as actions
from conversations.actions.conversation_lists import Change
from conversations.models import Conversation
from conversations.views.display.change_sentences import change_sentence
from conversations.views.web.confirmation import Question, ask, is_confirmed
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user


@require_safe
@login_required
def settings_data(request: HttpRequest) -> HttpResponse:
    """Render the numbers of conversations."""
    own = Conversation.objects.filter(owner=current_user(request))
    context = {
        "listed": own.listed().count(),
        "all": own.visible().filter(is_temporary=False).count(),
    }
    return render(request, "settings/data.html", context)


@require_POST
@login_required
def archiving(request: HttpRequest) -> HttpResponse:
    """Archive all conversations, once that is confirmed."""
    user = current_user(request)
    if is_confirmed(request):
        return _changed(request, Change.ARCHIVE, actions.archive_all(user))
    count = Conversation.objects.listed().filter(owner=user).count()
    question = Question(
        title=ngettext("Archive %(count)d conversation?", "Archive %(count)d conversations?", count)
        % {"count": count},
        text=_(
            "They leave the sidebar and stay readable under Archived. Pins and folders are kept."
        ),
        verb=_("Archive"),
    )
    return ask(request, question, back=reverse("settings_data"))


@require_POST
@login_required
def deletion(request: HttpRequest) -> HttpResponse:
    """Delete all conversations, once that is confirmed."""
    user = current_user(request)
    if is_confirmed(request):
        return _changed(request, Change.DELETE, actions.delete_all(user))
    count = Conversation.objects.visible().filter(owner=user, is_temporary=False).count()
    question = Question(
        title=ngettext("Delete %(count)d conversation?", "Delete %(count)d conversations?", count)
        % {"count": count},
        text=_(
            "Archived ones too. They stay in Deleted for 30 days. Replies in progress "
            "stop. Temporary chats end when you close them."
        ),
        verb=_("Delete"),
    )
    return ask(request, question, back=reverse("settings_data"))


def _changed(request: HttpRequest, change: Change, count: int) -> HttpResponse:
    messages.success(request, change_sentence(change, count))
    return redirect("settings_data")
