"""The base class of the refusals that actions raise and users are told about."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - an expected outcome, not a fault
    """An action that was not carried out, for a reason that its user can act on.

    ``status`` is the HTTP status of the response, ``code`` what scripts know the reason by. Each
    subclass has its sentence in views/display/refusal_sentences.py.
    """

    status: int = 409
    code: str
