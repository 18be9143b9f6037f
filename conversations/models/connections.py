"""Connections: the address of an upstream API and its encrypted key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations import crypto
from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel
from conversations.models.users import User


class Connection(UuidModel):
    """A base URL and a key. Without an owner it is the team's."""

    class Source(models.TextChoices):
        """The origin of the row: the settings page, the environment, or the demo upstream."""

        PERSON = "person", _("Entered here")
        ENVIRONMENT = "environment", _("From the server's environment")
        DEMO = "demo", _("Built-in demo")

    class AuthStyle(models.TextChoices):
        """The header that carries the key."""

        X_API_KEY = "x-api-key", "x-api-key"
        BEARER = "bearer", "Authorization: Bearer"

    name = models.CharField(pgettext_lazy("of a connection", "name"), max_length=100)
    owner = models.ForeignKey(
        User,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="connections",
    )
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.PERSON)
    # Normalised: scheme, host and path, without /v1.
    base_url = models.CharField(_("base URL"), max_length=500)
    auth_style = models.CharField(
        _("header for the key"), max_length=20, choices=AuthStyle, default=AuthStyle.X_API_KEY
    )
    encrypted_key = models.TextField(editable=False)
    key_hint = models.CharField(max_length=4, editable=False)
    # The `exp` claim of a key that is a JWT.
    key_expires_at = models.DateTimeField(null=True, editable=False)
    # The team's connections are tried for a model in this order, the lowest first.
    position = models.PositiveIntegerField(_("order"), default=0)
    serves_all_models = models.BooleanField(_("serves all enabled models"), default=True)
    served_models = models.ManyToManyField(
        LanguageModel, verbose_name=_("models"), blank=True, related_name="connections"
    )
    is_plain = models.BooleanField(_("never stream"), default=False)
    # True once the upstream has refused `stream_options` with 400 or 422: later requests omit it.
    refuses_stream_options = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                name="connection_one_per_source",
                condition=~Q(source="person"),
            ),
            models.CheckConstraint(
                name="connection_kept_for_the_team", condition=Q(source="person") | Q(owner=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The decrypted key, for the engine and tests only. Raises crypto.UndecryptableError."""
        return crypto.decrypt(self.encrypted_key)

    @key.setter
    def key(self, key: str) -> None:
        self.encrypted_key = crypto.encrypt(key)
        # Four characters would reveal half of a short key.
        self.key_hint = key[-4:] if len(key) >= 12 else ""

    @property
    def is_team(self) -> bool:
        """Whether every user may use it."""
        return self.owner_id is None

    @property
    def is_demo(self) -> bool:
        return self.source == self.Source.DEMO

    @property
    def is_managed(self) -> bool:
        """Whether the environment or the demo manages the row; then the settings page cannot."""
        return self.source != self.Source.PERSON
