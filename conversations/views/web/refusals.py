"""Why a message, an answer or another version of one cannot be had now: a sentence for each."""

from __future__ import annotations

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.actions.limits import LimitReachedError, Quota
from conversations.actions.messages import IdTakenError
from conversations.actions.runs import NoConnectionError
from conversations.actions.tree import BusyError, DeletedError
from conversations.forms.messages import TextForm
from conversations.generation.registry import DrainingError
from conversations.models.parameters import ParameterSet
from conversations.views.display import file_sentences
from conversations.views.web import returned_form
from conversations.views.web.replies import refuse

REFUSALS = (
    *file_sentences.REFUSALS,
    BusyError,
    DeletedError,
    DrainingError,
    IdTakenError,
    LimitReachedError,
    NoConnectionError,
)


def refuse_form(request: HttpRequest, form: TextForm, url: str) -> HttpResponse:
    """Refuse a form for its first error; a parameter can be corrected where that is told."""
    field, errors = next(iter(form.errors.as_data().items()))
    is_long = errors[0].code == "too_long"
    message = " ".join(map(str, form.errors[field]))
    status, code = 413 if is_long else 422, f"{field}_{errors[0].code}"
    wrong = form[field] if field in ParameterSet.NAMES else None
    return tell(request, status=status, code=code, message=message, url=url, wrong=wrong)


def refuse_act(request: HttpRequest, error: Exception, url: str) -> HttpResponse:
    """One of REFUSALS."""
    is_about_files = isinstance(error, file_sentences.REFUSALS)
    explain = file_sentences.explain_refusal if is_about_files else _explain
    status, code, message = explain(error)
    return tell(request, status=status, code=code, message=message, url=url)


def notice_of(room: Quota | None) -> str:
    """What is told before a limit is met."""
    if room is None or not room.near:
        return ""
    if room.near == "running":
        return ngettext(
            "%(count)d answer is on its way. Wait for one to end before you ask more.",
            "%(count)d answers are on their way. Wait for one to end before you ask more.",
            room.running,
        ) % {"count": room.running}
    return ngettext(
        "You have sent %(count)d message in this minute. Slow down a little.",
        "You have sent %(count)d messages in this minute. Slow down a little.",
        room.in_this_minute,
    ) % {"count": room.in_this_minute}


def tell(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    message: str,
    url: str,
    wrong: BoundField | None = None,
) -> HttpResponse:
    """Say why not; what a plain form sent comes back with it, as our script keeps its own.

    ``wrong`` is the field with the error, if it is one that can be corrected.
    """
    if returned_form.carries_message(request):
        # Under an id that is taken, the same text would be refused for ever.
        without = {"id"} if code == "id_taken" else ()
        return returned_form.page(
            request, status=status, message=message, without=without, wrong=wrong
        )
    field = wrong.name if wrong else ""
    return refuse(request, status=status, code=code, message=message, url=url, field=field)


def _explain(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, BusyError):
        return 409, "busy", _("Wait for the reply, or stop it.")
    if isinstance(error, DeletedError):
        return 409, "deleted", _("The message before this was deleted in another tab. Try again.")
    if isinstance(error, DrainingError):
        return 503, "restarting", _("The server is restarting. Send this again in a moment.")
    if isinstance(error, IdTakenError):
        return 409, "id_taken", _("This message was sent before with another text. Send it again.")
    if isinstance(error, LimitReachedError):
        return _explain_limit(error)
    return (
        409,
        "no_connection",
        _("No connection offers this model. Choose another model, or ask an administrator."),
    )


def _explain_limit(error: LimitReachedError) -> tuple[int, str, str]:
    if error.code == "running":
        message = ngettext(
            "You may have %(limit)d answer on its way at a time. Wait for it, or stop it.",
            "You may have %(limit)d answers on their way at a time. Wait for one, or stop one.",
            error.limit,
        )
    else:
        message = ngettext(
            "You may send %(limit)d message a minute. Wait a moment and send it again.",
            "You may send %(limit)d messages a minute. Wait a moment and send it again.",
            error.limit,
        )
    return 429, error.code, message % {"limit": error.limit}
