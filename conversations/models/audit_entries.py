"""The audit log, append-only: who did what to whom, and when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.identifiers import UuidModel


class AppendOnlyError(TypeError):
    """An attempt to change or delete an entry of the log."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """A queryset without update and delete; triggers in the database refuse raw SQL as well."""

    def update(self, **values: Any) -> int:
        """Raise AppendOnlyError."""
        raise AppendOnlyError(f"Audit entries are not changed ({', '.join(values)}).")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raise AppendOnlyError."""
        raise AppendOnlyError("Audit entries are not removed.")


class AuditEntry(UuidModel):
    """One recorded action.

    An entry stores the ids and names of rows as they were and has no foreign keys: setting a key
    to null when its row is deleted would change the entry. The set of kinds is closed in Python and
    not by a constraint of the table, because SQLite rebuilds a table to change a constraint and
    loses the triggers that protect the rows (migration 0002).
    """

    class Kind(models.TextChoices):
        """The actions that are recorded."""

        CONVERSATION_OPENED = "conversation_opened", _("Opened a conversation")
        PERSON_ADDED = "person_added", _("Added a person")
        PERSON_DISABLED = "person_disabled", _("Disabled a person")
        PERSON_ENABLED = "person_enabled", _("Enabled a person")
        ROLE_CHANGED = "role_changed", _("Changed a role")
        LINK_MADE = "link_made", _("Made a link")
        CONNECTION_CREATED = "connection_created", _("Created a connection")
        CONNECTION_CHANGED = "connection_changed", _("Changed a connection")
        CONNECTION_DELETED = "connection_deleted", _("Deleted a connection")
        MODEL_ADDED = "model_added", _("Added a model")
        MODEL_CHANGED = "model_changed", _("Changed a model")
        MODEL_REMOVED = "model_removed", _("Removed a model")
        PRICE_ADDED = "price_added", _("Entered a price")
        PRICE_REMOVED = "price_removed", _("Removed a planned price")
        TEAM_CHANGED = "team_changed", _("Changed the team’s settings")
        PRESET_ADDED = "preset_added", _("Added a team preset")
        PRESET_CHANGED = "preset_changed", _("Changed a team preset")
        PRESET_REMOVED = "preset_removed", _("Removed a team preset")
        SNIPPET_ADDED = "snippet_added", _("Added a team snippet")
        SNIPPET_CHANGED = "snippet_changed", _("Changed a team snippet")
        SNIPPET_REMOVED = "snippet_removed", _("Removed a team snippet")
        TOOL_ADDED = "tool_added", _("Added a team tool")
        TOOL_CHANGED = "tool_changed", _("Changed a team tool")
        TOOL_REMOVED = "tool_removed", _("Removed a team tool")
        CONVERSATION_SHARED = "conversation_shared", _("Shared a conversation")
        SHARE_REVOKED = "share_revoked", _("Revoked a shared link")
        SHARING_CHANGED = "sharing_changed", _("Changed who can open shared links")

    NAME_LENGTH = 254

    created = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    kind = models.CharField(_("what"), max_length=40, choices=Kind, editable=False)
    # The user who acted; null when the server itself did, at an operator's command.
    actor_id = models.UUIDField(null=True, editable=False)
    actor_name = models.CharField(_("who"), max_length=NAME_LENGTH, blank=True, editable=False)
    # The user who was changed, or who owns the object; null for the team's.
    person_id = models.UUIDField(null=True, editable=False)
    person_name = models.CharField(
        _("about whom"), max_length=NAME_LENGTH, blank=True, editable=False
    )
    # The conversation, connection or model concerned.
    object_id = models.UUIDField(null=True, editable=False)
    object_name = models.CharField(
        _("about which"), max_length=NAME_LENGTH, blank=True, editable=False
    )
    # Names of columns, each with its new value. Secrets are never included.
    changes: models.JSONField[dict[str, Any]] = models.JSONField(
        _("became"), default=dict, blank=True, editable=False
    )

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person_id", "kind", "-id"], name="audit_entry_about"),
            models.Index(fields=["kind", "-id"], name="audit_entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; raise AppendOnlyError if it exists."""
        if not self._state.adding:
            raise AppendOnlyError("Audit entries are not changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise AppendOnlyError."""
        del args, kwargs
        raise AppendOnlyError("Audit entries are not removed.")
