"""The sentence of each refusal that actions raise, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conversations.actions import (
    attachments,
    folders,
    http_tools,
    language_models,
    messages,
    names,
    people,
    prices,
    runs,
    setup,
    sharing,
    tree,
)
from conversations.actions.limits import LimitReachedError, Quota
from conversations.file_reading.refusals import UnreadableError
from conversations.forms.presets import NAME_TAKEN
from conversations.generation.registry import DrainingError
from conversations.refusals import Refusal
from conversations.views.display.file_sentences import explain_unreadable


def sentence_of(refusal: Refusal) -> str:
    """Return what happened and what to do about it. Raises KeyError for an unknown class."""
    sentence = SENTENCES[type(refusal)]
    return str(sentence) if isinstance(sentence, str | Promise) else sentence(refusal)


def limit_warning(quota: Quota | None) -> str:
    """Return a sentence for a user who is about to meet a limit; "" for all others."""
    if quota is None or not quota.near:
        return ""
    if quota.near == "running":
        return ngettext(
            "%(count)d reply is in progress. Wait for it to end before you ask more.",
            "%(count)d replies are in progress. Wait for one to end before you ask more.",
            quota.running,
        ) % {"count": quota.running}
    return ngettext(
        "You sent %(count)d message within a minute. Wait a moment, then try again.",
        "You sent %(count)d messages within a minute. Wait a moment, then try again.",
        quota.in_this_minute,
    ) % {"count": quota.in_this_minute}


def _cannot_see(refusal: attachments.CannotSeeError) -> str:
    sentence = gettext("%(model)s can’t see images. Remove them, or choose another model.")
    return sentence % {"model": refusal.model.label}


def _last_administrator(refusal: people.LastAdministratorError) -> str:
    sentence = gettext(
        "%(name)s is the last administrator. Make somebody else an administrator first."
    )
    return sentence % {"name": refusal.user}


def _limit_reached(refusal: LimitReachedError) -> str:
    if refusal.code == "running":
        sentence = ngettext(
            "You can have %(limit)d reply in progress. Wait for it, or stop it.",
            "You can have %(limit)d replies in progress. Wait for one, or stop one.",
            refusal.limit,
        )
    else:
        sentence = ngettext(
            "You may send %(limit)d message a minute. Wait a moment and send it again.",
            "You may send %(limit)d messages a minute. Wait a moment and send it again.",
            refusal.limit,
        )
    return sentence % {"limit": refusal.limit}


def _secret_required(refusal: http_tools.SecretRequiredError) -> str:
    sentence = gettext("The value of “%(name)s” can’t be decrypted. Enter it again.")
    return sentence % {"name": refusal.name}


def _too_many_files(_refusal: Refusal) -> str:
    sentence = ngettext(
        "A message may have %(limit)d file. Remove some.",
        "A message may have %(limit)d files. Remove some.",
        attachments.MOST_PER_MESSAGE,
    )
    return sentence % {"limit": attachments.MOST_PER_MESSAGE}


def _too_many_folders(_refusal: Refusal) -> str:
    sentence = gettext("You have %(count)d folders, which is the most. Remove one first.")
    return sentence % {"count": folders.MOST}


def _too_many_tools(_refusal: Refusal) -> str:
    sentence = gettext("There are %(count)s tools already, the most a request can carry.")
    return sentence % {"count": http_tools.MAX_TOOLS}


SENTENCES: Mapping[type[Refusal], str | Promise | Callable[[Any], str]] = {
    DrainingError: _("The server is restarting. Send this again in a moment."),
    LimitReachedError: _limit_reached,
    UnreadableError: explain_unreadable,
    attachments.CannotSeeError: _cannot_see,
    attachments.GoneError: _("A file is gone. Remove it and attach it again."),
    attachments.TooManyFilesError: _too_many_files,
    attachments.TooManyWaitingError: _("Too many files are waiting to be sent. Remove some first."),
    folders.NestingError: _(
        "Folders nest one level deep, and a folder with subfolders can’t move into another."
    ),
    folders.TooManyFoldersError: _too_many_folders,
    http_tools.SecretRequiredError: _secret_required,
    http_tools.TooManyToolsError: _too_many_tools,
    language_models.TeamDefaultError: _(
        "This is the team’s default. Choose another default first."
    ),
    messages.IdTakenError: _("This message was already sent with different text. Send it again."),
    names.NameTakenError: NAME_TAKEN,
    people.LastAdministratorError: _last_administrator,
    people.OwnAccountError: _("Change your own password under Security."),
    prices.PriceInForceError: _("This price is already in force. Enter a different one."),
    runs.NoConnectionError: _(
        "No connection offers this model. Choose another model, or ask an administrator."
    ),
    setup.AlreadySetUpError: _("Somebody else has just set this up. Sign in, or ask them."),
    sharing.NothingToShareError: _(
        "There is nothing to share yet. Wait for the reply, then try again."
    ),
    sharing.SharingOffError: _("An administrator has turned sharing off."),
    sharing.TemporaryError: _(
        "A temporary conversation can’t be shared. Export it to keep what it says."
    ),
    tree.BusyError: _("Wait for the reply, or stop it."),
    tree.DeletedError: _("The message before this was deleted in another tab. Try again."),
}
