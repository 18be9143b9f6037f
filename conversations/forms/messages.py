"""The composer's form, and that of a revision."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext

from conversations import access
from conversations.actions.messages import Draft, Parameters, Revision
from conversations.database.compiled_queries import CompiledQuery
from conversations.forms.conversations import FolderField
from conversations.forms.parameters import LongText, ParameterForm
from conversations.forms.tool_switches import switches_in
from conversations.models import Connection, Conversation, LanguageModel, Preset, User
from conversations.models.identifiers import new_id, parse_id
from conversations.models.parameters import ParameterSet
from conversations.queries.connections import in_order_of_use
from conversations.queries.presets import usable_presets

_named_model = CompiledQuery[LanguageModel](lambda name: LanguageModel.objects.filter(name=name))
_default_model = CompiledQuery[LanguageModel](lambda: LanguageModel.objects.filter(is_default=True))


class AttachmentIdsField(forms.Field):
    """The ids of files, in several fields of one name."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[uuid.UUID, ...]:
        """Return the ids. An invalid one is reported as a file that is gone."""
        ids = [parse_id(each) for each in value or ()]
        if None in ids:
            message = gettext("A file is gone. Remove it and attach it again.")
            raise ValidationError(message, code="gone")
        return tuple(each for each in ids if each)


class TextForm(forms.Form):
    """A text, under an id that the browser made so that a repeated request is recognised."""

    id = forms.UUIDField(required=False)
    text = LongText(strip=False, required=False)

    def clean_text(self) -> str:
        """Refuse an empty text, unless there are files beside it."""
        text: str = self.cleaned_data["text"]
        if not text.strip() and not self.cleaned_data.get("attachment"):
            raise ValidationError(gettext("Write something before you send it."), code="required")
        return text


class RevisionForm(TextForm):
    """The new text of a message."""

    def revision(self) -> Revision:
        """Return the new version. Only after ``is_valid``."""
        return Revision(id=self.cleaned_data["id"] or new_id(), text=self.cleaned_data["text"])


class MessageForm(TextForm, ParameterForm):
    """A message with its model, parameters and files."""

    attachment = AttachmentIdsField(required=False)
    # Files are cleaned before the text, which may be empty beside them.
    field_order = ("id", "attachment", "text")
    model = forms.CharField(required=False)
    connection = forms.UUIDField(required=False)
    parent = forms.UUIDField(required=False)
    preset = forms.UUIDField(required=False)
    folder = FolderField(required=False)
    is_once = forms.BooleanField(required=False)
    temporary = forms.BooleanField(required=False)

    def __init__(
        self, data: QueryDict, *, user: User, conversation: Conversation | None = None
    ) -> None:
        super().__init__(data)
        self.posted, self.user, self.conversation = data, user, conversation
        self.offer_tools_of(user)
        self.fields["folder"].user = user  # type: ignore[attr-defined]  # a FolderField

    def clean_model(self) -> LanguageModel:
        """Return the named model, else the user's default, else the team's, if it is usable."""
        name = self.cleaned_data["model"]
        model = (
            _named_model.first(name) if name else self.user.default_model or _default_model.first()
        )
        if model is None:
            raise ValidationError(gettext("Choose a model."), code="no_model")
        if not model.is_usable:
            raise ValidationError(
                gettext("%(model)s is not offered in chats. Choose another model.")
                % {"model": model.label},
                code="model_not_usable",
            )
        return model

    def draft(self) -> Draft:
        """Return the message. Only after ``is_valid``."""
        data = self.cleaned_data
        wanted, preset = data["connection"], self._preset(data["preset"])
        return Draft(
            id=data["id"] or new_id(),
            text=data["text"],
            model=data["model"],
            connection=self._usable(wanted) if wanted else None,
            parameters=Parameters(
                **{name: data[name] for name in ParameterSet.NAMES}, is_once=data["is_once"]
            ),
            attachments=data["attachment"],
            folder=data["folder"],
            preset=preset,
            tools=switches_in(self.posted, self.user, self.conversation, preset),
            is_temporary=data["temporary"],
        )

    def _preset(self, preset_id: uuid.UUID | None) -> Preset | None:
        """Return the preset; None if it was removed meanwhile, as the message must not be lost."""
        try:
            return access.usable_row(usable_presets(self.user), preset_id) if preset_id else None
        except access.NotFound:
            return None

    def _usable(self, connection_id: uuid.UUID) -> Connection | None:
        return next((row for row in in_order_of_use(self.user) if row.pk == connection_id), None)
