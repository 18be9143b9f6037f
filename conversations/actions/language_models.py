"""The list of models, which administrators change, and each user's preferences in it."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from conversations.actions import audit
from conversations.database import transactions
from conversations.models import Connection, Conversation, Generation, LanguageModel, User
from conversations.models.documented import FIRST_DEFAULT, documented_models
from conversations.refusals import Refusal
from conversations.upstream.errors import ErrorKind


class TeamDefaultError(Refusal):
    """The team's default cannot be removed; another one must be set first."""

    code = "team_default"


def create_documented(model: Any = LanguageModel, *, using: str = "default") -> None:
    """Add the documented models that are missing; existing rows stay unchanged."""
    rows = dict(model.objects.using(using).values_list("name", "is_default"))
    missing = [line for line in documented_models() if line.name not in rows]
    if not missing:
        return
    has_default = any(rows.values())

    # A table as an earlier migration made it cannot say that it is not known.
    can_be_unknown = model._meta.get_field("sees_images").null  # noqa: SLF001 (public, in Django)
    with transactions.write():
        model.objects.using(using).bulk_create(
            [
                model(
                    name=line.name,
                    series=line.series,
                    capability=line.capability,
                    position=line.position,
                    is_documented=True,
                    sees_images=line.sees_images if can_be_unknown else bool(line.sees_images),
                    is_default=line.name == FIRST_DEFAULT and not has_default,
                )
                for line in missing
            ],
            ignore_conflicts=True,
        )


def note_blindness(run: Generation) -> None:
    """Remember that the model of a failed run sees no images. Inside a transaction.

    Only what was not known, and what a connection of the team's has refused: another could be
    anybody's program.
    """
    connection = run.connection
    is_refusal = run.error_kind == ErrorKind.IMAGES_REFUSED
    if run.model is None or connection is None or connection.owner_id or not is_refusal:
        return
    unknown = LanguageModel.objects.filter(pk=run.model.pk, sees_images=None)
    if unknown.update(sees_images=False):
        changes = {"sees_images": False}
        audit.record(audit.Kind.MODEL_CHANGED, actor=None, about=run.model, changes=changes)


def add(
    *, name: str, display_name: str, capability: str, actor: User | None = None
) -> LanguageModel:
    """Add a model that is not on the documented list, after all others."""
    with transactions.write():
        last = LanguageModel.objects.aggregate(last=Max("position"))["last"] or 0
        model = LanguageModel.objects.create(
            name=name, display_name=display_name, capability=capability, position=last + 1
        )
        audit.record(audit.Kind.MODEL_ADDED, actor=actor, about=model, changes={"name": name})
    return model


def change(model: LanguageModel, *, actor: User | None = None, **decided: Any) -> None:
    """Set columns of a model by name.

    Raises TeamDefaultError if the team's default would become unusable.
    """
    for column, value in decided.items():
        setattr(model, column, value)
    with transactions.write():
        model.save(update_fields=decided)
        _keep_default_usable([model])
        audit.record(audit.Kind.MODEL_CHANGED, actor=actor, about=model, changes=decided)


def change_several(models: list[LanguageModel], *, actor: User, **decided: Any) -> None:
    """Set columns of several models, all or none. Raises TeamDefaultError as change does."""
    with transactions.write():
        for model in models:
            for column, value in decided.items():
                setattr(model, column, value)
            audit.record(audit.Kind.MODEL_CHANGED, actor=actor, about=model, changes=decided)
        LanguageModel.objects.bulk_update(models, [*decided])
        _keep_default_usable(models)


def remove(model: LanguageModel, *, actor: User | None = None) -> None:
    """Delete an added model; its answers keep its name.

    Raises TeamDefaultError; ValueError for a documented model.
    """
    if model.is_documented:
        message = "Documented models are disabled, not removed."
        raise ValueError(message)
    with transactions.write():
        if LanguageModel.objects.filter(pk=model.pk, is_default=True).exists():
            raise TeamDefaultError
        audit.record(audit.Kind.MODEL_REMOVED, actor=actor, about=model)
        model.delete()


def set_team_default(model: LanguageModel, *, actor: User | None = None) -> None:
    """Set the model of users who have chosen none."""
    with transactions.write():
        LanguageModel.objects.filter(is_default=True).update(is_default=False)
        LanguageModel.objects.filter(pk=model.pk).update(is_default=True)
        changes = {"is_default": True}
        audit.record(audit.Kind.MODEL_CHANGED, actor=actor, about=model, changes=changes)


def set_own_default(user: User, model: LanguageModel | None) -> None:
    """Set a user's own default; None follows the team's."""
    user.default_model = model
    with transactions.write():
        user.save(update_fields=["default_model"])


def set_favourite(user: User, model: LanguageModel, *, is_favourite: bool) -> None:
    """Add a model to a user's favourites, or remove it."""
    with transactions.write():
        if is_favourite:
            user.favourite_models.add(model)
        else:
            user.favourite_models.remove(model)


def choose_for(
    conversation: Conversation, *, model: LanguageModel, connection: Connection | None
) -> None:
    """Set the model and connection of a conversation's next answers."""
    conversation.model, conversation.connection = model, connection
    with transactions.write():
        conversation.save(update_fields=["model", "connection"])


def _keep_default_usable(changed: list[LanguageModel]) -> None:
    """Raise TeamDefaultError inside the changing transaction, which rolls the change back."""
    ids = [model.pk for model in changed]
    default = LanguageModel.objects.filter(is_default=True, pk__in=ids).first()
    if default is not None and not default.is_usable:
        raise TeamDefaultError
