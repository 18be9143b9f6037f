"""HTTP tools: created, changed, disabled, deleted, tried. A secret goes in and never comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from conversations.actions import audit, names
from conversations.actions.audit import Kind
from conversations.crypto import UndecryptableError
from conversations.database import transactions
from conversations.generation import loop
from conversations.generation.tool_calls.http_tools import spec_of
from conversations.models import Conversation, HttpTool, TeamSettings, User
from conversations.models.http_tools import Header
from conversations.refusals import Refusal
from conversations.tools import http_tool, url_template
from conversations.tools.base import Arguments, ToolError
from conversations.tools.http_tool import HttpToolRun

MAX_TOOLS = 50
# The request has its own limit of time; this one is for a loop that does not answer.
TRIAL_SECONDS = 60.0


class TooManyToolsError(Refusal):
    """The user has as many tools as allowed; every request carries the definitions of all."""

    code = "too_many_tools"


class SecretRequiredError(Refusal):
    """A stored secret is missing, or would be sent to another server than it was entered for."""

    status = 422
    code = "secret_required"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class ToolFields:
    """The cleaned fields of a tool.

    A secret header with an empty value keeps the stored one of that name.
    """

    name: str
    description: str
    schema: str
    method: str
    url_template: str
    headers: Sequence[Header] = ()
    mode: str = ""
    is_enabled: bool = True


def create(*, owner: User | None, fields: ToolFields, actor: User) -> HttpTool:
    """Add a tool, the team's without ``owner``.

    Raises SecretRequiredError, TooManyToolsError, names.NameTakenError.
    """
    row = HttpTool(owner=owner)
    put(row, fields)
    with names.write():
        if HttpTool.objects.filter(owner=owner).count() >= MAX_TOOLS:
            raise TooManyToolsError
        row.save()
        _record(Kind.TOOL_ADDED, row, actor, _told(row))
    return row


def change(row: HttpTool, *, fields: ToolFields, actor: User) -> None:
    """Change a tool, from the next call on.

    Raises SecretRequiredError, names.NameTakenError.
    """
    before, old_name, old_secrets = _told(row), row.name, row.encrypted_secrets
    sent = _sent(row)
    put(row, fields)
    after = _told(row)
    changes = {name: value for name, value in after.items() if before[name] != value}
    if row.encrypted_secrets != old_secrets and any(head.value for head in fields.headers):
        changes.setdefault("headers", after["headers"])
    if _sent(row) != sent or any(head.value for head in fields.headers if head.is_secret):
        row.changed_at = timezone.now()
    with names.write():
        row.save()
        if row.name != old_name:
            _rename_modes(row, old_name)
        _record(Kind.TOOL_CHANGED, row, actor, changes)


def set_enabled(row: HttpTool, *, is_enabled: bool, actor: User) -> None:
    """Enable or disable a tool; calls that wait for approval cannot run while it is disabled."""
    row.is_enabled = is_enabled
    with transactions.write():
        row.save(update_fields=["is_enabled"])
        _record(Kind.TOOL_CHANGED, row, actor, {"is_enabled": is_enabled})


def remove(row: HttpTool, *, actor: User) -> None:
    """Delete a tool with its secrets. Its results stay in the conversations."""
    with transactions.write():
        _record(Kind.TOOL_REMOVED, row, actor, {})
        row.delete()


def draft(row: HttpTool | None, fields: ToolFields) -> HttpTool:
    """Return the unsaved tool that would replace ``row``. Raises SecretRequiredError."""
    made = HttpTool()
    if row is not None:
        made.url_template, made.encrypted_secrets = row.url_template, row.encrypted_secrets
    put(made, fields)
    return made


def put(row: HttpTool, fields: ToolFields) -> None:
    """Set the fields on the unsaved row. Raises SecretRequiredError."""
    headers = _resolved(row, fields)
    for name in ("name", "description", "schema", "method", "url_template", "mode", "is_enabled"):
        setattr(row, name, getattr(fields, name))
    row.put_headers(headers)


def is_elsewhere(row: HttpTool, template: str) -> bool:
    """Whether a URL template names another server than the one that the row's secrets are for."""
    if not row.url_template:
        return False
    return url_template.parse(row.url_template).origin != url_template.parse(template).origin


def attempt(row: HttpTool, arguments: Arguments) -> HttpToolRun:
    """Run a tool once, stored or not, from a thread that may wait."""
    try:
        spec = spec_of(row)
    except ToolError as error:
        return HttpToolRun((), str(error), is_failure=True, seconds=0.0)
    hosts = settings.TOOL_ALLOWED_HOSTS
    return loop.call(http_tool.attempt(spec, arguments, allowed_hosts=hosts), TRIAL_SECONDS)


def _resolved(row: HttpTool, fields: ToolFields) -> list[Header]:
    """Return the headers, with stored values where none was entered."""
    try:
        stored = {name.lower(): value for name, value in row.secrets.items()}
    except UndecryptableError:
        stored = {}
    if is_elsewhere(row, fields.url_template):
        stored = {}
    headers = []
    for header in fields.headers:
        value = header.value or (stored.get(header.name.lower(), "") if header.is_secret else "")
        if not value:
            raise SecretRequiredError(header.name)
        headers.append(Header(header.name, value, header.is_secret))
    return headers


def _rename_modes(row: HttpTool, old_name: str) -> None:
    """Carry the modes of a tool over to its new name."""
    people = User.objects.filter(Q(pk=row.owner_id) if row.owner_id else ~Q(tool_modes={}))
    teams = TeamSettings.objects.all() if row.is_team else TeamSettings.objects.none()
    chats = Conversation.objects.filter(owner__in=people) if row.owner_id else Conversation.objects
    chosen = chats.filter(tool_modes__has_key=old_name)
    holders: list[User | TeamSettings | Conversation] = [*people, *teams, *chosen]
    for holder in holders:
        if mode := holder.tool_modes.get(old_name):
            holder.tool_modes = {**holder.tool_modes, row.name: mode}
            holder.save(update_fields=["tool_modes"])


def _sent(row: HttpTool) -> tuple[Any, ...]:
    """Return the fields that decide what is sent where, without the secrets."""
    return row.schema, row.method, row.url_template, row.headers


def _told(row: HttpTool) -> dict[str, Any]:
    """Return the audit log's view of a tool, with the names of its headers only."""
    names = ("name", "method", "url_template", "mode", "is_enabled")
    headers = [header["name"] for header in row.headers]
    return {name: getattr(row, name) for name in names} | {"headers": headers}


def _record(kind: Kind, row: HttpTool, actor: User, changes: dict[str, Any]) -> None:
    if row.is_team:
        audit.record(kind, actor=actor, about=row.name, changes=changes)
