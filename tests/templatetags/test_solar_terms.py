from __future__ import annotations

import datetime

import pytest

from conversations.templatetags.solar_terms import CHINA, TERMS, solar_term, sun_longitude

DAY = datetime.timedelta(days=1)

# Taken from calendars. In most of them the sun reaches its longitude within minutes of midnight.
KNOWN = [
    ("2020-08-22", "处暑"),  # 23:45
    ("2020-12-07", "大雪"),  # 00:09
    ("2021-02-03", "立春"),
    ("2021-12-21", "冬至"),  # 23:59
    ("2022-06-06", "芒种"),  # 00:26
    ("2024-02-04", "立春"),
    ("2024-03-20", "春分"),
    ("2024-12-06", "大雪"),  # 23:17
    ("2025-02-03", "立春"),
    ("2026-02-18", "雨水"),  # 23:52
    ("2026-04-05", "清明"),
    ("2026-06-05", "芒种"),  # 23:48
    ("2026-11-22", "小雪"),
    ("2026-12-22", "冬至"),
]


@pytest.mark.parametrize(("day", "han"), KNOWN)
def test_begins_on_the_day_that_calendars_say(day: str, han: str) -> None:
    first = datetime.date.fromisoformat(day)
    assert solar_term(first)["han"] == han
    assert solar_term(first - DAY)["han"] != han
    assert solar_term(first + DAY)["han"] == han


@pytest.mark.parametrize("year", range(2020, 2036))
def test_each_year_has_all_in_their_order(year: int) -> None:
    days = [datetime.date(year, 1, 1) + DAY * n for n in range(365)]
    names = [solar_term(day)["han"] for day in days]
    changes = [name for before, name in zip([None, *names], names, strict=False) if name != before]
    han = [term[1] for term in TERMS]
    start = han.index("冬至")
    assert changes == [*han[start:], *han[: start + 1]]


def test_the_sun_stands_where_meeus_says() -> None:
    """Example 25.a: 1992 October 13, 0h TD; the apparent longitude is 199.90895°."""
    moment = datetime.datetime(1992, 10, 13, 8, tzinfo=CHINA) - datetime.timedelta(seconds=72)
    assert sun_longitude(moment) == pytest.approx(199.90895, abs=1e-4)
