"""What is typed about a whole conversation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation


class TitleForm(forms.Form):
    """Another title."""

    title = forms.CharField(
        max_length=Conversation._meta.get_field("title").max_length,  # noqa: SLF001 (Django's documented Model._meta API)
        error_messages={
            "required": _("A conversation needs a title."),
            "max_length": _("A title has at most 200 characters."),
        },
    )
