"""What the composer posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.actions.messages import Draft, Parameters
from conversations.models import LanguageModel, User
from conversations.models.identifiers import new_id
from conversations.queries.connections import in_order_of_use


class LongText(forms.CharField):
    """Text as it was written: line ends as the upstream knows them, nothing that cannot be kept."""

    def to_python(self, value: object) -> str:
        """Drop NUL, which PostgreSQL cannot store, and halves of characters, which nothing can."""
        text = str(value or "").replace("\r\n", "\n").replace("\x00", "")
        return text.encode("utf-8", "replace").decode()


class MessageForm(forms.Form):
    """A message with what was chosen beside it."""

    id = forms.UUIDField(required=False)
    text = LongText(
        strip=False, error_messages={"required": _("Write something before you send it.")}
    )
    model = forms.CharField(required=False)
    connection = forms.UUIDField(required=False)
    parent = forms.UUIDField(required=False)
    system_prompt = LongText(required=False, strip=False)
    max_tokens = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        error_messages={
            "invalid": _("Max tokens is a whole number of 1 or more, or empty."),
            "min_value": _("Max tokens is a whole number of 1 or more, or empty."),
        },
    )
    temperature = forms.FloatField(
        required=False,
        min_value=0,
        max_value=2,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Temperature is a number from 0 to 2, or empty."),
        ),
    )
    top_p = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Top p is a number from 0 to 1, or empty.")
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_text(self) -> str:
        """The text, which must say something."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return _within_limit(text)

    def clean_system_prompt(self) -> str:
        """The system prompt, under the same limit."""
        prompt: str = self.cleaned_data["system_prompt"]
        return _within_limit(prompt.strip())

    def clean_model(self) -> LanguageModel:
        """The named model, else the person's default, else the team's, if it may be used."""
        name = self.cleaned_data["model"]
        models = LanguageModel.objects
        model = (
            models.filter(name=name).first()
            if name
            else self.user.default_model or models.filter(is_default=True).first()
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
        """The message as a value. After ``is_valid``."""
        data = self.cleaned_data
        wanted = data["connection"]
        return Draft(
            id=data["id"] or new_id(),
            text=data["text"],
            model=data["model"],
            connection=next((row for row in in_order_of_use(self.user) if row.pk == wanted), None),
            parameters=Parameters(
                system_prompt=data["system_prompt"],
                max_tokens=data["max_tokens"],
                temperature=data["temperature"],
                top_p=data["top_p"],
            ),
        )


def _within_limit(text: str) -> str:
    limit = settings.MAX_MESSAGE_BYTES
    if len(text.encode()) > limit:
        raise ValidationError(
            gettext("This is over the limit of %(limit)s. Shorten it or send it in parts.")
            % {"limit": filesizeformat(limit)},
            code="too_long",
        )
    return text
