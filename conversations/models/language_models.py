"""Language models: those that the API documents, and those that administrators added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models.identifiers import UuidModel


class LanguageModel(UuidModel):
    """A model of the API; ``name`` is sent exactly as it is."""

    class Capability(models.TextChoices):
        """The purpose of a model, from the API's list of models."""

        CHAT = "chat", _("Chat")
        IMAGE = "image", _("Image")
        REALTIME = "realtime", _("Realtime voice")
        SPEECH = "speech", _("Speech")
        TRANSCRIPTION = "transcription", _("Transcription")
        OPEN = "open", _("Open source")

    # The API documents one endpoint, /v1/chat/completions, which cannot serve these.
    NOT_FOR_CHAT = (Capability.REALTIME, Capability.SPEECH, Capability.TRANSCRIPTION)

    name = models.CharField(_("name in the API"), max_length=200, unique=True)
    # The series in the API's list, such as "GPT-5.4"; empty for a model that was added.
    series = models.CharField(_("series"), max_length=100, blank=True)
    capability = models.CharField(
        _("capability"), max_length=20, choices=Capability, default=Capability.CHAT
    )
    display_name = models.CharField(_("display name"), max_length=200, blank=True)
    is_documented = models.BooleanField(default=False, editable=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    is_released = models.BooleanField(
        _("use in chat all the same"),
        default=False,
        help_text=_("For a model that is marked as not for chat."),
    )
    # None is not known: then an image is sent, and a refusal is told.
    sees_images = models.BooleanField(_("sees images"), null=True, default=None)
    # Null if it is not known: then tools are offered, and a refusal is remembered here.
    calls_tools = models.BooleanField(_("calls tools"), null=True, blank=True)
    is_plain = models.BooleanField(_("never stream"), default=False)
    is_default = models.BooleanField(_("the team's default"), default=False)
    # The place in the API's list; added models come after it.
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                name="language_model_one_default",
                condition=Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The display name, by default the name in the API."""
        return self.display_name or self.name

    @property
    def can_chat(self) -> bool:
        """Whether the chat endpoint serves it, by its capability or an administrator's decision."""
        return self.is_released or self.capability not in self.NOT_FOR_CHAT

    @property
    def may_see_images(self) -> bool:
        """Whether images are sent to it."""
        return self.sees_images is not False

    @property
    def is_usable(self) -> bool:
        """Whether users may choose it."""
        return self.is_enabled and self.can_chat

    @property
    def can_call_tools(self) -> bool:
        """Whether it is offered tools: it makes no images, and is not known to call none."""
        return self.calls_tools is not False and not self.makes_images

    @property
    def makes_images(self) -> bool:
        """Whether it makes images: then a request has a model and messages and nothing else."""
        return self.capability == self.Capability.IMAGE
