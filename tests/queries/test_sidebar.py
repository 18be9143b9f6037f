from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from conversations.models import Conversation, User
from conversations.queries import sidebar
from tests.branches import conversation_of, last_run

NOW = timezone.now


@pytest.fixture(autouse=True)
def _own_zone() -> Iterator[None]:
    with timezone.override(zoneinfo.ZoneInfo("UTC")):
        yield


def titles(page: sidebar.SidebarPage) -> list[str]:
    return [row.conversation.title for group in page.groups for row in group.rows]


def test_last_active_first_without_the_deleted_and_the_strangers(alice: User, bob: User) -> None:
    for hours, title in ((3, "Old"), (1, "New"), (2, "Middle")):
        active_at = NOW() - datetime.timedelta(hours=hours)
        conversation_of(alice, pairs=0, title=title, active_at=active_at)
    conversation_of(alice, pairs=0, title="Deleted", deleted_at=NOW())
    conversation_of(bob, pairs=0, title="Bob's")
    assert titles(sidebar.page(alice)) == ["New", "Middle", "Old"]


def test_pages_by_key_meet_even_at_one_moment(alice: User) -> None:
    moment = NOW()
    for number in range(10):
        conversation_of(alice, pairs=0, title=str(number), active_at=moment)
    seen, page = [], sidebar.page(alice, limit=4)
    while True:
        seen += titles(page)
        if page.last is None:
            break
        page = sidebar.page(alice, before=page.last, limit=4)
    assert sorted(seen) == sorted(str(number) for number in range(10))
    assert len(seen) == len(set(seen))


def test_tells_which_answer_and_which_are_unread(alice: User) -> None:
    answering = conversation_of(alice, title="Answering")
    run = last_run(answering)
    run.status = "running"
    run.save()
    conversation_of(alice, title="Unread", answered_at=NOW())
    conversation_of(alice, title="Read", answered_at=NOW(), read_at=NOW())
    rows = {
        row.conversation.title: (row.is_answering, row.is_unread)
        for group in sidebar.page(alice).groups
        for row in group.rows
    }
    assert rows == {"Answering": (True, False), "Unread": (False, True), "Read": (False, False)}


@pytest.mark.parametrize("count", [10, 20])
def test_costs_two_queries_for_any_number(alice: User, count: int) -> None:
    for number in range(count):
        conversation_of(alice, pairs=1, title=str(number))
    with CaptureQueriesContext(connection) as queries:
        sidebar.page(alice)
    assert len(queries) == 2


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2026-03-30", "today"),
        ("2026-03-31", "today"),  # a clock that is fast
        ("2026-03-29", "yesterday"),
        ("2026-03-28", "week"),
        ("2026-03-23", "week"),
        ("2026-03-22", "2026-03"),
        ("2025-12-31", "2025-12"),
    ],
)
def test_groups_of_days(day: str, key: str) -> None:
    today = datetime.date(2026, 3, 30)
    assert sidebar.group_key(datetime.date.fromisoformat(day), today) == key


@pytest.mark.parametrize(
    ("zone", "moment", "now", "key"),
    [
        # The same moment is yesterday in Shanghai and today in New York.
        ("Asia/Shanghai", "2026-11-23T15:00Z", "2026-11-23T17:00Z", "yesterday"),
        ("America/New_York", "2026-11-23T15:00Z", "2026-11-23T17:00Z", "today"),
        # In Berlin 29 March 2026 has 23 hours, because clocks go forward.
        ("Europe/Berlin", "2026-03-28T22:30Z", "2026-03-29T21:30Z", "yesterday"),
        ("Europe/Berlin", "2026-03-28T23:30Z", "2026-03-29T21:30Z", "today"),
        # There 25 October has 25 hours, because clocks go back.
        ("Europe/Berlin", "2026-10-24T22:30Z", "2026-10-25T22:30Z", "today"),
        ("Europe/Berlin", "2026-10-24T21:30Z", "2026-10-25T22:30Z", "yesterday"),
    ],
)
def test_days_are_those_of_the_persons_zone(zone: str, moment: str, now: str, key: str) -> None:
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        day, today = (
            timezone.localdate(datetime.datetime.fromisoformat(text)) for text in (moment, now)
        )
    assert sidebar.group_key(day, today) == key


def test_labels_in_both_languages() -> None:
    today = datetime.date(2026, 11, 24)
    assert sidebar.group_label("week", today) == "Previous 7 days"
    assert sidebar.group_label("2026-10", today) == "October"
    assert sidebar.group_label("2025-10", today) == "October 2025"
    with translation.override("zh-hans"):
        assert sidebar.group_label("2026-10", today) == "十月"
        assert sidebar.group_label("2025-10", today) == "2025年10月"


def test_a_row_is_of_the_group_of_its_day(alice: User) -> None:
    Conversation.objects.create(owner=alice, title="Now")
    Conversation.objects.create(
        owner=alice, title="Before", active_at=NOW() - datetime.timedelta(days=3)
    )
    assert [group.key for group in sidebar.page(alice).groups] == ["today", "week"]
