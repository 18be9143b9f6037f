"""Names and hints of tools for users: of built-in ones, and of HTTP tools."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from conversations.generation.images import make_image
from conversations.generation.tool_calls import toolbox
from conversations.models import HttpTool
from conversations.tools import calculator, clock, web_page

LABELS: dict[str, Promise] = {
    clock.NAME: _("Date and time"),
    calculator.NAME: _("Calculator"),
    toolbox.SEARCH: _("Search my conversations"),
    web_page.NAME: _("Read a web page"),
    make_image.NAME: _("Make an image"),
}
HINTS: dict[str, Promise] = {
    clock.NAME: _("In your time zone, or in any other."),
    calculator.NAME: _("Arithmetic that is right, to 34 digits."),
    toolbox.SEARCH: _("Finds what was said in your other chats."),
    web_page.NAME: _("The text of a public page; never one inside your network."),
    make_image.NAME: _("By the newest image model that your connections offer."),
}


def choices(
    made: Iterable[HttpTool], without: Collection[str] = ()
) -> list[tuple[str, str | Promise]]:
    """Return the choices of a form for tools: the name in the API, and the label."""
    return [(name, label) for name, label, _hint in lines(made, without)]


def lines(
    made: Iterable[HttpTool], without: Collection[str] = ()
) -> list[tuple[str, str | Promise, str | Promise]]:
    """Return each tool's name in the API, its label, and a few words about its use."""
    built_in = [(name, LABELS[name], HINTS[name]) for name in LABELS]
    http_tools = [(row.name, row.name, Truncator(row.description).chars(90)) for row in made]
    taken = {*LABELS, *without}
    return [
        *(line for line in built_in if line[0] not in without),
        *(line for line in http_tools if line[0] not in taken),
    ]
