"""HTTP tools: a request that a model may have made, a person's own or the team's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations import crypto
from conversations.models.identifiers import UuidModel
from conversations.models.tool_approvals import ToolMode
from conversations.models.users import User
from conversations.tools.hiding import hint_of


@dataclass(frozen=True, slots=True)
class Header:
    """One header that a tool sends."""

    name: str
    value: str = field(repr=False)
    is_secret: bool = False


class StoredHeader(TypedDict):
    """A header as the row has it: of a secret one ``shown`` is what may be shown of it."""

    name: str
    shown: str
    is_secret: bool


class HttpTool(UuidModel):
    """A person's own, or everybody's when it has no owner."""

    class Method(models.TextChoices):
        """How it asks. The first two change nothing on a server that keeps to the rules."""

        GET = "GET", "GET"
        HEAD = "HEAD", "HEAD"
        POST = "POST", "POST"
        PUT = "PUT", "PUT"
        PATCH = "PATCH", "PATCH"
        DELETE = "DELETE", "DELETE"

    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="http_tools"
    )
    # What the model calls it: [A-Za-z0-9_-]{1,64}.
    name = models.CharField(pgettext_lazy("of a tool", "name"), max_length=64)
    description = models.TextField(_("description"))
    # The JSON Schema of its arguments, as it was written.
    schema = models.TextField(_("parameters"))
    method = models.CharField(_("method"), max_length=6, choices=Method, default=Method.GET)
    url_template = models.CharField(_("address"), max_length=2000)
    # In the order of the form; the values of secret ones are in encrypted_secrets only.
    headers: models.JSONField[list[StoredHeader]] = models.JSONField(default=list, editable=False)
    encrypted_secrets = models.TextField(blank=True, editable=False)
    # Empty: as usual for its method.
    mode = models.CharField(_("before it runs"), max_length=10, choices=ToolMode, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    # When what it sends, or where, was last decided: what was allowed before is asked again.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "owner",
                name="http_tool_name_of_owner",
                violation_error_message=_("There is already a tool with this name."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="http_tool_name_of_team",
                condition=models.Q(owner=None),
                violation_error_message=_("The team already has a tool with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        """Whether everybody's conversations may call it."""
        return self.owner_id is None

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        schema: dict[str, Any] = json.loads(self.schema)
        schema.pop("$schema", None)
        return schema

    @property
    def usual_mode(self) -> ToolMode:
        """What holds where nobody has said otherwise: whatever may change something asks."""
        is_safe = self.method in {self.Method.GET, self.Method.HEAD}
        return ToolMode.RUN if is_safe else ToolMode.ALWAYS

    @property
    def own_mode(self) -> ToolMode:
        """Whether it asks by itself, before a person or the team is stricter."""
        return ToolMode(self.mode) if self.mode else self.usual_mode

    @property
    def plain_headers(self) -> dict[str, str]:
        """The headers that are no secrets."""
        return {row["name"]: row["shown"] for row in self.headers if not row["is_secret"]}

    @property
    def secrets(self) -> dict[str, str]:
        """The secret headers in clear. Raises crypto.UndecryptableError. Only the engine reads."""
        if not self.encrypted_secrets:
            return {}
        opened: dict[str, str] = json.loads(crypto.decrypt(self.encrypted_secrets))
        return opened

    def put_headers(self, headers: list[Header]) -> None:
        """Put all headers on the row, not saved yet: the secret ones encrypted."""
        secrets = {header.name: header.value for header in headers if header.is_secret}
        self.encrypted_secrets = crypto.encrypt(json.dumps(secrets)) if secrets else ""
        self.headers = [
            StoredHeader(
                name=header.name,
                shown=hint_of(header.value) if header.is_secret else header.value,
                is_secret=header.is_secret,
            )
            for header in headers
        ]
