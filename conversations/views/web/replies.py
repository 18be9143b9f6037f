"""Responses of the POST views: JSON to our scripts, redirects to plain forms."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.forms import BoundField, Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.functional import Promise

from conversations.actions.messages import IdTakenError
from conversations.forms.messages import TextForm
from conversations.models.parameters import ParameterSet
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import sentence_of
from conversations.views.web import returned_form
from conversations.views.web.requests import wants_json


def done(request: HttpRequest, *, url: str) -> HttpResponse:
    """Confirm, without a body: scripts hear the news by their socket, plain forms go to ``url``."""
    return HttpResponse(status=204) if wants_json(request) else HttpResponseRedirect(url)


def refuse(request: HttpRequest, refusal: Refusal, url: str) -> HttpResponse:
    """Answer with the sentence of a refusal, which a plain form sees at ``url``."""
    return refuse_with(
        request,
        status=refusal.status,
        code=refusal.code,
        message=sentence_of(refusal),
        url=url,
        # Under an id that is taken the same message would be refused for ever.
        without={"id"} if isinstance(refusal, IdTakenError) else (),
    )


def refuse_form(request: HttpRequest, form: Form, url: str, *, code: str) -> HttpResponse:
    """Answer with all errors of a form, 422."""
    message = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return refuse_with(request, status=422, code=code, message=message, url=url)


def refuse_text(request: HttpRequest, form: TextForm, url: str) -> HttpResponse:
    """Answer with the first error of a message's form: 413 if the text is too long, else 422."""
    field, errors = next(iter(form.errors.as_data().items()))
    status = 413 if errors[0].code == "too_long" else 422
    message = " ".join(map(str, form.errors[field]))
    code = f"{field}_{errors[0].code}"
    # A parameter can be corrected where the error is shown.
    wrong = form[field] if field in ParameterSet.NAMES else None
    return refuse_with(request, status=status, code=code, message=message, url=url, wrong=wrong)


def refuse_with(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    message: str | Promise,
    url: str,
    without: Collection[str] = (),
    wrong: BoundField | None = None,
) -> HttpResponse:
    """Answer with an error for scripts, a notice at ``url`` for plain forms.

    A message that a plain form sent comes back to be sent again, but for the fields ``without``.
    ``wrong`` is the field with the error, if it can be corrected there.
    """
    if wants_json(request):
        error = {"code": code, "message": str(message)} | ({"field": wrong.name} if wrong else {})
        return JsonResponse({"error": error}, status=status)
    if returned_form.carries_message(request):
        return returned_form.page(
            request, status=status, message=message, without=without, wrong=wrong
        )
    messages.error(request, str(message))
    return HttpResponseRedirect(url)
