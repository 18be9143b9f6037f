"""The model picker of a user: models in groups, each with the connections that serve it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.models import Connection, Conversation, LanguageModel, User
from conversations.models.identifiers import parse_id
from conversations.queries import connections, model_lists

FAVOURITES = "favourites"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model in the list; ``reason`` says why it cannot be used and is empty if it can.

    ``connections`` is empty unless two or more serve it; the first one is the default.
    """

    model: LanguageModel
    is_favourite: bool
    reason: str
    connections: tuple[Connection, ...]


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """A heading with its rows; ``key`` is used in the ids of the page."""

    key: str
    label: str
    rows: tuple[ModelRow, ...]


@dataclass(frozen=True, slots=True)
class Picker:
    """The picker of a page without its list, which the page fetches when it is about to be opened.

    ``model`` answers next; None if none is usable. ``connection`` is the one chosen for this
    conversation, if it still serves the model; ``through`` is the one that the next answer uses.
    ``notice`` says that the model is no longer offered.
    """

    conversation: Conversation | None
    model: LanguageModel | None
    connection: Connection | None
    through: Connection | None
    notice: str
    choices: tuple[Connection, ...]

    @property
    def capabilities(self) -> list[tuple[str, str]]:
        """The capabilities that the list can be filtered by."""
        return [(value, str(label)) for value, label in LanguageModel.Capability.choices]

    @property
    def is_stale(self) -> bool:
        """Whether the conversation's model must be changed before the next message."""
        return bool(self.notice)


def picker_for(
    user: User,
    conversation: Conversation | None = None,
    *,
    wanted: str = "",
    wanted_connection: str = "",
) -> Picker:
    """Return the picker of a conversation, or of a new chat with the model ``wanted``."""
    usable = connections.in_order_of_use(user)
    current = _wanted(wanted) or model_lists.asked_next(user, conversation)
    through = [row for row in usable if current and connections.serves(row, current)]
    chosen_id = conversation.connection_id if conversation else parse_id(wanted_connection)
    chosen = next((row for row in through if row.pk == chosen_id), None)
    return Picker(
        conversation=conversation,
        model=current,
        connection=chosen,
        through=chosen or next(iter(through), None),
        notice=_notice(current),
        choices=tuple(usable),
    )


def groups_for(user: User) -> tuple[ModelGroup, ...]:
    """Return the groups of the picker; the first one, the favourites, may be empty."""
    usable = connections.in_order_of_use(user)
    favourites = set(user.favourite_models.values_list("pk", flat=True))
    enabled = LanguageModel.objects.filter(is_enabled=True)
    return _groups([_row(row, usable, is_favourite=row.pk in favourites) for row in enabled])


def _row(model: LanguageModel, usable: list[Connection], *, is_favourite: bool) -> ModelRow:
    serving = tuple(row for row in usable if connections.serves(row, model))
    reason = model_lists.not_for_chat_reason(model)
    if not reason and not serving:
        reason = _("None of your connections serves this model.")
    return ModelRow(
        model=model,
        is_favourite=is_favourite,
        reason=reason,
        connections=serving if len(serving) > 1 and not reason else (),
    )


def _groups(rows: list[ModelRow]) -> tuple[ModelGroup, ...]:
    by_model = {row.model.pk: row for row in rows}
    favourites = tuple(row for row in rows if row.is_favourite)
    groups = [ModelGroup(key=FAVOURITES, label=_("Favourites"), rows=favourites)]
    for number, series in enumerate(model_lists.in_series(row.model for row in rows)):
        members = tuple(by_model[model.pk] for model in series.models)
        groups.append(ModelGroup(key=f"series-{number}", label=series.label, rows=members))
    return tuple(groups)


def _wanted(name: str) -> LanguageModel | None:
    model = LanguageModel.objects.filter(name=name).first() if name else None
    return model if model and model.is_usable else None


def _notice(model: LanguageModel | None) -> str:
    if model is None:
        return _("No model is offered at the moment. An administrator can enable one.")
    if model.is_usable:
        return ""
    return _("%(model)s is no longer offered. Choose another model.") % {"model": model.label}
