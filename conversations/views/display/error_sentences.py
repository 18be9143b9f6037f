"""A sentence for each error of an answer: what happened, what is safe, and who must act."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Generation
from conversations.upstream.errors import ErrorKind
from conversations.upstream.failures.refused_parameters import named_in

Text = str | Promise

# These reasons are derived from a run; the others are its error_kind.
NO_CONNECTION = "no_connection"
UNDECRYPTABLE = "undecryptable"
NOT_ACCEPTED = "not_accepted"
PICTURE_TOO_LARGE = "picture_too_large"

# A name with these characters could reverse the sentence around it.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A title, and what to do about it, with another text for those who manage the connection.

    The texts may contain {model}, {connection}, {parameter} and {status}, if there is one.
    """

    title: Text
    text: Text
    text_for_managers: Text = ""
    # The action that is offered beside Retry: "connections" (settings), "models" (picker) or "".
    way: str = ""


_ASK_CONNECTION = _("Ask an administrator to check the connection. Your message is safe.")

SENTENCES: dict[str, Sentence] = {
    ErrorKind.KEY_REFUSED: Sentence(
        _("The server refused the key"),
        _ASK_CONNECTION,
        _("Replace the key, or choose the other header for it. Your message is safe."),
        way="connections",
    ),
    ErrorKind.KEY_EXPIRED: Sentence(
        _("The key has expired"),
        _("Ask an administrator for a new key. Your message is safe."),
        _("Put a new key into the connection. Your message is safe."),
        way="connections",
    ),
    ErrorKind.NO_PERMISSION: Sentence(
        _("This key may not use {model}"),
        _("Choose another model, or ask an administrator. Your message is safe."),
        _("Choose another model, or a key that may use this one. Your message is safe."),
        way="models",
    ),
    ErrorKind.MODEL_UNKNOWN: Sentence(
        _("The server does not know {model}"),
        _("Choose another model. Your message is safe."),
        _("Choose another model, or correct the connection’s list of models."),
        way="models",
    ),
    ErrorKind.PARAMETER_REFUSED: Sentence(
        _("{model} does not accept “{parameter}”"),
        _("Send the message without it, or change it under Parameters. Your message is safe."),
        way="models",
    ),
    ErrorKind.IMAGES_REFUSED: Sentence(
        _("{model} can’t see images"),
        _("Send the message without them, or choose a model that can. Your message is safe."),
        way="models",
    ),
    ErrorKind.CONTEXT_TOO_LONG: Sentence(
        _("This conversation is too long for {model}"),
        _("Choose a model that reads more at once, or start a new chat. Nothing was left out."),
        way="models",
    ),
    ErrorKind.RATE_LIMITED: Sentence(
        _("{model} is over its rate limit"),
        _("The server asks for a pause. Your message is safe; it just has not been answered."),
        way="models",
    ),
    ErrorKind.QUOTA_SPENT: Sentence(
        _("The key’s quota is used up"),
        _("Ask an administrator to raise it or to change the key. Your message is safe."),
        _("Raise the quota where the key comes from, or use another key. Your message is safe."),
        way="connections",
    ),
    ErrorKind.UPSTREAM_BROKEN: Sentence(
        _("“{connection}” had an error"),
        _("Retry in a moment. Your message is safe."),
        way="models",
    ),
    ErrorKind.UNREACHABLE: Sentence(
        _("“{connection}” cannot be reached"),
        _("Retry in a moment; if that does not help, tell an administrator."),
        _("Retry in a moment; if that does not help, check the connection’s base URL."),
        way="connections",
    ),
    ErrorKind.TIMED_OUT: Sentence(
        _("“{connection}” took too long"),
        _("The reply didn’t arrive in time. Retry, or choose another model."),
        way="models",
    ),
    ErrorKind.STALLED: Sentence(
        _("The reply broke off"),
        _("“{connection}” stopped responding. What arrived is kept. Retry to ask again."),
    ),
    ErrorKind.REFUSED_BY_POLICY: Sentence(
        _("{model} declined to reply"),
        _("The server’s rules don’t allow this request. Rephrase it, or choose another model."),
        way="models",
    ),
    ErrorKind.BAD_STREAM: Sentence(
        _("The reply can’t be read"),
        _("The server sent something else than a reply. What arrived is kept. Retry."),
        way="models",
    ),
    ErrorKind.TOO_LARGE: Sentence(
        _("The reply is too long"),
        _("What arrived up to the limit is kept. Ask for a shorter reply."),
    ),
    ErrorKind.NOT_AN_API: Sentence(
        _("“{connection}” is not an API"),
        _("Ask an administrator to check the connection’s base URL. Your message is safe."),
        _("Check the connection’s base URL: something else answered there."),
        way="connections",
    ),
    ErrorKind.EMPTY_ANSWER: Sentence(
        _("{model} sent an empty reply"),
        _("Retry, or choose another model. Your message is safe."),
        way="models",
    ),
    ErrorKind.INTERNAL: Sentence(
        _("Something went wrong on our side"),
        _(
            "What arrived is kept. Try again; if it happens again, tell your administrator: the "
            "server’s log says why. Your message is safe."
        ),
    ),
    PICTURE_TOO_LARGE: Sentence(
        _("The image is too large"),
        _("Ask for a smaller image, or choose another model. Your message is safe."),
        way="models",
    ),
    NOT_ACCEPTED: Sentence(
        _("“{connection}” did not accept the request"),
        _(
            "It returned status {status}; its message is below. Change the parameters, or "
            "choose another model. Your message is safe."
        ),
        way="models",
    ),
    NO_CONNECTION: Sentence(
        _("“{connection}” was removed"),
        _("Retry to use another connection that offers {model}."),
        way="models",
    ),
    UNDECRYPTABLE: Sentence(
        _("The key for “{connection}” can’t be decrypted"),
        _("Ask an administrator to enter the key again. Your message is safe."),
        _("The server’s encryption key has changed. Enter the key again. Your message is safe."),
        way="connections",
    ),
}
UNKNOWN = Sentence(
    _("No reply"),
    _("Retry in a moment; if that does not help, tell an administrator. Your message is safe."),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence with its values, for one reader."""

    title: str
    text: str
    way: str


def reason_of(run: Generation) -> str:
    """Return the reason that explains a failed run: its error_kind, or a more specific one."""
    if run.error_kind == ErrorKind.UPSTREAM_BROKEN and 400 <= (run.error_status or 0) < 500:
        return NOT_ACCEPTED
    if run.error_kind == ErrorKind.PARAMETER_REFUSED and not refused_parameter(run):
        return NOT_ACCEPTED
    if run.error_kind == ErrorKind.TOO_LARGE and run.model and run.model.makes_images:
        return PICTURE_TOO_LARGE
    if run.error_kind == ErrorKind.KEY_REFUSED and not run.error_status and not run.error_detail:
        # An upstream that refuses a key gives a status or a message, so this was not sent.
        return UNDECRYPTABLE
    leads_to_connection = SENTENCES.get(run.error_kind, UNKNOWN).way == "connections"
    return NO_CONNECTION if leads_to_connection and run.connection_id is None else run.error_kind


def refused_parameter(run: Generation) -> str:
    """Return the parameter that the upstream refused; "" if it is not one that was set."""
    if run.error_kind != ErrorKind.PARAMETER_REFUSED:
        return ""
    return next((name for name in named_in(run.error_detail) if name in run.parameters), "")


def explain(
    reason: str,
    *,
    model: str,
    connection: str,
    manages: bool,
    status: int | None = None,
    parameter: str = "",
) -> Explanation:
    """Return the explanation of a reason. ``manages``: the reader may change the connection."""
    sentence = SENTENCES.get(reason, UNKNOWN)
    text = (sentence.text_for_managers if manages else "") or sentence.text
    fill = {
        "model": _BIDI_CONTROLS.sub("", model),
        "connection": _BIDI_CONTROLS.sub("", connection) or str(_("The connection")),
        "status": status,
        "parameter": parameter,
    }
    return Explanation(
        str(sentence.title).format(**fill),
        str(text).format(**fill),
        sentence.way if manages or sentence.way != "connections" else "",
    )
