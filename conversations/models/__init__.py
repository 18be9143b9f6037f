"""The database rows, with their constraints and short properties; no I/O elsewhere."""

from __future__ import annotations

from conversations.models.attachments import Attachment
from conversations.models.audit_entries import AuditEntry
from conversations.models.connections import Connection
from conversations.models.conversations import Conversation
from conversations.models.folders import Folder
from conversations.models.generations import Generation
from conversations.models.http_tools import HttpTool
from conversations.models.language_models import LanguageModel
from conversations.models.messages import Message
from conversations.models.presets import Preset
from conversations.models.prices import Price
from conversations.models.search_pieces import SearchPiece
from conversations.models.sharing import SharedMessage, ShareLink, SharingPolicy
from conversations.models.snippets import Snippet
from conversations.models.team_settings import TeamSettings
from conversations.models.tool_approvals import ToolApproval, ToolMode
from conversations.models.usage_records import UsageRecord
from conversations.models.users import User
from conversations.models.wire_records import WireRecord

__all__ = [
    "Attachment",
    "AuditEntry",
    "Connection",
    "Conversation",
    "Folder",
    "Generation",
    "HttpTool",
    "LanguageModel",
    "Message",
    "Preset",
    "Price",
    "SearchPiece",
    "ShareLink",
    "SharedMessage",
    "SharingPolicy",
    "Snippet",
    "TeamSettings",
    "ToolApproval",
    "ToolMode",
    "UsageRecord",
    "User",
    "WireRecord",
]
