"""The built-in tools as people read of them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.generation import toolbox
from conversations.tools import calculator, clock, web_page

LABELS: dict[str, Promise] = {
    clock.NAME: _("Date and time"),
    calculator.NAME: _("Calculator"),
    toolbox.SEARCH: _("Search my conversations"),
    web_page.NAME: _("Read a web page"),
}
HINTS: dict[str, Promise] = {
    clock.NAME: _("In your time zone, or in any other."),
    calculator.NAME: _("Arithmetic that is right, to 34 digits."),
    toolbox.SEARCH: _("Finds what was said in your other chats."),
    web_page.NAME: _("The text of a public page; never one inside your network."),
}
