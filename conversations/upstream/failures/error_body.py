"""Reading of error bodies in any form: OpenAI's, FastAPI's, a string, HTML, nothing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

from conversations.upstream.answer.text_cleaner import clean
from conversations.upstream.json_text import BadJSONError, load

_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_INVISIBLE_ELEMENT = re.compile(r"<(script|style)\b.*?(?:</\1>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_MAX_HTML = 16 * 1024


Form = Literal["empty", "html", "text", "json", "completion"]


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The message, and the machine-readable codes (code, type, param) in lower case."""

    message: str = ""
    codes: tuple[str, ...] = ()
    status: int | None = None
    form: Form = "json"
    is_error: bool = False

    @property
    def words(self) -> str:
        """Everything it says, for the rules that look for phrases."""
        return " ".join([*self.codes, self.message.lower()])


def read(body: bytes | str) -> ErrorBody:
    """Read an error body; never raises."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    text = text.lstrip("\ufeff").strip()
    if text.startswith("<"):
        return ErrorBody(message=_html_text(text[:_MAX_HTML]), form="html")
    try:
        document = load(text)
    except BadJSONError:
        return ErrorBody(message=clean(text), form="text" if text else "empty")
    return read_document(document)


def read_document(document: object) -> ErrorBody:
    """Read an error that is already parsed."""
    if isinstance(document, list) and document:
        document = document[0]
    if not isinstance(document, dict):
        words = clean(document) if isinstance(document, str) else ""
        return ErrorBody(message=words, is_error=bool(words))
    error = document.get("error") or document.get("errors") or document.get("detail")
    fields = error[0] if isinstance(error, list) and error else error
    if not isinstance(fields, dict):
        fields = {**document, "message": _message_beside(document, error)}
    message = fields.get("message") or fields.get("msg") or fields.get("detail")
    codes = [fields.get(name) for name in ("code", "type", "status")]
    return ErrorBody(
        message=clean(_with_place(message, fields)),
        codes=tuple(code.lower() for code in codes if isinstance(code, str)),
        status=_status(codes),
        form="completion" if "choices" in document else "json",
        is_error=bool(error) or ("choices" not in document and isinstance(message, str)),
    )


def _message_beside(document: dict[str, object], error: object) -> str:
    """Join `{"error": "TypeError", "message": "…"}` to one sentence."""
    both = [value for value in (error, document.get("message")) if isinstance(value, str)]
    return ": ".join(dict.fromkeys(both))


def _with_place(message: object, fields: dict[str, object]) -> str:
    """Return the message; FastAPI (`loc`) and OpenAI (`param`) name the field beside it."""
    text = message if isinstance(message, str) else ""
    place = fields.get("loc") or fields.get("param")
    if isinstance(place, list):
        place = ".".join(str(step) for step in place[:10])
    if isinstance(place, str) and text and place not in text:
        return f"{place[:200]}: {text}"
    return text


def _status(codes: list[object]) -> int | None:
    """Return the HTTP status that an error object carries as its code, number or string."""
    for code in codes:
        number = int(code) if isinstance(code, str) and re.fullmatch("[45][0-9]{2}", code) else code
        if isinstance(number, int) and 400 <= number <= 599:
            return number
    return None


def _html_text(page: str) -> str:
    """Return a page's title, or failing that its text."""
    title = _TITLE.search(page)
    text = title[1] if title else _TAG.sub(" ", _INVISIBLE_ELEMENT.sub(" ", page))
    return clean(" ".join(html.unescape(text).split()))
