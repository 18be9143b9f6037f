"""The installation's own settings for a server of the tests, with the URLs of tests/urls.py."""

from __future__ import annotations

from chatsite.settings import *  # noqa: F403

ROOT_URLCONF = "tests.urls"
