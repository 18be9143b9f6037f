"""Questions before something that cannot simply be taken back; they work without scripts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what follows, and the verb on the button."""

    title: str
    text: str
    verb: str


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the question's own button was pressed."""
    return request.POST.get("confirmed") == "yes"
