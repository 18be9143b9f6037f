"""The base URL and key of a connection as users enter them, normalised."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import unicodedata
from datetime import UTC, datetime
from typing import cast
from urllib.parse import SplitResult, urlsplit

import idna

from conversations.upstream.json_text import BadJSONError, load

MAX_KEY_BYTES = 8 * 1024
MAX_URL_LENGTH = 2000
_PREFIX = re.compile(
    r"""^["'`“”]*(?:authorization\s*[:=]\s*)?(?:bearer(?:\s*:\s*|\s+|$)|x-api-key\s*[:=]\s*)?""",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):(?=//|[^0-9])", re.IGNORECASE)
_LABEL = re.compile(r"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$")


class InputError(ValueError):
    """A base URL or key that cannot be used; `code` says why, the caller finds the words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalise_base_url(text: str) -> str:
    """Return the base URL that `/v1/chat/completions` is appended to, without a final slash.

    Accepts it with or without a scheme (https is meant), a final `/`, `/v1` or
    `/v1/chat/completions`, and keeps a path before these.
    Raises `InputError`: url_empty, url_too_long, url_scheme, url_userinfo, url_query,
    url_fragment, url_host, url_port, url_invalid.
    """
    url = _split(text)
    host = _host(url)
    try:
        port = url.port
    except ValueError:
        raise InputError("url_port") from None
    if port == {"http": 80, "https": 443}[url.scheme]:
        port = None
    path = re.sub(r"/{2,}", "/", url.path).rstrip("/")
    for ending in ("/chat/completions", "/v1"):
        if path.lower().endswith(ending):
            path = path[: -len(ending)].rstrip("/")
    return f"{url.scheme}://{host}{'' if port is None else f':{port}'}{path}"


def clean_key(text: str) -> str:
    """Return a pasted key or token without white space, quotes and the header's name.

    Raises `InputError`: key_empty, key_too_long (over 8 KB), key_characters (only visible ASCII
    can stand in a header).
    """
    key = _PREFIX.sub("", _INVISIBLE.sub(" ", text).strip())
    key = _INVISIBLE.sub("", key).strip("\"'`“”")
    if not key:
        raise InputError("key_empty")
    if len(key) > MAX_KEY_BYTES:
        raise InputError("key_too_long")
    if not all("!" <= character <= "~" for character in key):
        raise InputError("key_characters")
    return key


def jwt_expiry(token: str) -> datetime | None:
    """Return when a JWT expires (`exp`, RFC 7519), or None if it is no JWT or says nothing."""
    segments = token.split(".")
    if len(segments) != 3:
        return None
    claims = segments[1]
    try:
        document = load(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        expiry = cast("dict[str, object]", document).get("exp")
        if isinstance(expiry, bool) or not isinstance(expiry, int | float):
            return None
        return datetime.fromtimestamp(expiry, UTC)
    except (binascii.Error, BadJSONError, AttributeError, ValueError, OverflowError, OSError):
        return None


def _split(text: str) -> SplitResult:
    """Return the URL's pieces, with what a base URL may not hold refused."""
    text = text.strip().strip("\ufeff\u200b")
    if not text:
        raise InputError("url_empty")
    if len(text) > MAX_URL_LENGTH:
        raise InputError("url_too_long")
    if "\\" in text or any(character.isspace() or character < " " for character in text):
        raise InputError("url_invalid")
    scheme = _SCHEME.match(text)
    if scheme is None:
        text = f"https://{text.lstrip('/')}"
    elif scheme[1].lower() not in {"http", "https"} and not _is_host_and_port(text):
        raise InputError("url_scheme")
    try:
        url = urlsplit(text)
    except ValueError:
        raise InputError("url_invalid") from None
    return _without_extras(text, url)


def _is_host_and_port(text: str) -> bool:
    return re.match(r"^[a-z0-9.-]+:[0-9]+(/|$)", text, re.IGNORECASE) is not None


def _without_extras(text: str, url: SplitResult) -> SplitResult:
    if "@" in url.netloc:
        raise InputError("url_userinfo")
    if "?" in text:
        raise InputError("url_query")
    if "#" in text:
        raise InputError("url_fragment")
    if not url.hostname:
        raise InputError("url_host")
    return url


def _host(url: SplitResult) -> str:
    """Return the host in ASCII and lower case; an IPv6 address in brackets."""
    host = unicodedata.normalize("NFKC", url.hostname or "").lower().rstrip(".")
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError:
            raise InputError("url_host") from None
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise InputError("url_host") from None
    if len(host) > 253 or not all(_LABEL.match(label) for label in host.split(".")):
        raise InputError("url_host")
    return host
