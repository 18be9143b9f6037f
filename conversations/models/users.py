"""Users: their accounts, roles and preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.parameters import ParameterSet, parameter_ranges

if TYPE_CHECKING:
    from conversations.models.language_models import LanguageModel


class UserManager(BaseUserManager["User"]):
    """Create and find users by their email address, ignoring its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user, who without ``password`` must set one by a link to sign in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator; Django's ``createsuperuser`` calls this."""
        return self.create_user(email, password, role=User.Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this email address. Raises User.DoesNotExist."""
        return self.get(email__iexact=username)


class User(UuidModel, ParameterSet, AbstractBaseUser):
    """A member or administrator of the team."""

    class Role(models.TextChoices):
        """The role: administrators manage users, connections, models and the team's settings."""

        MEMBER = "member", _("Member")
        ADMINISTRATOR = "administrator", _("Administrator")

    class Theme(models.TextChoices):
        """The theme of pages; empty follows the device."""

        SYSTEM = "", _("System")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("email address"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=150)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # An IANA name that the browser reports; empty until one has.
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # A code of settings.LANGUAGES; empty means the browser's language.
    language = models.CharField(_("language"), max_length=16, blank=True)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, blank=True)
    # If false, Ctrl Enter (on macOS ⌘ Enter) sends and Enter begins a new line.
    sends_with_enter = models.BooleanField(_("Enter sends"), default=True)
    uses_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    # If true, a live region repeats each finished sentence of an answer for screen readers.
    reads_sentences = models.BooleanField(_("read replies as they arrive"), default=False)
    shows_usage = models.BooleanField(_("show usage"), default=True)
    # Sent with every conversation, in addition to its system prompt.
    instructions = models.TextField(_("instructions"), blank=True)
    # Values of ToolMode by the names of tools.
    tool_modes: models.JSONField[dict[str, str]] = models.JSONField(default=dict, editable=False)
    default_model = models.ForeignKey(
        "LanguageModel",
        verbose_name=_("default model"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    default_connection = models.ForeignKey(
        "Connection",
        verbose_name=_("default connection"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    favourite_models: models.ManyToManyField[LanguageModel, models.Model] = models.ManyToManyField(
        "LanguageModel", verbose_name=_("favourite models"), blank=True, related_name="+"
    )
    created = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "id"]
        constraints = [
            *parameter_ranges(),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Somebody already uses this email address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_administrator(self) -> bool:
        return self.role == self.Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets the user in."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Return True for an active administrator: there are no finer permissions."""
        del perm, obj
        return self.is_active and self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)
