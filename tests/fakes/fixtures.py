"""Fixtures of the fakes, which tests/conftest.py loads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.upstream import FakeUpstream


@pytest.fixture
def fake_upstream() -> Iterator[FakeUpstream]:
    """A running fake upstream, stopped after the test."""
    with FakeUpstream() as fake:
        yield fake
