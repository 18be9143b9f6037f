"""Forms about whole conversations and folders."""

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
    title = forms.CharField(
        max_length=TITLE_LENGTH,
        error_messages={
            "required": _("A conversation needs a title."),
            "max_length": _("A title has at most 200 characters."),
        },
    )


class FolderField(forms.UUIDField):
    """The id of one of the user's folders, or empty. The form sets ``user``."""

    user: User

    def clean(self, value: Any) -> Folder | None:
        """Return the folder. Raises access.NotFound if the user has no such folder."""
        folder_id = super().clean(value)
        return access.folder_for(self.user, folder_id) if folder_id else None


class _WithFolders(forms.Form):
    """A form with fields for folders of ``user``."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, FolderField):
                field.user = user


class FolderForm(_WithFolders):
    """A new folder, or a new name for one."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        error_messages={
            "required": _("A folder needs a name."),
            "max_length": _("A folder’s name has at most 100 characters."),
        },
    )
    parent = FolderField(required=False)


class FolderPromptForm(forms.Form):
    system_prompt = LongText(required=False)


class PlaceForm(_WithFolders):
    """A folder's new position: ``by`` places on, or in ``parent``, ``before`` another or last."""

    by = forms.IntegerField(required=False, min_value=-500, max_value=500)
    parent = FolderField(required=False)
    before = FolderField(required=False)


class ConversationIdsField(forms.Field):
    """The ids of conversations, in several fields of one name."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Sequence[str] | None) -> set[uuid.UUID]:
        """Return the ids, at least one. Raises access.NotFound if one is invalid."""
        ids = {access.require_id(text) for text in value or ()}
        if not ids:
            raise ValidationError(_("Select at least one conversation."), code="required")
        return ids


class ChangesForm(_WithFolders):
    """A change to one or more conversations."""

    conversation = ConversationIdsField()
    change = forms.ChoiceField(choices=Change.choices)
    folder = FolderField(required=False)
