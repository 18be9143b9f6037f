"""The built-in tools as people read of them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.generation import toolbox
from conversations.tools import calculator, clock

LABELS: dict[str, Promise] = {
    clock.NAME: _("Date and time"),
    calculator.NAME: _("Calculator"),
    toolbox.SEARCH: _("Search my conversations"),
}
HINTS: dict[str, Promise] = {
    clock.NAME: _("In your time zone, or in any other."),
    calculator.NAME: _("Arithmetic that is right, to 34 digits."),
    toolbox.SEARCH: _("Finds what was said in your other chats."),
}
