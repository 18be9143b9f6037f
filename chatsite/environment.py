"""The environment as the settings read it: plain values, files, lists and networks."""

from __future__ import annotations

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

from conversations.network.ip_networks import Network, parse_network


class FileValues(FileAwareMapping):
    """The environment, in which NAME_FILE names a file with the value of NAME."""

    def __getitem__(self, key: str) -> str:
        """Return the value; of a file without one line end at its end.

        Raises ImproperlyConfigured, with the name of the variable, for a file that cannot be read.
        """
        path: str | None = self.env.get(f"{key}_FILE")
        if not path:
            value: str = self.env[key]
            return value
        try:
            # In text mode each kind of line end is read as a line feed.
            return Path(path).read_text(encoding="utf-8").removesuffix("\n")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            message = f"{key}_FILE names {path}, which cannot be read: {reason}."
            raise ImproperlyConfigured(message) from error


class Environment(environ.FileAwareEnv):
    """The source of the settings' values."""

    ENVIRON = FileValues()

    def entries(self, name: str) -> list[str]:
        """Return the parts between commas without white space around them; no empty ones."""
        return [part for text in self.list(name, default=[]) if (part := text.strip())]

    def networks(self, name: str) -> tuple[Network, ...]:
        """Return the networks listed. Raises ImproperlyConfigured for an entry that is none."""
        return tuple(_network(name, entry) for entry in self.entries(name))


def _network(name: str, entry: str) -> Network:
    try:
        return parse_network(entry)
    except ValueError as error:
        message = (
            f"{name} has {entry!r}, which is neither an IP address nor a network. Write, for "
            "example, 10.0.0.1 or 172.16.0.0/12, with commas between several."
        )
        raise ImproperlyConfigured(message) from error
