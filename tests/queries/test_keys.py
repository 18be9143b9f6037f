from __future__ import annotations

import datetime
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.queries.keys import Key

MOMENTS = st.datetimes(
    min_value=datetime.datetime(1971, 1, 1),  # noqa: DTZ001 (hypothesis wants it so)
    timezones=st.just(datetime.UTC),
)


@given(MOMENTS, st.uuids())
def test_what_is_written_is_read(moment: datetime.datetime, row_id: uuid.UUID) -> None:
    assert Key.parse(str(Key(moment, row_id))) == Key(moment, row_id)


@pytest.mark.parametrize("text", ["", "x", "12", "12-", f"-{uuid.UUID(int=1)}", "1" * 40 + "-0"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not the key"):
        Key.parse(text)
