"""Confirmation of actions that cannot be undone, without scripts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its title, the consequences, and the label of the button."""

    title: str
    text: str
    verb: str


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the request comes from the button of the question."""
    return request.POST.get("confirmed") == "yes"
