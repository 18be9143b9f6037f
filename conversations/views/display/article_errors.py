"""The error of a failed answer, explained to the user who sees it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property

from conversations.actions.runs import IMAGES
from conversations.models import Generation, Message, User
from conversations.upstream.errors import ErrorKind
from conversations.views.display import error_sentences
from conversations.views.display.article_runs import RunArticle
from conversations.views.display.error_sentences import Explanation


@dataclass(frozen=True)
class ErrorArticle(RunArticle):
    """A message with what ``viewer`` reads about its failure and can do about it."""

    viewer: User

    @property
    def speaker(self) -> str:
        """The name in the margin: the user's, or the model's display name."""
        if self.role == Message.Role.USER:
            return str(self.viewer)
        return self.generation.model_label if self.generation else self.message.model_label

    @cached_property
    def error(self) -> Explanation | None:
        """The explanation of a failed run; None for all others."""
        run = self.generation
        if run is None or run.status != Generation.Status.FAILED:
            return None
        return error_sentences.explain(
            error_sentences.reason_of(run),
            model=self.speaker,
            connection=run.connection_name,
            manages=self._manages_connection(run),
            status=run.error_status,
            parameter=self.refused_parameter,
        )

    @property
    def refused_parameter(self) -> str:
        """The parameter that the upstream refused; "" if that is not why the run failed."""
        return error_sentences.refused_parameter(self.generation) if self.generation else ""

    @property
    def left_out_next(self) -> str:
        """The parameter, or "images", that the upstream refused and a retry can leave out."""
        run = self.generation
        has_refused_images = run is not None and run.error_kind == ErrorKind.IMAGES_REFUSED
        return IMAGES if has_refused_images else self.refused_parameter

    @property
    def connection_url(self) -> str:
        """The page that changes the run's connection; "" if the viewer cannot change it."""
        run = self.generation
        if run is None or run.connection is None or run.connection.is_managed:
            return ""
        if not self._manages_connection(run):
            return ""
        return reverse("settings_connection", args=[run.connection.pk])

    def _manages_connection(self, run: Generation) -> bool:
        """Whether the connection is the viewer's, or the team's and the viewer administrates it."""
        if run.connection is None:
            return False
        owner = run.connection.owner_id
        return self.viewer.is_administrator if owner is None else owner == self.viewer.pk
