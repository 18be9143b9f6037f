"""The pictures of an answer as a page shows them, and what is said of one that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from conversations.models import Attachment, Generation
from conversations.upstream.answer.parts import ImagePart, Part


class ImageFile(Protocol):
    """A file with the address under which the reader gets it."""

    @property
    def attachment(self) -> Attachment:
        """Its row."""

    @property
    def url(self) -> str:
        """Where they get it."""


@dataclass(frozen=True)
class ArticleImage:
    """One picture, as templates/conversations/_pictures.html reads it."""

    image: ImagePart
    file: ImageFile | None
    maker: str

    @property
    def thumbnail(self) -> str:
        """Where the small copy is."""
        return f"{self.file.url}?thumbnail" if self.file else ""

    @property
    def alt(self) -> str:
        """What it was asked for."""
        return self.image.alt or _("Picture")

    @property
    def is_tall(self) -> bool:
        """Whether it would be higher than a screen at the column's width."""
        return self.image.height > self.image.width

    @property
    def sentence(self) -> str:
        """Why it is not there, and what to do."""
        said = {
            "too_large": _("The picture is too large to be shown. Ask for a smaller one."),
            "unreachable": _("The picture lies elsewhere and could not be fetched."),
            "broken": _("The picture is damaged and cannot be shown. Ask again."),
        }
        return said.get(self.image.problem, _("The picture is not there any more."))


def pictures_of(
    parts: Iterable[Part], files: Iterable[ImageFile], speaker: str
) -> list[ArticleImage]:
    """The pictures in their order, each with its file."""
    images = [part for part in parts if isinstance(part, ImagePart)]
    if not images:
        return []
    by_digest = {file.attachment.digest: file for file in files}
    return [
        ArticleImage(image, by_digest.get(image.digest), image.model or speaker) for image in images
    ]


class ArticleImages:
    """What an article has of pictures, by where they stand in it."""

    @property
    def step_parts(self) -> Iterable[Part]:
        """The parts among which they are."""
        raise NotImplementedError

    @property
    def files(self) -> Sequence[ImageFile]:
        """Their files."""
        raise NotImplementedError

    @property
    def speaker(self) -> str:
        """Who made those that no tool made."""
        raise NotImplementedError

    @cached_property
    def all_pictures(self) -> list[ArticleImage]:
        """All of them."""
        return pictures_of(self.step_parts, self.files, self.speaker)

    @property
    def pictures(self) -> list[ArticleImage]:
        """What the model itself has made; it stands below its words."""
        return [picture for picture in self.all_pictures if not picture.image.model]

    @property
    def made_pictures(self) -> list[ArticleImage]:
        """What its tools have made; it stands beside their calls."""
        return [picture for picture in self.all_pictures if picture.image.model]


def no_picture(run: Generation, model: str) -> str:
    """What is said of an image model that answered in words; "" where there is nothing to say."""
    if run.status != Generation.Status.COMPLETED or run.model is None or not run.model.makes_images:
        return ""
    return _("%(model)s answered in words and made no picture. Describe what is to be seen.") % {
        "model": model
    }
