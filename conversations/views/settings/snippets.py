"""Settings → Prompt snippets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from conversations.forms.presets import SnippetForm
from conversations.models import Snippet
from conversations.queries.presets import usable_snippets
from conversations.views.settings.owned_crud import OwnedRows, Words

PAGES = OwnedRows(
    kind=Snippet,
    name="snippet",
    form=SnippetForm,
    usable=usable_snippets,
    words=Words(
        new=_("New snippet"), new_team=_("New team snippet"), removed=_("“%(name)s” is removed.")
    ),
)
