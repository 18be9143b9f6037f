"""Confirmation of actions that cannot be undone, without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

KEEP = gettext_lazy("Keep it")
# The fields that the form of confirm.html adds by itself.
ITS_OWN = frozenset({"csrfmiddlewaretoken", "confirmed"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question: title, consequences, label of the button, and words of the link back."""

    title: str
    text: str
    verb: str
    keep: str | Promise = KEEP


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the request comes from the button of the question."""
    return request.POST.get("confirmed") == "yes"


def ask(
    request: HttpRequest,
    question: Question,
    *,
    back: str,
    layout: str = "settings/base.html",
    **context: Any,
) -> HttpResponse:
    """Render the page that asks ``question`` and posts the request again if the answer is yes.

    ``back`` is the address behind the other answer; ``layout`` the template that confirm.html
    extends, which reads ``context``.
    """
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ITS_OWN
    ]
    context |= {"layout": layout, "question": question, "posted": posted, "back": back}
    return render(request, "confirm.html", context)
