"""The form of a connection, with a sentence for each kind of invalid input."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.actions.connections import API_BASE_URL, ConnectionFields, needs_key_again
from conversations.forms.model_fields import ModelsField
from conversations.forms.widgets import style
from conversations.models import Connection, LanguageModel, User
from conversations.upstream.connection_input import InputError, clean_key, normalise_base_url

URL_LENGTH = 500

SENTENCES = {
    "url_empty": _("Enter the base URL of the API."),
    "url_too_long": _("This address is too long. The limit is 500 characters."),
    "url_scheme": _("The address must begin with https:// or http://."),
    "url_userinfo": _("Leave the name and password out of the address; the key has its own field."),
    "url_query": _("Remove the question mark and everything after it."),
    "url_fragment": _("Remove the # and everything after it."),
    "url_host": _("The address has no valid host name. Compare it with https://api.agentpivot.ai."),
    "url_port": _("The port must be a number from 0 to 65535."),
    "url_invalid": _("This is not an address. Compare it with https://api.agentpivot.ai."),
    "key_empty": _("Enter the key or token."),
    "key_too_long": _("This key is too long: 8 KB are the limit. Check what was pasted."),
    "key_characters": _(
        "The key has characters that keys can’t have. Copy it again from where you created it."
    ),
    "bad_host": _("The address has no valid host name. Compare it with https://api.agentpivot.ai."),
    "not_public": _(
        "This host is not on the public internet. Ask an administrator for a team connection, or "
        "to allow the host for your own."
    ),
    "https_required": _(
        "Your own connections need https, so that nobody on the way reads the key."
    ),
    "not_found": _("This host cannot be found. Check the spelling of the address."),
    "key_elsewhere": _("The address points to a different server. Enter its key."),
}


class ConnectionForm(forms.Form):
    """A new connection of ``owner`` (None: the team), or changes to ``connection``."""

    name = forms.CharField(label=pgettext_lazy("of a connection", "Name"), max_length=100)
    base_url = forms.CharField(
        label=_("Base URL"),
        max_length=URL_LENGTH,
        initial=API_BASE_URL,
        help_text=_("With or without /v1 at the end."),
        widget=forms.TextInput({"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": SENTENCES["url_empty"]},
    )
    auth_style = forms.ChoiceField(
        label=_("Header for the key"),
        choices=Connection.AuthStyle.choices,
        initial=Connection.AuthStyle.X_API_KEY,
    )
    key = forms.CharField(
        label=_("Key or token"),
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    is_plain = forms.BooleanField(
        label=_("Never stream"),
        required=False,
        help_text=_("For servers that can’t stream."),
    )
    serves_all_models = forms.BooleanField(
        label=_("Serves all enabled models"), required=False, initial=True
    )
    served_models = ModelsField(
        label=_("Only these models"),
        queryset=LanguageModel.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        owner: User | None,
        connection: Connection | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(connection) if connection else None)
        self.owner = owner
        self.connection = connection
        self._served_field.queryset = LanguageModel.objects.all()
        style(self)

    @property
    def _served_field(self) -> ModelsField:
        field = self.fields["served_models"]
        assert isinstance(field, ModelsField)  # noqa: S101 (tells the type)
        return field

    def clean_base_url(self) -> str:
        """Normalise the base URL. No network here: actions/verification.py checks the address."""
        try:
            base_url = normalise_base_url(self.cleaned_data["base_url"])
            if len(base_url) > URL_LENGTH:
                raise InputError("url_too_long")
        except InputError as error:
            raise forms.ValidationError(SENTENCES[error.code], error.code) from None
        return base_url

    def refuse_address(self, code: str) -> None:
        """Show why an address was refused, beside its field."""
        self.add_error("base_url", forms.ValidationError(SENTENCES[code], code))

    def clean_key(self) -> str:
        """Return the key without white space and quotes around it; "" keeps the stored one."""
        typed: str = self.cleaned_data["key"]
        if not typed.strip() and self.connection is not None:
            return ""
        try:
            return clean_key(typed)
        except InputError as error:
            raise forms.ValidationError(SENTENCES[error.code], error.code) from None

    def clean(self) -> dict[str, Any]:
        """Refuse the stored key for another server, and a list of models that is empty."""
        cleaned = super().clean() or self.cleaned_data
        base_url, key = cleaned.get("base_url"), cleaned.get("key")
        if (
            self.connection
            and base_url
            and key == ""
            and needs_key_again(self.connection, base_url)
        ):
            self.add_error("key", SENTENCES["key_elsewhere"])
        if not cleaned.get("serves_all_models") and not cleaned.get("served_models"):
            self.add_error("served_models", _("Choose at least one model, or let it serve all."))
        return cleaned

    def connection_fields(self) -> ConnectionFields:
        """Return the fields for actions/connections.py. Only after ``is_valid``."""
        return ConnectionFields(**self.cleaned_data)


def _initial(connection: Connection) -> dict[str, Any]:
    return {
        "name": connection.name,
        "base_url": connection.base_url,
        "auth_style": connection.auth_style,
        "is_plain": connection.is_plain,
        "serves_all_models": connection.serves_all_models,
        "served_models": [model.pk for model in connection.served_models.all()],
    }
