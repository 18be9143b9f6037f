"""Conversations: a tree of messages that belongs to one user."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.connections import Connection
from conversations.models.folders import Folder
from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel
from conversations.models.parameters import ParameterSet, parameter_ranges
from conversations.models.presets import Preset
from conversations.models.users import User

# Deleted conversations and messages can be restored for this long; then they are erased.
RETENTION = datetime.timedelta(days=30)
LISTED = Q(deleted_at=None, archived_at=None, is_temporary=False)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible(self) -> ConversationQuerySet:
        """Exclude deleted conversations."""
        return self.filter(deleted_at=None)

    def listed(self) -> ConversationQuerySet:
        """Select what the sidebar lists: neither archived nor deleted nor temporary."""
        return self.filter(LISTED)

    def recoverable(self) -> ConversationQuerySet:
        """Select deleted conversations that can still be restored."""
        return self.filter(deleted_at__gt=timezone.now() - RETENTION)

    def not_expired(self) -> ConversationQuerySet:
        """Exclude conversations that can no longer be restored."""
        return self.filter(Q(deleted_at=None) | Q(deleted_at__gt=timezone.now() - RETENTION))

    def overdue(self) -> ConversationQuerySet:
        """Select deleted conversations that `upkeep/trash.py` is to erase."""
        return self.filter(deleted_at__lte=timezone.now() - RETENTION)


class Conversation(UuidModel, ParameterSet):
    """A conversation of one user with the models, its settings and its place in the lists."""

    class TitleSource(models.TextChoices):
        """The origin of the title. A title that the user wrote is never overwritten."""

        WORDS = "words", _("First words")
        MODEL = "model", _("A model")
        PERSON = "person", _("A person")

    owner = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="conversations"
    )
    title = models.CharField(_("title"), max_length=200)
    title_source = models.CharField(
        max_length=10, choices=TitleSource, default=TitleSource.WORDS, editable=False
    )
    model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Set when the user chose one of several connections that serve the model.
    connection = models.ForeignKey(
        Connection,
        verbose_name=_("connection"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The last message of the branch that is shown.
    leaf = models.ForeignKey(
        "Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Counts changes of the tree and of the shown branch, so that a page knows if it is outdated.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # Values of ToolMode by the names of tools, where they differ from the owner's.
    tool_modes: models.JSONField[dict[str, str]] = models.JSONField(default=dict, editable=False)
    # Its parameters apply where the conversation sets none.
    preset = models.ForeignKey(
        Preset,
        verbose_name=_("preset"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # The time of the last message or answer; the sidebar is ordered by it.
    active_at = models.DateTimeField(_("last active"), default=timezone.now)
    answered_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    # Its place in the owner's list; archived and deleted conversations have lists of their own.
    folder = models.ForeignKey(
        Folder,
        verbose_name=_("folder"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conversations",
    )
    pinned_at = models.DateTimeField(_("pinned"), null=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)
    # In no list, and erased when its last page has been closed (`upkeep/temporary.py`).
    is_temporary = models.BooleanField(_("temporary"), default=False, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-active_at", "-id"]
        # One index for each list, in its order, so that a page costs the same in a long list.
        indexes = [
            models.Index(
                F("owner"),
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_sidebar",
                condition=LISTED & Q(pinned_at=None, folder=None),
            ),
            models.Index(
                F("owner"),
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_listed",
                condition=LISTED,
            ),
            models.Index(
                F("owner"),
                F("pinned_at").desc(),
                F("id").desc(),
                name="conversation_pinned",
                condition=LISTED & Q(pinned_at__isnull=False),
            ),
            models.Index(
                F("folder"),
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_folder",
                condition=LISTED & Q(folder__isnull=False),
            ),
            models.Index(
                F("owner"),
                F("archived_at").desc(),
                F("id").desc(),
                name="conversation_archived",
                condition=Q(deleted_at=None, archived_at__isnull=False),
            ),
            models.Index(
                F("owner"),
                F("deleted_at").desc(),
                F("id").desc(),
                name="conversation_deleted",
                condition=Q(deleted_at__isnull=False),
            ),
            models.Index(F("id"), name="conversation_temporary", condition=Q(is_temporary=True)),
        ]
        constraints = [
            *parameter_ranges(),
            models.CheckConstraint(
                name="conversation_temporary_in_no_list",
                condition=Q(is_temporary=False)
                | Q(pinned_at=None, archived_at=None, deleted_at=None, folder=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days_left(self) -> int:
        """Days until a deleted conversation is erased, rounded up; 0 if it is not deleted."""
        if self.deleted_at is None:
            return 0
        return max(0, (self.deleted_at + RETENTION - timezone.now()).days + 1)

    @property
    def is_unread(self) -> bool:
        """Whether an answer has ended that its owner has not seen."""
        return self.answered_at is not None and (
            self.read_at is None or self.read_at < self.answered_at
        )
