"""HTTP tools: requests that users or administrators define and models may call."""

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
    name: str
    value: str = field(repr=False)
    is_secret: bool = False


class StoredHeader(TypedDict):
    """A header as the row stores it; ``shown`` is its value, or a hint of a secret one."""

    name: str
    shown: str
    is_secret: bool


class HttpTool(UuidModel):
    """A user's own tool, or the team's when it has no owner."""

    class Method(models.TextChoices):
        """The HTTP method. GET and HEAD change nothing on a server that follows the standard."""

        GET = "GET", "GET"
        HEAD = "HEAD", "HEAD"
        POST = "POST", "POST"
        PUT = "PUT", "PUT"
        PATCH = "PATCH", "PATCH"
        DELETE = "DELETE", "DELETE"

    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="http_tools"
    )
    # The name that the model calls: [A-Za-z0-9_-]{1,64}.
    name = models.CharField(pgettext_lazy("of a tool", "name"), max_length=64)
    description = models.TextField(_("description"))
    # The JSON Schema of its arguments, unchanged from the form.
    schema = models.TextField(_("parameters"))
    method = models.CharField(_("method"), max_length=6, choices=Method, default=Method.GET)
    url_template = models.CharField(_("address"), max_length=2000)
    # In the order of the form. The values of secret headers are only in `encrypted_secrets`.
    headers: models.JSONField[list[StoredHeader]] = models.JSONField(default=list, editable=False)
    encrypted_secrets = models.TextField(blank=True, editable=False)
    # Empty means the default of its method (`usual_mode`).
    mode = models.CharField(_("before it runs"), max_length=10, choices=ToolMode, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    # The last change of the request it makes; approvals given before it no longer count.
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
        """Whether every user's conversations may call it."""
        return self.owner_id is None

    @property
    def parameters(self) -> dict[str, Any]:
        """The parsed JSON Schema of its arguments, without ``$schema``."""
        schema: dict[str, Any] = json.loads(self.schema)
        schema.pop("$schema", None)
        return schema

    @property
    def usual_mode(self) -> ToolMode:
        """The default of its method: a request that may change something asks each time."""
        is_safe = self.method in {self.Method.GET, self.Method.HEAD}
        return ToolMode.RUN if is_safe else ToolMode.ALWAYS

    @property
    def own_mode(self) -> ToolMode:
        """The mode set on the tool itself; the user or the team may be stricter."""
        return ToolMode(self.mode) if self.mode else self.usual_mode

    @property
    def plain_headers(self) -> dict[str, str]:
        return {row["name"]: row["shown"] for row in self.headers if not row["is_secret"]}

    @property
    def secrets(self) -> dict[str, str]:
        """The decrypted secret headers, for the engine only. Raises crypto.UndecryptableError."""
        if not self.encrypted_secrets:
            return {}
        opened: dict[str, str] = json.loads(crypto.decrypt(self.encrypted_secrets))
        return opened

    def put_headers(self, headers: list[Header]) -> None:
        """Replace all headers, encrypting the secret ones. Does not save the row."""
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
