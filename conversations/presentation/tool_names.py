"""Names and hints of tools for users: of built-in ones, and of HTTP tools."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.generation.images import make_image
from conversations.generation.tool_calls import toolbox
from conversations.models import HttpTool
from conversations.tools import calculator, clock, web_page

LABELS: dict[str, Promise] = {
    clock.NAME: _("Date and time"),
    calculator.NAME: _("Calculator"),
    toolbox.SEARCH: _("My conversations"),
    web_page.NAME: _("Web page"),
    make_image.NAME: _("Images"),
}
HINTS: dict[str, Promise] = {
    clock.NAME: _("Tells the time anywhere"),
    calculator.NAME: _("Calculates exactly"),
    toolbox.SEARCH: _("Searches your other chats"),
    web_page.NAME: _("Reads one public web page"),
    make_image.NAME: _("Draws what you describe"),
}

# A tool whose label is no verb says what it does, and what it has done.
DOING: dict[str, tuple[Promise, Promise]] = {
    clock.NAME: (_("Checking the time"), _("Checked the time")),
    toolbox.SEARCH: (_("Searching your chats"), _("Searched your chats")),
    web_page.NAME: (_("Reading a web page"), _("Read a web page")),
    make_image.NAME: (_("Making an image"), _("Made an image")),
}


def choices(made: Iterable[HttpTool]) -> list[tuple[str, str | Promise]]:
    """Return the choices of a form for tools: the name in the API, and the label."""
    return [*LABELS.items(), *((row.name, row.name) for row in made if row.name not in LABELS)]
