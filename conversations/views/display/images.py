"""The images of an answer, and a sentence for each that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from conversations.models import Attachment, Generation
from conversations.upstream.answer.parts import ImagePart, Part


class ImageFile(Protocol):
    """A file and the URL at which the reader gets it."""

    @property
    def attachment(self) -> Attachment: ...

    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class ArticleImage:
    """An image, for templates/conversations/_pictures.html. ``maker``: the model's name."""

    image: ImagePart
    file: ImageFile | None
    maker: str

    @property
    def thumbnail(self) -> str:
        """The URL of the thumbnail."""
        return f"{self.file.url}?thumbnail" if self.file else ""

    @property
    def alt(self) -> str:
        """The prompt of the image."""
        return self.image.alt or _("Image")

    @property
    def is_tall(self) -> bool:
        """Whether the image would be higher than the screen at the column's width."""
        return self.image.height > self.image.width

    @property
    def sentence(self) -> str:
        """The reason why the image is missing, and what to do."""
        sentences = {
            "too_large": _("The image is too large to show. Ask for a smaller one."),
            "unreachable": _("The image is on another server and couldn’t be fetched."),
            "broken": _("The image is damaged and can’t be shown. Ask again."),
        }
        return sentences.get(self.image.problem, _("The image is gone."))


def images_of(
    parts: Iterable[Part], files: Iterable[ImageFile], speaker: str
) -> list[ArticleImage]:
    """Return the images in their order, each with its file if there is one."""
    images = [part for part in parts if isinstance(part, ImagePart)]
    if not images:
        return []
    by_digest = {file.attachment.digest: file for file in files}
    return [
        ArticleImage(image, by_digest.get(image.digest), image.model or speaker) for image in images
    ]


class ArticleImages:
    """The images of an article, by their place in it. A mixin."""

    @property
    def step_parts(self) -> Iterable[Part]:
        raise NotImplementedError

    @property
    def files(self) -> Sequence[ImageFile]:
        raise NotImplementedError

    @property
    def speaker(self) -> str:
        """The name of the model, which made the images that have no maker of their own."""
        raise NotImplementedError

    @cached_property
    def all_pictures(self) -> list[ArticleImage]:
        return images_of(self.step_parts, self.files, self.speaker)

    @property
    def pictures(self) -> list[ArticleImage]:
        """Images by the model itself, which are shown below its text."""
        return [each for each in self.all_pictures if not each.image.model]

    @property
    def made_pictures(self) -> list[ArticleImage]:
        """Images by tools, which are shown beside their calls."""
        return [each for each in self.all_pictures if each.image.model]


def no_image(run: Generation, model: str) -> str:
    """Return a sentence if an image model answered with text alone, else ""."""
    if run.status != Generation.Status.COMPLETED or run.model is None or not run.model.makes_images:
        return ""
    return _("%(model)s replied with text and made no image. Describe what to show.") % {
        "model": model
    }
