"""A sentence for each result of a connection test: what happened, and who must do what."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.actions.connections import leads_to_sign_in
from conversations.models import Connection
from conversations.upstream.errors import ErrorKind
from conversations.upstream.verification import Verification, VerificationKind

UNREADABLE = _(
    "The stored key can’t be decrypted: the server’s encryption key has changed. "
    "Enter the key again."
)
NO_MODEL = _(
    "This connection serves no enabled chat model: there is nothing to test it with. Change its "
    "list of models."
)
SIGN_IN_ADDRESS = _(
    "This is where people sign in and create keys. The API is at https://api.agentpivot.ai."
)
SENTENCES: dict[str, str | Promise] = {
    VerificationKind.OK: _("Reached in {ms} ms. {model} answered."),
    VerificationKind.KEY_REFUSED: _(
        "The server refused the key, with either header. Replace the key."
    ),
    VerificationKind.MODEL_REFUSED: _(
        "The key works, but the server refused {model}. Test with another model, or ask your "
        "provider for this one."
    ),
    VerificationKind.NOT_AN_API: _("Something answered, but it is not an API. Check the base URL."),
    VerificationKind.UNREACHABLE: _(
        "The server cannot be reached. Check the spelling of the base URL and the network."
    ),
    VerificationKind.RATE_LIMITED: _(
        "The key works, but the server asks for a pause. Wait a minute, then test again."
    ),
    VerificationKind.OTHER: _(
        "The server had an error. Try again in a moment. If it keeps happening, ask your provider."
    ),
}
# These are more specific than the kind: an error of upstream/errors.py, or a code of an address.
CLOSER: dict[str, str | Promise] = {
    ErrorKind.KEY_EXPIRED: _(
        "The server refused the key: it has expired. Get a new one and replace it."
    ),
    ErrorKind.QUOTA_SPENT: _(
        "The key works, but its quota is used up. Raise it where the key comes from."
    ),
    ErrorKind.TIMED_OUT: _("No response in 30 seconds. Try again, or check the base URL."),
    "not_public": _(
        "This host is not on the public internet. Ask an administrator for a team connection."
    ),
    "https_required": _("Your own connections need an address that begins with https://."),
    "bad_host": _("The address has no valid host name. Check the base URL."),
}


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a test; ``detail`` is the server's message without the key."""

    connection: str
    model: str
    is_ok: bool
    sentence: str
    detail: str
    can_switch: bool
    tested_at: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)


def report(result: Verification | None, *, connection: Connection, model: str) -> Report:
    """Return the report of a test; ``result`` is None if the key could not be decrypted."""
    can_switch = _is_wrong_address(result, connection)
    return Report(
        connection=str(connection.pk),
        model=model,
        is_ok=result is not None and result.kind == VerificationKind.OK,
        sentence=str(SIGN_IN_ADDRESS) if can_switch else sentence(result, model=model),
        detail=_detail(result),
        can_switch=can_switch,
        tested_at=timezone.now().isoformat(),
    )


def no_model(connection: Connection) -> Report:
    """Return the report for a connection that serves no model to test it with."""
    return Report(
        connection=str(connection.pk),
        model="",
        is_ok=False,
        sentence=str(NO_MODEL),
        detail="",
        can_switch=False,
        tested_at=timezone.now().isoformat(),
    )


def sentence(result: Verification | None, *, model: str) -> str:
    """Return what happened and who must act. ``model`` is the name that was requested."""
    if result is None:
        return str(UNREADABLE)
    closer = CLOSER.get(result.reason) or CLOSER.get(result.error or "")
    text = closer or SENTENCES[result.kind]
    return str(text).format(ms=result.elapsed_ms, model=result.model or model)


def _is_wrong_address(result: Verification | None, connection: Connection) -> bool:
    if result is None or connection.is_managed or not leads_to_sign_in(connection):
        return False
    return result.looks_like_website or result.kind == VerificationKind.NOT_AN_API


def _detail(result: Verification | None) -> str:
    if result is None or result.kind == VerificationKind.OK:
        return ""
    status = gettext("Status %(status)s") % {"status": result.status} if result.status else ""
    return " · ".join(filter(None, [status, result.detail]))
