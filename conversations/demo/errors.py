"""What the demo refuses, in the OpenAI error form: {"error": {"message", "type", "code"}}."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class ApiError(Exception):
    """An answer with an HTTP error status. `headers` are sent with it."""

    def __init__(
        self,
        *,
        status: int,
        message: str,
        code: str,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.kind = kind
        self.headers = headers

    def body(self) -> dict[str, object]:
        """The JSON body."""
        return {
            "error": {
                "message": self.message,
                "type": self.kind,
                "param": None,
                "code": self.code,
            }
        }
