"""What is typed and chosen about whole conversations and folders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conversations import access
from conversations.actions.conversation_lists import Change
from conversations.forms.parameters import LongText
from conversations.models import Conversation, Folder, User

TITLE_LENGTH = Conversation._meta.get_field("title").max_length  # noqa: SLF001 (Django's documented Model._meta API)
NAME_LENGTH = Folder._meta.get_field("name").max_length  # noqa: SLF001 (Django's documented Model._meta API)


class TitleForm(forms.Form):
    """Another title."""

    title = forms.CharField(
        max_length=TITLE_LENGTH,
        error_messages={
            "required": _("A conversation needs a title."),
            "max_length": _("A title has at most 200 characters."),
        },
    )


class FolderField(forms.UUIDField):
    """One of the person's folders by its id; empty is none. ``user`` is set by the form."""

    user: User

    def clean(self, value: Any) -> Folder | None:
        """The folder. Raises access.NotFound for one that is not theirs."""
        folder_id = super().clean(value)
        return access.folder_for(self.user, folder_id) if folder_id else None


class _WithFolders(forms.Form):
    """A form in which folders of one person are named."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, FolderField):
                field.user = user


class FolderForm(_WithFolders):
    """A new folder, or another name."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        error_messages={
            "required": _("A folder needs a name."),
            "max_length": _("The name of a folder has at most 100 characters."),
        },
    )
    parent = FolderField(required=False)


class FolderPromptForm(forms.Form):
    """The system prompt of the chats in a folder."""

    system_prompt = LongText(required=False)


class PlaceForm(_WithFolders):
    """Where a folder goes: so many places up or down, or into another, ahead of one or last."""

    by = forms.IntegerField(required=False, min_value=-500, max_value=500)
    parent = FolderField(required=False)
    before = FolderField(required=False)


class ConversationIdsField(forms.Field):
    """Ids that are posted under one name, each once."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Sequence[str] | None) -> set[uuid.UUID]:
        """At least one."""
        ids = {access.require_id(text) for text in value or ()}
        if not ids:
            raise ValidationError(_("Select at least one conversation."), code="required")
        return ids


class ChangesForm(_WithFolders):
    """What to do with which conversations."""

    conversation = ConversationIdsField()
    change = forms.ChoiceField(choices=Change.choices)
    folder = FolderField(required=False)
