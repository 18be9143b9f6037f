"""Settings → Your data: what becomes of all one's conversations at once."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conversations.actions import conversation_lists as actions
from conversations.actions.conversation_lists import Change
from conversations.models import Conversation, User
from conversations.views.display.change_sentences import told
from conversations.views.web.confirmation import Question, is_confirmed
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user


@require_safe
@login_required
def settings_data(request: HttpRequest) -> HttpResponse:
    """How many there are, and the two things that can be done with all of them."""
    own = Conversation.objects.filter(owner=current_user(request))
    context = {
        "listed": own.listed().count(),
        "all": own.visible().filter(is_temporary=False).count(),
    }
    return render(request, "settings/data.html", context)


@require_POST
@login_required
def archiving(request: HttpRequest) -> HttpResponse:
    """Archive everything, after a question."""
    count = Conversation.objects.listed().filter(owner=current_user(request)).count()
    question = Question(
        title=ngettext("Archive %(count)d conversation?", "Archive %(count)d conversations?", count)
        % {"count": count},
        text=_(
            "They leave the sidebar and stay readable under Archived. Pins and folders are kept."
        ),
        verb=_("Archive"),
    )
    return _do(request, question, actions.archive_all, Change.ARCHIVE)


@require_POST
@login_required
def deletion(request: HttpRequest) -> HttpResponse:
    """Delete everything, after a question."""
    own = Conversation.objects.visible().filter(owner=current_user(request), is_temporary=False)
    count = own.count()
    question = Question(
        title=ngettext("Delete %(count)d conversation?", "Delete %(count)d conversations?", count)
        % {"count": count},
        text=_(
            "Archived ones too. They move to Deleted for 30 days; answers on their way stop. "
            "Temporary chats end with their pages."
        ),
        verb=_("Delete"),
    )
    return _do(request, question, actions.delete_all, Change.DELETE)


def _do(
    request: HttpRequest, question: Question, act: Callable[[User], int], change: Change
) -> HttpResponse:
    if not is_confirmed(request):
        return render(request, "settings/data_confirm.html", {"question": question})
    messages.success(request, told(change, act(current_user(request))))
    return redirect("settings_data")
