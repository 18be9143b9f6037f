"""Sending a message, asking again, stopping."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import generations
from conversations.actions import messages as actions
from conversations.actions.limits import LimitReachedError
from conversations.actions.messages import BusyError, IdTakenError, NoConnectionError, Sent
from conversations.forms.messages import MessageForm
from conversations.generation.registry import DrainingError
from conversations.models import Conversation, LanguageModel, Message, User
from conversations.queries import messages as queries
from conversations.views import attachments, file_sentences, shown, unsent
from conversations.views.answers import done, person, refuse, session_key, wants_json
from conversations.views.permissions import login_required

REFUSALS = (
    *file_sentences.REFUSALS,
    BusyError,
    DrainingError,
    IdTakenError,
    LimitReachedError,
    NoConnectionError,
)


@login_required
@require_POST
def conversation_create(request: HttpRequest) -> HttpResponse:
    """Begin a conversation with its first message."""
    return _send(request, None, reverse("new_chat"))


@login_required
@require_POST
def message_create(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Add a message to a conversation."""
    conversation = access.conversation_for(person(request), conversation_id)
    return _send(request, conversation, _url(conversation))


@login_required
@require_POST
def regeneration(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Ask for another version of an answer."""
    user = person(request)
    conversation = access.conversation_for(user, conversation_id)
    message = access.message_for(user, conversation, message_id)
    model = conversation.model or LanguageModel.objects.filter(is_default=True).first()
    if model is None:
        return _refuse(request, NoConnectionError(), _url(conversation))
    key = session_key(request)
    return _answer(
        request,
        lambda: actions.regenerate(user=user, message=message, model=model, session_key=key),
        _url(conversation),
    )


@login_required
@require_POST
def continuation(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Ask for the rest of an answer that was cut off."""
    user = person(request)
    conversation = access.conversation_for(user, conversation_id)
    message = access.message_for(user, conversation, message_id)
    key = session_key(request)
    return _answer(
        request,
        lambda: actions.continue_answer(user=user, message=message, session_key=key),
        _url(conversation),
    )


@login_required
@require_POST
def cancellation(request: HttpRequest, generation_id: uuid.UUID) -> HttpResponse:
    """Stop an answer; what arrived is kept."""
    generation = access.generation_for(person(request), generation_id)
    generations.stop_generation(generation)
    return done(request, url=_url(generation.message.conversation))


def _send(request: HttpRequest, conversation: Conversation | None, url: str) -> HttpResponse:
    user = person(request)
    if sentence := attachments.take_all(request):
        return _tell(request, status=422, code="file", message=sentence, url=url)
    form = MessageForm(request.POST, user=user)
    if not form.is_valid():
        return _refuse_form(request, form, url)
    parent = _parent(user, conversation, form.cleaned_data["parent"])
    draft, key = form.draft(), session_key(request)
    return _answer(
        request,
        lambda: actions.send_message(
            user=user, conversation=conversation, parent=parent, draft=draft, session_key=key
        ),
        url,
    )


def _parent(
    user: User, conversation: Conversation | None, parent_id: uuid.UUID | None
) -> Message | None:
    """The message that is followed: the named one, else the end of the shown branch."""
    if conversation is None:
        return None
    if parent_id is None:
        return conversation.leaf
    return access.message_for(user, conversation, parent_id)


def _answer(request: HttpRequest, act: Callable[[], Sent], url: str) -> HttpResponse:
    try:
        sent = act()
    except REFUSALS as error:
        return _refuse(request, error, url)
    page = _url(sent.message.conversation)
    if not wants_json(request):
        return HttpResponseRedirect(page)
    return JsonResponse(
        {
            "conversation": sent.message.conversation_id,
            "url": page,
            "message": sent.message.pk,
            "answer": sent.answer.pk,
            "generation": sent.generation.pk,
            "html": _articles(request, sent),
            "notice": _notice(sent),
        },
        status=201,
    )


def _articles(request: HttpRequest, sent: Sent) -> str:
    """The message and its answer, as the thread will hold them."""
    stretch = queries.ending_with(sent.answer, limit=2)
    return shown.articles(request, shown.shown(stretch, person(request)))


def _notice(sent: Sent) -> str:
    """What is told before a limit is met."""
    if sent.room is None or not sent.room.near:
        return ""
    if sent.room.near == "running":
        return ngettext(
            "%(count)d answer is on its way. Wait for one to end before you ask more.",
            "%(count)d answers are on their way. Wait for one to end before you ask more.",
            sent.room.running,
        ) % {"count": sent.room.running}
    return ngettext(
        "You have sent %(count)d message in this minute. Slow down a little.",
        "You have sent %(count)d messages in this minute. Slow down a little.",
        sent.room.in_this_minute,
    ) % {"count": sent.room.in_this_minute}


def _refuse_form(request: HttpRequest, form: MessageForm, url: str) -> HttpResponse:
    field, errors = next(iter(form.errors.as_data().items()))
    is_long = errors[0].code == "too_long"
    message = " ".join(map(str, form.errors[field]))
    status, code = 413 if is_long else 422, f"{field}_{errors[0].code}"
    return _tell(request, status=status, code=code, message=message, url=url)


def _refuse(request: HttpRequest, error: Exception, url: str) -> HttpResponse:
    is_about_files = isinstance(error, file_sentences.REFUSALS)
    explain = file_sentences.explain_refusal if is_about_files else _explain
    status, code, message = explain(error)
    return _tell(request, status=status, code=code, message=message, url=url)


def _tell(request: HttpRequest, *, status: int, code: str, message: str, url: str) -> HttpResponse:
    """Say why not; what a plain form sent comes back with it, as our script keeps its own."""
    if unsent.carries_message(request):
        # Under an id that is taken, the same text would be refused for ever.
        without = {"id"} if code == "id_taken" else ()
        return unsent.page(request, status=status, message=message, without=without)
    return refuse(request, status=status, code=code, message=message, url=url)


def _explain(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, BusyError):
        return 409, "busy", _("Wait for the reply, or stop it.")
    if isinstance(error, DrainingError):
        return 503, "restarting", _("The server is restarting. Send this again in a moment.")
    if isinstance(error, IdTakenError):
        return 409, "id_taken", _("This message was sent before with another text. Send it again.")
    if isinstance(error, LimitReachedError) and error.code == "running":
        return (
            429,
            "running",
            ngettext(
                "You may have %(limit)d answer on its way at a time. Wait for it, or stop it.",
                "You may have %(limit)d answers on their way at a time. Wait for one, or stop one.",
                error.limit,
            )
            % {"limit": error.limit},
        )
    if isinstance(error, LimitReachedError):
        return (
            429,
            "rate",
            ngettext(
                "You may send %(limit)d message a minute. Wait a moment and send it again.",
                "You may send %(limit)d messages a minute. Wait a moment and send it again.",
                error.limit,
            )
            % {"limit": error.limit},
        )
    return (
        409,
        "no_connection",
        _("No connection offers this model. Choose another model, or ask an administrator."),
    )


def _url(conversation: Conversation) -> str:
    return reverse("conversation", args=[conversation.pk])
